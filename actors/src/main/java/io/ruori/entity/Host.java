package io.ruori.entity;

import io.ruori.api.Uid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a member runs on, as its actors see it: time, chance, and the other members. Nothing below {@code guardian} asks the
 * machine for these, so that a simulation can be in their place.
 */
public interface Host extends InstantSource {
    /** The machine itself, where there are no other members. */
    Host ALONE = new Host() {
        @Override
        public Set<String> others() {
            return Set.of();
        }

        @Override
        public <M> void tellOthers(ActorRef<M> self, M message) {}
    };

    @Override
    default Instant instant() {
        return Instant.now();
    }

    /** A clock that nobody sets; for ages, as {@link System#nanoTime}. */
    default long nanos() {
        return System.nanoTime();
    }

    /** Does something once, later, unless it is cancelled. */
    default Cancellable after(Duration pause, Runnable task) {
        CompletableFuture<Void> later = CompletableFuture.runAsync(
                task, CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS));
        return () -> later.cancel(false);
    }

    /** Something that was to be done. */
    interface Cancellable {
        void cancel();
    }

    /** Sixty-four bits of chance. */
    default long random() {
        return ThreadLocalRandom.current().nextLong();
    }

    /** For an object that is about to be made, or anything else that must never come twice. */
    default Uid newUid() {
        return new Uid(UUID.randomUUID().toString());
    }

    /** Which persistence plugin keeps this member's events; empty for the actor system's. */
    default String journalPlugin() {
        return "";
    }

    /** Where the other members of the cluster of actors are that can be talked to now. */
    Set<String> others();

    /** Tells the actors that are on the other members what {@code self} is here. What is told may be lost. */
    <M> void tellOthers(ActorRef<M> self, M message);
}
