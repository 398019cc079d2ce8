package io.ruori.entity;

import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.core.Write;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The rest of the way of a write, for those who stand before it. */
@FunctionalInterface
interface NextDoor {
    CompletionStage<Outcome> write(ObjectKey key, Write write, Origin origin, List<Note> notes, boolean dryRun);
}
