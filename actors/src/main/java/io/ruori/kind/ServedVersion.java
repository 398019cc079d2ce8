package io.ruori.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A further group and version that a kind is served in, beside the one it is stored in. All versions are one object: one key,
 * one revision, one journal record. What is asked for in this version is converted when it is read or written.
 *
 * @param schemaName the definition, such as {@code io.k8s.api.events.v1.Event}
 * @param fields what field selectors of this version may name, and how the stored version calls it
 * @param differences what else this version does differently, told to a copy of the kind's own builder. Rules of its own see
 *     objects in this version, and so do columns and sub-resources of its own; without them the stored version's see stored
 *     objects
 */
public record ServedVersion(
        String group,
        String version,
        String schemaName,
        Conversion conversion,
        Map<String, String> fields,
        UnaryOperator<KindBuilder> differences) {

    /**
     * Two pure functions between a version and the stored one. Results may share parts with what they were made of, which is
     * given up by that; {@code apiVersion} is set by the caller.
     *
     * @param renames whether fields have other names or places than in the stored version
     */
    public record Conversion(
            UnaryOperator<ObjectNode> fromStored, UnaryOperator<ObjectNode> toStored, boolean renames) {
        /** Versions that differ by their name alone. */
        public static final Conversion NONE = shown(UnaryOperator.identity());

        public Conversion(UnaryOperator<ObjectNode> fromStored, UnaryOperator<ObjectNode> toStored) {
            this(fromStored, toStored, true);
        }

        /** Versions with the same fields, of which one is completed when it is read. */
        public static Conversion shown(UnaryOperator<ObjectNode> completed) {
            return new Conversion(completed, UnaryOperator.identity(), false);
        }
    }

    /** A version that differs by its schema and shape alone. */
    public static ServedVersion of(String group, String version, String schemaName, Conversion conversion) {
        return new ServedVersion(group, version, schemaName, conversion, Map.of(), UnaryOperator.identity());
    }

    public ServedVersion selectable(Map<String, String> storedNames) {
        return new ServedVersion(group, version, schemaName, conversion, storedNames, differences);
    }

    public ServedVersion differingBy(UnaryOperator<KindBuilder> told) {
        return new ServedVersion(group, version, schemaName, conversion, fields, told);
    }
}
