package io.ruori.api;

/**
 * What a kind is stored under: its API group ({@code ""} for core) and plural resource name. It has no version, since an
 * object is one thing whatever version it is read in.
 */
public record KindName(String group, String resource) implements Comparable<KindName> {

    public static KindName core(String resource) {
        return new KindName("", resource);
    }

    /** As in an error message: {@code pods} or {@code deployments.apps}. */
    public String qualified() {
        return group.isEmpty() ? resource : resource + "." + group;
    }

    @Override
    public int compareTo(KindName other) {
        int byGroup = group.compareTo(other.group);
        return byGroup != 0 ? byGroup : resource.compareTo(other.resource);
    }

    @Override
    public String toString() {
        return qualified();
    }
}
