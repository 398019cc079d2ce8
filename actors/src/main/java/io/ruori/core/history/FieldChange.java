package io.ruori.core.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ruori.api.KindName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A leaf that differs between two versions of an object.
 *
 * @param before null where it was not set
 * @param after null where it is not set any more
 */
public record FieldChange(
        String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    private static final KindName SECRETS = KindName.core("secrets");

    /** What differs between the leaves of two versions, by path. */
    public static List<FieldChange> between(Map<String, JsonNode> before, Map<String, JsonNode> after) {
        TreeSet<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        List<FieldChange> changes = new ArrayList<>();
        for (String path : paths) {
            JsonNode old = before.get(path);
            JsonNode now = after.get(path);
            boolean differs = old == null ? now != null : !old.equals(now);
            if (differs && !isFilledOrEmptied(path, old, after) && !isFilledOrEmptied(path, now, before)) {
                changes.add(new FieldChange(path, old, now));
            }
        }
        return changes;
    }

    /** An empty map that got fields is told by its fields. */
    private static boolean isFilledOrEmptied(String path, @Nullable JsonNode here, Map<String, JsonNode> other) {
        return here != null
                && here.isContainerNode()
                && here.isEmpty()
                && other.keySet().stream().anyMatch(p -> p.startsWith(path + ".") || p.startsWith(path + "["));
    }

    public boolean isAdded() {
        return before == null;
    }

    public boolean isRemoved() {
        return after == null;
    }

    /**
     * Whether it only counts or reports, as most changes do: nothing was decided, started, stopped or lost.
     */
    public boolean isReport() {
        boolean tells = path.equals("status.phase") || path.endsWith(".restartCount");
        return (path.startsWith("status.") || path.equals("status")) && !tells;
    }

    /** Fit to be shown: values of Secrets are not, as in {@code kubectl diff}. */
    public FieldChange shown(KindName of) {
        return isSecret(of, path)
                ? new FieldChange(
                        path,
                        before == null ? null : TextNode.valueOf("*** (before)"),
                        after == null ? null : TextNode.valueOf("*** (after)"))
                : this;
    }

    /** Whether a leaf's value is for those alone who read the object itself. */
    public static boolean isSecret(KindName of, String path) {
        return of.equals(SECRETS)
                && (path.startsWith("data.")
                        || path.startsWith("data[")
                        || path.startsWith("stringData.")
                        || path.startsWith("stringData["));
    }
}
