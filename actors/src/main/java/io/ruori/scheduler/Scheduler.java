package io.ruori.scheduler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.core.scheduling.NodeCapacity;
import io.ruori.core.scheduling.NodeLoad;
import io.ruori.core.scheduling.Placement;
import io.ruori.core.scheduling.Placement.Candidate;
import io.ruori.entity.EndsSubscription;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Member;
import io.ruori.entity.NodeRoom;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.entity.ResourceEntity;
import io.ruori.kind.PodDigest;
import io.ruori.view.Change;
import io.ruori.view.Subscription;
import io.ruori.view.View;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Schedules Pods over its own sums of what every node carries, kept up to date from the view. A Pod it has chosen a node for
 * counts there at once (assumed) until the view shows the binding or the binding was refused. A Pod that fits nowhere waits
 * until a node changes or a Pod leaves one; only then is it tried again.
 */
public final class Scheduler extends AbstractBehavior<Scheduler.Command> {
    private static final KindName PODS = KindName.core("pods");
    private static final KindName NODES = KindName.core("nodes");
    private static final String NAME = "default-scheduler";
    private static final User USER = User.component(NAME);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Shards come many at a time. */
    private static final Duration TAKEN_TOGETHER = Duration.ofMillis(50);

    /** What the scheduler is told. */
    public sealed interface Command {}

    private record Changed(List<Change> changes) implements Command {}

    private record Bound(ObjectKey pod, @Nullable Outcome outcome) implements Command {}

    private record Retry() implements Command {}

    private record Told() implements Command {}

    private record Taken() implements Command {}

    private record LookAgain() implements Command {}

    private record Counted(String node, PodDigest digest) {}

    private final Member member;
    private final ObjectDoor door;
    private final NodeRoom room;
    private final EventRecorder events;
    private final TimerScheduler<Command> timers;
    private final Map<String, Candidate> nodes = new LinkedHashMap<>();
    private final Map<String, NodeLoad> loads = new HashMap<>();
    private final Map<ObjectKey, Counted> counted = new HashMap<>();
    private final Set<ObjectKey> assumed = new LinkedHashSet<>();
    private final Map<ObjectKey, StoredObject> waiting = new LinkedHashMap<>();
    private final Map<ObjectKey, String> nowhere = new HashMap<>();
    private Revision seen;

    private Scheduler(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Member member,
            ObjectDoor door,
            NodeRoom room,
            EventRecorder events) {
        super(context);
        this.timers = timers;
        this.member = member;
        this.door = door;
        this.room = room;
        this.events = events;
        // Subscribed already: whatever this view lacks comes as a change, and what comes twice is told by its revision.
        View view = member.index().view();
        this.seen = view.revision();
        view.list(NODES).forEach(this::node);
        view.list(PODS).forEach(pod -> pod(pod.key(), pod));
        placeAll();
    }

