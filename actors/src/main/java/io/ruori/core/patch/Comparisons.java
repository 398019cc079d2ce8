package io.ruori.core.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.patch.Versions.Version;
import java.util.HashMap;
import java.util.Map;

/** What a write changed, in the words of each version that somebody owns fields in. Each is compared once, when asked for. */
final class Comparisons {
    private final Versions versions;
    private final ObjectNode before;
    private final ObjectNode after;
    private final Map<String, FieldComparison> made = new HashMap<>();

    /**
     * @param before as stored
     * @param after as stored
     */
    Comparisons(Versions versions, ObjectNode before, ObjectNode after) {
        this.versions = versions;
        this.before = before;
        this.after = after;
    }

    FieldComparison in(String apiVersion) {
        Version version = versions.of(apiVersion);
        FieldComparison known = made.get(version.apiVersion());
        if (known == null) {
            known = FieldComparison.of(
                    version.shown(before), version.shown(after), version.schema(), version.schemas());
            made.put(version.apiVersion(), known);
        }
        return known;
    }
}
