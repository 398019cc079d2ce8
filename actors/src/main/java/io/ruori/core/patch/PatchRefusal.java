package io.ruori.core.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import java.util.List;
import java.util.function.Supplier;

/** Unwinds the walk over a patch; it never leaves this package, whose doors answer {@link PatchResult.Refused}. */
final class PatchRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiStatus status;

    private PatchRefusal(ApiStatus status) {
        super(status.message(), null, false, false);
        this.status = status;
    }

    static PatchResult guard(Supplier<ObjectNode> patching) {
        try {
            return new PatchResult.Patched(patching.get());
        } catch (PatchRefusal refusal) {
            return new PatchResult.Refused(refusal.status);
        }
    }

    static PatchRefusal of(ApiStatus status) {
        return new PatchRefusal(status);
    }

    /** 400: this is no patch. */
    static PatchRefusal malformed(String message) {
        return new PatchRefusal(ApiStatus.badRequest(message));
    }

    /**
     * 422: a well-formed patch that does not fit the object. Kubernetes keeps the detail to itself; we add it as a cause,
     * so that kubectl prints what went wrong.
     */
    static PatchRefusal unprocessable(String detail) {
        return new PatchRefusal(new ApiStatus(
                422,
                "Invalid",
                "the server rejected our request due to an error in our request",
                "",
                "",
                "",
                "",
                List.of(new ApiStatus.Cause("FieldValueInvalid", detail, "patch")),
                0,
                ""));
    }

    /** Kubernetes answers 500 without a reason where a patch contradicts the schema; clients know that text. */
    static PatchRefusal untyped(String message) {
        return new PatchRefusal(new ApiStatus(500, "", message, "", "", "", "", List.of(), 0, ""));
    }
}