    public static Behavior<Command> create(Member member, ObjectDoor door, NodeRoom room, EventRecorder events) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ActorRef<Command> self = context.getSelf();
            Subscription changes =
                    member.index().subscribe(Set.of(PODS, NODES), (view, all) -> self.tell(new Changed(all)));
            Subscription taken = member.takenShards().subscribe(() -> self.tell(new Taken()));
            return EndsSubscription.with(
                    changes.and(taken), new Scheduler(context, timers, member, door, room, events));
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Changed changed -> onChanged(changed.changes());
            case Bound bound -> onBound(bound);
            case Retry retry -> {
                nowhere.clear();
                placeAll();
            }
            case Told told -> {}
            case Taken taken -> timers.startSingleTimer("taken", new LookAgain(), TAKEN_TOGETHER);
            case LookAgain look -> {
                member.index().view().byField(PODS, "spec.nodeName", "").forEach(pod -> pod(pod.key(), pod));
                placeAll();
            }
        }
        return this;
    }

    private void onChanged(List<Change> changes) {
        boolean room = false;
        for (Change change : changes) {
            if (!change.revision().isAfter(seen)) {
                continue;
            }
            seen = change.revision();
            StoredObject after = change.after();
            if (change.key().kind().equals(NODES)) {
                room |= onNode(change.key().name(), after);
            } else {
                boolean had = counted.containsKey(change.key());
                pod(change.key(), after);
                room |= had && !counted.containsKey(change.key());
            }
        }
        if (room) {
            waiting.keySet().forEach(nowhere::remove);
        }
        placeAll();
    }

    // ---- what the nodes carry

    /** Whether this may make room. */
    private boolean onNode(String name, @Nullable StoredObject after) {
        if (after == null) {
            nodes.remove(name);
            return false;
        }
        Candidate before = nodes.get(name);
        node(after);
        Candidate now = nodes.get(name);
        return now != null && (before == null || !before.capacity().equals(now.capacity()));
    }

    private void node(StoredObject node) {
        String name = node.key().name();
        if (node.isTerminating()) {
            nodes.remove(name);
        } else {
            nodes.put(name, new Candidate(NodeCapacity.of(node.tree()), load(name)));
        }
    }

    private NodeLoad load(String node) {
        return loads.computeIfAbsent(node, n -> new NodeLoad());
    }

    private void pod(ObjectKey key, @Nullable StoredObject pod) {
        if (pod == null) {
            forget(key);
            return;
        }
        PodDigest digest = PodDigest.of(pod);
        if (digest.isFinished()) {
            forget(key);
        } else if (!digest.nodeName().isEmpty()) {
            waiting.remove(key);
            nowhere.remove(key);
            assumed.remove(key);
            count(key, digest.nodeName(), digest);
        } else if (isOurs(pod, digest) && !assumed.contains(key)) {
            StoredObject before = waiting.put(key, pod);
            if (before != null && !before.uid().equals(pod.uid())) {
                nowhere.remove(key);
            }
        } else if (!assumed.contains(key)) {
            forget(key);
        }
    }

    private boolean isOurs(StoredObject pod, PodDigest digest) {
        return member.share().isMine(pod.key())
                && digest.schedulerName().equals(NAME)
                && !digest.gated()
                && !pod.isTerminating();
    }

    private void forget(ObjectKey key) {
        waiting.remove(key);
        nowhere.remove(key);
        assumed.remove(key);
        Counted known = counted.remove(key);
        if (known != null) {
            load(known.node()).remove(known.digest());
        }
    }

    private void count(ObjectKey key, String node, PodDigest digest) {
        Counted known = counted.get(key);
        if (known != null
                && known.node().equals(node)
                && known.digest().requests().equals(digest.requests())) {
            return;
        }
        if (known != null) {
            load(known.node()).remove(known.digest());
        }
        load(node).add(digest);
        counted.put(key, new Counted(node, digest));
    }

    // ---- placing

    private void placeAll() {
        if (waiting.size() == nowhere.size()) {
            return;
        }
        for (StoredObject pod : List.copyOf(waiting.values())) {
            if (!member.share().isMine(pod.key())) {
                forget(pod.key());
            } else if (!nowhere.containsKey(pod.key())) {
                place(pod);
            }
        }
    }

    private void place(StoredObject pod) {
        PodDigest digest = PodDigest.of(pod);
        switch (Placement.place(digest, nodes.values())) {
            case Placement.On on -> bind(pod, digest, on.node());
            case Placement.Nowhere no -> cannot(pod, no.message());
        }
    }

    private void bind(StoredObject pod, PodDigest digest, String node) {
        waiting.remove(pod.key());
        assumed.add(pod.key());
        count(pod.key(), node, digest);
        ObjectNode binding = Json.object().put("apiVersion", "v1").put("kind", "Binding");
        binding.putObject("metadata")
                .put("name", pod.key().name())
                .put("namespace", pod.key().namespace())
                .put("uid", pod.uid().value());
        binding.putObject("target").put("apiVersion", "v1").put("kind", "Node").put("name", node);
        Note note = note(
                pod,
                false,
                "Scheduled",
                "Successfully assigned " + pod.key().namespace() + "/"
                        + pod.key().name() + " to " + node);
        Write write = new Write.Replace(binding, "binding", Write.FieldValidation.IGNORE);
        Origin origin = origin(pod, "fits node " + node);
        CompletionStage<Outcome> bound = member.isOnly()
                ? door.write(pod.key(), write, origin, List.of(note))
                : room.reserve(new ObjectKey(NODES, "", node), pod).thenCompose(answer -> switch (answer) {
                    case ResourceEntity.Reserved.Granted granted ->
                        door.write(
                                pod.key(),
                                new Write.Promised(write, pod.revision(), granted.until()),
                                origin,
                                List.of(note));
                    case ResourceEntity.Reserved.NotGranted no ->
                        CompletableFuture.completedFuture(new Outcome.Refused(ApiStatus.modified(pod.key())));
                });
        getContext().pipeToSelf(bound, (outcome, error) -> new Bound(pod.key(), outcome));
    }

    /**
     * A refused binding: the Pod is gone, changed or bound already, and the view will say so; or the node has no room left for
     * it. That, and an unknown outcome, is tried again.
     */
    private void onBound(Bound bound) {
        if (bound.outcome() instanceof Outcome.Stored) {
            return;
        }
        if (assumed.remove(bound.pod())) {
            Counted known = counted.remove(bound.pod());
            if (known != null) {
                load(known.node()).remove(known.digest());
            }
            StoredObject pod = member.index().view().get(bound.pod());
            if (pod != null) {
                pod(pod.key(), pod);
            }
            timers.startSingleTimer("retry", new Retry(), RETRY);
        }
    }

    private void cannot(StoredObject pod, String message) {
        String before = nowhere.put(pod.key(), message);
        if (message.equals(before) || says(pod, message)) {
            return;
        }
        ObjectNode condition = Json.object()
                .put("type", "PodScheduled")
                .put("status", "False")
                .put("reason", "Unschedulable")
                .put("message", message)
                .put(
                        "lastTransitionTime",
                        member.time().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        ObjectNode patch = Json.object();
        patch.putObject("status").putArray("conditions").add(condition);
        Write write = new Write.Patch(
                Write.PatchType.STRATEGIC,
                patch,
                "status",
                false,
                new Write.Precondition(pod.uid(), null),
                Write.FieldValidation.IGNORE);
        getContext()
                .pipeToSelf(
                        door.write(pod.key(), write, origin(pod, message), List.of()), (outcome, error) -> new Told());
        getContext()
                .pipeToSelf(
                        events.record(USER, note(pod, true, "FailedScheduling", message)),
                        (outcome, error) -> new Told());
    }

    private static boolean says(StoredObject pod, String message) {
        for (var condition : pod.tree().path("status").path("conditions")) {
            if (Json.text(condition, "type").equals("PodScheduled")) {
                return Json.text(condition, "message").equals(message);
            }
        }
        return false;
    }

    private static Note note(StoredObject pod, boolean warning, String reason, String message) {
        return new Note(warning, reason, message, pod.key(), pod.uid(), "", NAME);
    }

    private static Origin origin(StoredObject pod, String why) {
        return new Origin(USER, NAME, NAME, why, pod.revision());
    }
}
