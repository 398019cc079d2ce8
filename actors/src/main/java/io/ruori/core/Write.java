package io.ruori.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.core.admission.Grant;
import java.time.Instant;
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

    /** A change of the cluster's own making. Of an object's status, as field owners see it. */
    record Own(Deed deed, Precondition precondition) implements Write {}

    /**
     * A write for which something was promised elsewhere: it is done to the object that was looked at, and while the promise
     * holds, or not at all (409).
     *
     * @param basis the revision of the object that was looked at, or that it was deleted at; zero for one that never was
     * @param until after this moment by the receiver's clock the promise may have been taken back
     * @param grant what it was promised, where that is to be written into the object
     */
    record Promised(Write write, Revision basis, Instant until, Grant grant) implements Write {
        public Promised(Write write, Revision basis, Instant until) {
            this(write, basis, until, Grant.NONE);
        }
    }

    /** Whether a client makes or changes the object itself: neither a part of it nor its end. */
    default boolean isOfObject() {
        return switch (this) {
            case Create create -> true;
            case Replace replace -> replace.subresource.isEmpty();
            case Patch patch -> patch.subresource.isEmpty();
            case Delete delete -> false;
            case Own own -> false;
            case Promised promised -> promised.write.isOfObject();
        };
    }

    /** The same with a body of its own, for writes that are decided more than once. */
    default Write copy() {
        return switch (this) {
            case Create create -> new Create(create.body.deepCopy(), create.validation, create.apiVersion);
            case Replace replace ->
                new Replace(replace.body.deepCopy(), replace.subresource, replace.validation, replace.apiVersion);
            case Patch patch ->
                new Patch(
                        patch.type,
                        patch.patch.deepCopy(),
                        patch.subresource,
                        patch.force,
                        patch.precondition,
                        patch.validation,
                        patch.apiVersion);
            case Delete delete -> delete;
            case Own own -> own;
            case Promised promised ->
                new Promised(promised.write.copy(), promised.basis, promised.until, promised.grant);
        };
    }
}
