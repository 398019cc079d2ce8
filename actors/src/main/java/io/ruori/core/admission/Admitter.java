package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.ObjectKey;
import io.ruori.kind.Kind;
import java.util.Optional;

/** One step of the admission chain. All mutating passes run before the object is validated, all validating ones after. */
public interface Admitter {
    /** Completes an object about to be created; the tree is the caller's own. */
    default void mutateCreate(Kind kind, ObjectNode object, Facts facts) {}

    /**
     * Completes an object about to be changed, when everything else has been decided: what it adds must be valid and is nobody's.
     */
    default void mutateUpdate(Kind kind, ObjectNode object, Facts facts) {}

    /** Judges an object about to be created; empty admits it. */
    default Optional<ApiStatus> validateCreate(Kind kind, ObjectKey key, JsonNode object, Facts facts) {
        return Optional.empty();
    }

    /** Judges a change of the object itself (not of a sub-resource); empty admits it. */
    default Optional<ApiStatus> validateUpdate(Kind kind, ObjectKey key, JsonNode updated, JsonNode old, Facts facts) {
        return Optional.empty();
    }

    /** Judges a deletion; empty admits it. */
    default Optional<ApiStatus> validateDelete(Kind kind, ObjectKey key) {
        return Optional.empty();
    }
}
