package io.ruori.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
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
    private static final int REMEMBERED_TALKERS = 4096;

    private final ObjectDoor door;
    private final Supplier<View> view;
    private final Supplier<KindRegistry> kinds;
    private final InstantSource time;
    private final Map<ObjectKey, Bucket> talkers = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectKey, Bucket> eldest) {
            return size() > REMEMBERED_TALKERS;
        }
    };

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

    /** Completes with the write's outcome, or with {@link Outcome.Refused} 429 when the object has been quieted. */
    public CompletionStage<Outcome> record(User user, Note note) {
        Instant now = time.instant();
        synchronized (talkers) {
            if (!talkers.computeIfAbsent(note.regarding(), k -> new Bucket(now)).take(now)) {
                return CompletableFuture.completedFuture(new Outcome.Refused(
                        io.ruori.api.ApiStatus.unavailable("too many events about " + note.regarding())));
            }
        }
        String namespace = note.regarding().namespace().isEmpty()
                ? "default"
                : note.regarding().namespace();
        ObjectKey key = new ObjectKey(EVENTS, namespace, name(note));
        View current = view.get();
        StoredObject regarding = current.get(note.regarding());
        Revision cause = regarding == null ? Revision.ZERO : regarding.revision();
        Origin origin = new Origin(user, note.component(), note.component(), note.reason(), cause);
        StoredObject known = current.get(key);
        return known == null
                ? create(key, note, origin, now)
                : count(key, Json.number(known.tree(), 1, "count") + 1, origin, now);
    }

    private CompletionStage<Outcome> create(ObjectKey key, Note note, Origin origin, Instant now) {
        ObjectNode event = EventProjection.json(note, key.name(), now, kinds.get());
        return door.write(key, new Write.Create(event, Write.FieldValidation.IGNORE), origin, List.of())
                .thenCompose(outcome -> outcome instanceof Outcome.Refused no
                                && no.status().reason().equals("AlreadyExists")
                        ? count(key, 1, origin, now)
                        : CompletableFuture.completedFuture(outcome));
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

    /** The same fact about the same life of an object has the same name, so that it is counted rather than told again. */
    private static String name(Note note) {
        long hash = 1125899906842597L;
        for (String part : List.of(note.regardingUid().value(), note.reason(), note.message(), note.fieldPath())) {
            for (int i = 0; i < part.length(); i++) {
                hash = 31 * hash + part.charAt(i);
            }
            hash = 31 * hash + 7;
        }
        return note.regarding().name() + "." + String.format("%016x", hash);
    }
}
