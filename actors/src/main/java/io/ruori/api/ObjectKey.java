package io.ruori.api;

/**
 * The identity of an object: one key, one entity, one history. The namespace is empty for cluster-scoped kinds. Keys sort
 * by kind, namespace and name, the order in which lists are answered.
 */
public record ObjectKey(KindName kind, String namespace, String name) implements Comparable<ObjectKey> {

    public static ObjectKey of(KindName kind, String namespace, String name) {
        return new ObjectKey(kind, namespace, name);
    }

    /** The id of the object's entity, and the key of its history: {@code group/resource/namespace/name}. */
    public String entityId() {
        return kind.group() + '/' + kind.resource() + '/' + namespace + '/' + name;
    }

    /** The reverse of {@link #entityId()}. Names cannot contain a slash, so the split is exact. */
    public static ObjectKey parse(String entityId) {
        String[] parts = entityId.split("/", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not an object's entity id: " + entityId);
        }
        return new ObjectKey(new KindName(parts[0], parts[1]), parts[2], parts[3]);
    }

    @Override
    public int compareTo(ObjectKey other) {
        int byKind = kind.compareTo(other.kind);
        if (byKind != 0) {
            return byKind;
        }
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return entityId();
    }
}
