package io.ruori.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants done to one object. Bodies are the receiver's to change. Those that have one say in which version of the
 * kind it is ({@code events.k8s.io/v1}); empty is the stored one, in which the cluster's own parts write.
 */
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

    record Create(ObjectNode body, FieldValidation validation, String apiVersion) implements Write {
        public Create(ObjectNode body, FieldValidation validation) {
            this(body, validation, "");
        }
    }

    /** PUT. A revision in the body's metadata is a precondition. */
    record Replace(ObjectNode body, String subresource, FieldValidation validation, String apiVersion)
            implements Write {
        public Replace(ObjectNode body, String subresource, FieldValidation validation) {
            this(body, subresource, validation, "");
        }
    }

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
            FieldValidation validation,
            String apiVersion)
            implements Write {
        public Patch(
                PatchType type,
                JsonNode patch,
                String subresource,
                boolean force,
                Precondition precondition,
                FieldValidation validation) {
            this(type, patch, subresource, force, precondition, validation, "");
        }
    }

    /**
     * DELETE.
     *
     * @param graceSeconds -1 where the client did not say
     * @param propagation {@code Background}, {@code Foreground}, {@code Orphan}, or empty for the kind's default
     */
    record Delete(long graceSeconds, String propagation, Precondition precondition) implements Write {}
}
