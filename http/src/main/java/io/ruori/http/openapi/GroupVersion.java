package io.ruori.http.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An API group and version; the core group is empty. */
public record GroupVersion(String group, String version) implements Comparable<GroupVersion> {

    /** {@code api/v1} or {@code apis/apps/v1}. */
    public String path() {
        return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
    }

    /** {@code AppsV1}, {@code CoreV1}, {@code RbacAuthorizationV1}: how operation ids name it. */
    String title() {
        StringBuilder title = new StringBuilder();
        words().forEach(word -> title.append(capital(word)));
        return title.append(capital(version)).toString();
    }

    /** {@code apps_v1}, {@code rbacAuthorization_v1}. */
    String tag() {
        return groupTag() + "_" + version;
    }

    /** {@code apps}, {@code rbacAuthorization}. */
    String groupTag() {
        List<String> words = words();
        StringBuilder tag = new StringBuilder(words.getFirst());
        words.stream().skip(1).forEach(word -> tag.append(capital(word)));
        return tag.toString();
    }

    private List<String> words() {
        if (group.isEmpty()) {
            return List.of("core");
        }
        String bare = group.endsWith(".k8s.io") ? group.substring(0, group.length() - ".k8s.io".length()) : group;
        return new ArrayList<>(List.of(bare.split("[.-]")));
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    @Override
    public int compareTo(GroupVersion other) {
        return path().compareTo(other.path());
    }
}
