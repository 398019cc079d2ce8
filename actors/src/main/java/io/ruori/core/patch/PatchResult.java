package io.ruori.core.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;

/** What became of a patch: the whole object after it, or why it cannot be applied. */
public sealed interface PatchResult {

    /** The object after the patch. It may share subtrees with the live object, never with the patch. */
    record Patched(ObjectNode object) implements PatchResult {}

    /** The patch does not fit the object or is no patch at all. */
    record Refused(ApiStatus status) implements PatchResult {}
}
