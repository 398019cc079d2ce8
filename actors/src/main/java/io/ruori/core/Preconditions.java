package io.ruori.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldError;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.kind.Kind;
import java.util.List;
import java.util.Optional;

/** Whether a write meets the object it was meant for: asked in options, or said by the body itself. Empty: it does. */
final class Preconditions {
    private static final String METADATA = "metadata";
    private static final String REVISION = "resourceVersion";

    private Preconditions() {}

    /** Those of the write's options. */
    static Optional<ApiStatus> of(ObjectKey key, StoredObject live, Write.Precondition wanted) {
        if (wanted.uid() != null && !wanted.uid().equals(live.uid())) {
            return Optional.of(uidMismatch(key, wanted.uid().value(), live));
        }
        if (wanted.revision() != null && !wanted.revision().equals(live.revision())) {
            return Optional.of(ApiStatus.modified(key));
        }
        return Optional.empty();
    }

    /** Of an update's body, which must say a revision where its kind asks for one. */
    static Optional<ApiStatus> ofUpdate(
            Kind kind, ObjectKey key, StoredObject live, boolean ofObjectOrStatus, ObjectNode body) {
        Optional<ApiStatus> conflict = ofBody(key, live, body);
        return conflict.isPresent() || isSaid(revision(body)) || !ofObjectOrStatus || !kind.isRevisionRequired()
                ? conflict
                : Optional.of(unconditional(key));
    }

    /** The uid and revision that a body names, if it does. */
    static Optional<ApiStatus> ofBody(ObjectKey key, StoredObject live, ObjectNode body) {
        String uid = Json.text(body, METADATA, "uid");
        if (!uid.isEmpty() && !uid.equals(live.uid().value())) {
            return Optional.of(uidMismatch(key, uid, live));
        }
        String revision = revision(body);
        if (!isSaid(revision) || revision.equals(live.revision().toString())) {
            return Optional.empty();
        }
        return Optional.of(
                revision.chars().allMatch(c -> c >= '0' && c <= '9')
                        ? ApiStatus.modified(key)
                        : ApiStatus.badRequest("invalid resource version \"" + revision + "\""));
    }

    /** Of a body that would make the object: one with a uid was meant for another. */
    static Optional<ApiStatus> ofAbsent(ObjectKey key, ObjectNode body) {
        String uid = Json.text(body, METADATA, "uid");
        return uid.isEmpty()
                ? Optional.empty()
                : Optional.of(ApiStatus.conflict(
                        key,
                        "uid mismatch: the provided object specified uid " + uid
                                + ", and no existing object was found"));
    }

    /** A patch may not make another object of one: of another name, namespace, version or kind. */
    static Optional<ApiStatus> sameObject(ObjectKey key, ObjectNode current, ObjectNode patched) {
        for (String field : List.of("apiVersion", "kind")) {
            if (!Json.text(patched, field).equals(Json.text(current, field))) {
                return Optional.of(differs(field, Json.text(patched, field), Json.text(current, field)));
            }
        }
        String name = Json.text(patched, METADATA, "name");
        String namespace = Json.text(patched, METADATA, "namespace");
        if (!name.equals(key.name())) {
            return Optional.of(differs("name", name, key.name()));
        }
        return namespace.equals(key.namespace())
                ? Optional.empty()
                : Optional.of(differs("namespace", namespace, key.namespace()));
    }

    private static ApiStatus differs(String what, String given, String wanted) {
        return ApiStatus.badRequest("the " + what + " of the object (" + given + ") does not match the " + what
                + " on the URL (" + wanted + ")");
    }

    private static String revision(ObjectNode body) {
        return Json.text(body, METADATA, REVISION);
    }

    private static boolean isSaid(String revision) {
        return !revision.isEmpty() && !revision.equals("0");
    }

    /** Upstream names the resource here where others name the kind, and shows the number as Go does. */
    private static ApiStatus unconditional(ObjectKey key) {
        FieldError missing = new FieldError(
                FieldError.Reason.INVALID,
                "metadata.resourceVersion",
                "Invalid value: 0x0: must be specified for an update");
        return ApiStatus.invalid(key.kind().group(), key.kind().resource(), key.name(), List.of(missing));
    }

    private static ApiStatus uidMismatch(ObjectKey key, String wanted, StoredObject live) {
        return ApiStatus.conflict(
                key, "Precondition failed: UID in precondition: " + wanted + ", UID in object meta: " + live.uid());
    }
}
