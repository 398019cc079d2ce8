package io.ruori.entity;

import java.util.concurrent.CompletionStage;

/** The rest of the way of a write, for those who stand before it. */
@FunctionalInterface
interface NextDoor {
    CompletionStage<Outcome> write(Submission submission);
}
