package io.ruori.core;

import io.ruori.api.Origin;
import io.ruori.api.Uid;
import io.ruori.core.admission.Facts;
import java.time.Instant;

/**
 * The circumstances of a write.
 *
 * @param nextUid for the object, should this write create one
 */
public record Asking(Origin origin, Facts facts, Instant now, Uid nextUid) {}
