package io.ruori.core.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a kind as ownership of fields sees them: a manager owns fields by the names of the version it wrote in, so
 * whether it lost one is found out in that version.
 *
 * @param all the stored one first
 */
public record Versions(List<Version> all) {

    /**
     * One of them.
     *
     * @param fromStored null for the stored version
     * @param renames whether fields have other names or places than in the stored version
     */
    public record Version(
            String apiVersion,
            Struct schema,
            Schemas schemas,
            @Nullable UnaryOperator<ObjectNode> fromStored,
            @Nullable UnaryOperator<ObjectNode> toStored,
            boolean renames) {

        /** A stored object in this version; the argument stays as it is. */
        ObjectNode shown(ObjectNode stored) {
            return fromStored == null ? stored : fromStored.apply(copy(stored));
        }

        /** An object of this version as it is stored; the argument stays as it is. */
        ObjectNode stored(ObjectNode shown) {
            return toStored == null ? shown : toStored.apply(copy(shown));
        }

        private ObjectNode copy(ObjectNode tree) {
            return renames ? tree.deepCopy() : JsonValues.copyOf(tree);
        }
    }

    /** Of a kind that has one version, or whose versions need no telling apart. */
    public static Versions only(Struct schema, Schemas schemas) {
        return new Versions(List.of(new Version("", schema, schemas, null, null, false)));
    }

    /** Entries may name versions that are no more: their fields are looked at as the stored version's. */
    Version of(String apiVersion) {
        for (Version version : all) {
            if (version.apiVersion.equals(apiVersion)) {
                return version;
            }
        }
        return all.getFirst();
    }
}
