package io.ruori.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.kind.KindRegistry;
import io.ruori.view.EventProjection;
import io.ruori.view.View;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Writes Event objects for facts that are not writes themselves (back-off, pulls, failed scheduling). A repeated fact is one
 * Event whose count grows; an object that talks too much is quieted, with upstream's limits (25 at once, then one in five
 * minutes).
 */
public final class EventRecorder {
    private static final KindName EVENTS = KindName.core("events");
    private static final int BURST = 25;
    private static final long REFILL_SECONDS = 300;
    private static final int REMEMBERED = 4096;

    /** Bits of a revision below its milliseconds: events of one millisecond are told apart there. */
    private static final long WITHIN_MILLISECOND = 0x3fffff;

    private final ObjectDoor door;
    private final Supplier<View> view;
    private final Supplier<KindRegistry> kinds;
    private final InstantSource time;
    private final Map<ObjectKey, Bucket> talkers = remembering();
    private final Map<Fact, ObjectKey> told = remembering();
    private long lastName;

    /** What is counted rather than told again: the same about the same life of an object. */
    private record Fact(Uid about, String reason, String message, String fieldPath) {
        static Fact of(Note note) {
            return new Fact(note.regardingUid(), note.reason(), note.message(), note.fieldPath());
        }
    }

    private static final class Bucket {
        private double tokens = BURST;
        private Instant at;

        Bucket(Instant at) {
            this.at = at;
        }

        boolean take(Instant now) {
            tokens = Math.min(BURST, tokens + at.until(now, ChronoUnit.MILLIS) / (1000.0 * REFILL_SECONDS));
            at = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    public EventRecorder(ObjectDoor door, Supplier<View> view, Supplier<KindRegistry> kinds, InstantSource time) {
        this.door = door;
        this.view = view;
        this.kinds = kinds;
        this.time = time;
    }

    private static <K, V> Map<K, V> remembering() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    /** Completes with the write's outcome, or with {@link Outcome.Refused} 429 when the object has been quieted. */
    public CompletionStage<Outcome> record(User user, Note note) {
        Instant now = time.instant();
        synchronized (talkers) {
            if (!talkers.computeIfAbsent(note.regarding(), k -> new Bucket(now)).take(now)) {
                return CompletableFuture.completedFuture(new Outcome.Refused(
                        io.ruori.api.ApiStatus.unavailable("too many events about " + note.regarding())));
            }
        }
        View current = view.get();
        StoredObject regarding = current.get(note.regarding());
        Revision cause = regarding == null ? Revision.ZERO : regarding.revision();
        Origin origin = new Origin(user, note.component(), note.component(), note.reason(), cause);
        ObjectKey key;
        synchronized (talkers) {
            key = told.get(Fact.of(note));
        }
        if (key == null) {
            return create(note, origin, now);
        }
        StoredObject known = current.get(key);
        return count(key, Json.number(known == null ? Json.object() : known.tree(), 1, "count") + 1, origin, now)
                .thenCompose(outcome ->
                        outcome instanceof Outcome.Refused no && no.status().code() == 404
                                ? create(note, origin, now)
                                : CompletableFuture.completedFuture(outcome));
    }

    private CompletionStage<Outcome> create(Note note, Origin origin, Instant now) {
        String namespace = note.regarding().namespace().isEmpty()
                ? "default"
                : note.regarding().namespace();
        ObjectKey key;
        synchronized (talkers) {
            key = new ObjectKey(EVENTS, namespace, name(note, now));
            told.put(Fact.of(note), key);
        }
        ObjectNode event = EventProjection.json(note, key.name(), now, kinds.get());
        return door.write(key, new Write.Create(event, Write.FieldValidation.IGNORE), origin, List.of());
    }

    /** Also brings back an Event that has left the view with its retention. */
    private CompletionStage<Outcome> count(ObjectKey key, long count, Origin origin, Instant now) {
        ObjectNode patch = Json.object();
        patch.put("count", count);
        patch.put("lastTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
        return door.write(
                key,
                new Write.Patch(
                        Write.PatchType.MERGE, patch, "", false, Write.Precondition.NONE, Write.FieldValidation.IGNORE),
                origin,
                List.of());
    }

    /** Names in the order of time, also among those of projected Events: clients show Events of one second in that order. */
    private String name(Note note, Instant now) {
        lastName = Math.max(lastName + 1, Revision.upTo(now).value() & ~WITHIN_MILLISECOND);
        return EventProjection.name(note, lastName, 0);
    }
}
