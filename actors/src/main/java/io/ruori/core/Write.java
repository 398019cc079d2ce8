package io.ruori.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import org.jspecify.annotations.Nullable;

/** What somebody wants done to one object. Bodies are the receiver's to change. */
public sealed interface Write {

    /** How unknown fields are met: {@code fieldValidation} of the request. */
    enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    /** The encodings of a patch. */
    enum PatchType {
        JSON,
        MERGE,
        STRATEGIC,
        APPLY
    }

    /**
     * Refuses the write unless the object is this one, or still this one.
     *
     * @param uid null: any
     * @param revision null: any
     */
    record Precondition(@Nullable Uid uid, @Nullable Revision revision) {
        public static final Precondition NONE = new Precondition(null, null);
    }

    record Create(ObjectNode body, FieldValidation validation) implements Write {}

    /** PUT. A revision in the body's metadata is a precondition. */
    record Replace(ObjectNode body, String subresource, FieldValidation validation) implements Write {}

    /**
     * PATCH.
     *
     * @param force for apply: take fields from other managers
     */
    record Patch(
            PatchType type,
            JsonNode patch,
            String subresource,
            boolean force,
            Precondition precondition,
            FieldValidation validation)
            implements Write {}

    /**
     * DELETE.
     *
     * @param graceSeconds -1 where the client did not say
     * @param propagation {@code Background}, {@code Foreground}, {@code Orphan}, or empty for the kind's default
     */
    record Delete(long graceSeconds, String propagation, Precondition precondition) implements Write {}
}
