package io.ruori.persistence.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.Edits;
import io.ruori.core.ObjectEvent;
import io.ruori.core.Write;
import io.ruori.core.clock.Ceiling;
import io.ruori.entity.Host;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.entity.Share;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import io.ruori.schema.BuiltInSchemas;
import io.ruori.view.Horizon;
import io.ruori.view.ObjectIndex;
import io.ruori.view.Revisions;
import io.ruori.view.Watches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** Objects that all masters see, as with a journal they share. What is written shows at once. */
final class SharedWorld implements ObjectDoor, Horizon {
    private static final KindName NODES = KindName.core("nodes");
    private static final KindRegistry KINDS = new KindRegistry(Kinds.all());
    private static final Edits EDITS = new Edits(BuiltInSchemas.load());

    private final Map<ObjectKey, StoredObject> objects = new HashMap<>();
    private final List<ObjectIndex> views = new ArrayList<>();
    private volatile Revision newest = new Revision(1);

    /** One more member. It acts for what {@code mine} says. */
    synchronized Member member(Host host, Predicate<ObjectKey> mine) {
        ObjectIndex view = new ObjectIndex(KINDS, this, ObjectIndex.Settings.DEFAULT, Runnable::run, fault -> {
            throw new AssertionError(fault);
        });
        views.add(view);
        Ceiling ceiling = Ceiling.NONE.raised(Instant.now(), Revision.ZERO);
        return new Member(
                () -> KINDS,
                EDITS,
                Revisions.onSystemClock(views.size(), Revision.ZERO, ceiling),
                view,
                Watches.of(view, Watches.Settings.DEFAULT, Runnable::run),
                host,
                share(mine),
                (key, after) -> CompletableFuture.completedFuture(List.of()));
    }

    private static Share share(Predicate<ObjectKey> mine) {
        return new Share() {
            @Override
            public boolean isMine(ObjectKey key) {
                return mine.test(key);
            }

            @Override
            public CompletionStage<Done> take(int shard) {
                return CompletableFuture.completedFuture(Done.getInstance());
            }

            @Override
            public void release(int shard) {}
        };
    }

    String ready(String node) {
        StoredObject found = find(new ObjectKey(NODES, "", node));
        for (JsonNode condition :
                found == null ? Json.array() : found.tree().path("status").path("conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status");
            }
        }
        return "";
    }

    private synchronized @Nullable StoredObject find(ObjectKey key) {
        return objects.get(key);
    }

    @Override
    public synchronized CompletionStage<Outcome> write(ObjectKey key, Write write, Origin origin, List<Note> notes) {
        StoredObject before = objects.get(key);
        ObjectNode tree;
        if (write instanceof Write.Create create) {
            if (before != null) {
                return CompletableFuture.completedFuture(new Outcome.Refused(ApiStatus.alreadyExists(key)));
            }
            tree = create.body().deepCopy();
        } else if (write instanceof Write.Patch patch && before != null) {
            tree = before.tree().deepCopy();
            patch.patch().properties().forEach(field -> {
                if (field.getValue() instanceof ObjectNode part && tree.get(field.getKey()) instanceof ObjectNode old) {
                    old.setAll(part);
                } else {
                    tree.set(field.getKey(), field.getValue());
                }
            });
        } else {
            return CompletableFuture.failedFuture(new AssertionError(write + " of " + key));
        }
        Revision revision = new Revision(newest.value() + 1);
        StoredObject object = new StoredObject(
                key,
                new Uid("uid-" + key.name()),
                revision,
                Map.of(),
                List.of(),
                null,
                Map.of(),
                Json.write(tree),
                null);
        objects.put(key, object);
        ObjectEvent event = before == null
                ? new ObjectEvent.Created(object, origin, notes)
                : new ObjectEvent.Updated(object, origin, notes);
        views.forEach(view -> view.committed(List.of(event)));
        newest = revision;
        views.forEach(ObjectIndex::closedAdvanced);
        return CompletableFuture.completedFuture(new Outcome.Stored(object, before == null, true, List.of()));
    }

    @Override
    public CompletionStage<Outcome> dryRun(ObjectKey key, Write write, Origin origin) {
        return CompletableFuture.failedFuture(new AssertionError("nobody asks for that"));
    }

    @Override
    public Revision closed() {
        return newest;
    }

    @Override
    public CompletionStage<Revision> lastWritten() {
        return CompletableFuture.completedFuture(newest);
    }
}
