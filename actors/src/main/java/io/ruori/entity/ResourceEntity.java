package io.ruori.entity;

import io.ruori.api.ApiStatus;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.RequestId;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.Asking;
import io.ruori.core.Decision;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.core.Write;
import io.ruori.core.admission.Facts;
import io.ruori.core.scheduling.NodeReservations;
import io.ruori.kind.Kind;
import io.ruori.view.EventProjection;
import io.ruori.view.Revisions;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;

/**
 * The single writer of one object, whatever its kind. It decides (purely), journals, answers; and it keeps at most one child,
 * which reconciles the object. A child that crashes is restarted with back-off while the object stays writable.
 */
public final class ResourceEntity
        extends EventSourcedBehaviorWithEnforcedReplies<ResourceEntity.Command, ObjectEvent, ObjectState> {

    /** One type of entity for all objects: the kind is part of the id. */
    public static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "object");

    /** What an object can be told. */
    public sealed interface Command
            permits Execute, Looked, Confirmed, Wake, Reserve, Seen, Call, ReconcileEnded, ShardKeeper.Own {}

    /** Does a write, or with {@code dryRun} only says what would come of it. */
    public record Execute(
            Write write, Origin origin, List<Note> notes, Facts facts, boolean dryRun, ActorRef<Outcome> replyTo)
            implements Command {}

    /** The view changed in a way that concerns this object's reconciler. */
    public record Wake() implements Command {
        public static final Wake INSTANCE = new Wake();
    }

    /**
     * Of a Node: is there room for a Pod?
     *
     * @param pod with the uid and at the revision that the node was chosen for
     */
    public record Reserve(ObjectKey pod, Uid uid, Revision seen, ActorRef<Reserved> replyTo) implements Command {}

    /** The answer to {@link Reserve}. */
    public sealed interface Reserved {
        /**
         * @param until the binding must be accepted before
         */
        record Granted(Instant until) implements Reserved {}

        /** Not here, or not now. */
        record NotGranted(String why) implements Reserved {}
    }

    /**
     * What the journal has of an object since a request began that it may have carried out already.
     *
     * @param checked what was written after this revision was written by this entity, since it looked
     */
    private record Looked(
            Execute asked,
            Revision checked,
            @Nullable List<ObjectEvent> events,
            @Nullable Throwable error) implements Command {}

    /**
     * Whether what an answer rests on is the last that was written.
     *
     * @param remembered what was remembered when it was decided
     * @param events what the journal has beyond that; null when it cannot be read
     */
    private record Confirmed(
            Execute asked,
            Outcome answer,
            Revision remembered,
            @Nullable List<ObjectEvent> events,
            @Nullable Throwable error)
            implements Command {}

    /** The view has come as far as the one who asks. */
    private record Seen(Reserve asked, @Nullable View view) implements Command {}

    /** Is anybody there? For keepers of shards, which are to be started by it; see {@link ShardKeeper}. */
    public record Call() implements Command {
        public static final Call INSTANCE = new Call();
    }

    /** The child stopped for good; the next wake starts another. */
    private record ReconcileEnded() implements Command {}

    /**
     * After so many failures in a row it stops, and the next message starts it anew: one whose shard goes to another member
     * must not hold that up, since a stop that comes during a recovery is forgotten when the recovery fails.
     */
    private static final int RESTARTS = 4;

    private static final KindName NODES = KindName.core("nodes");
    private static final Duration LOOK_WITHIN = Duration.ofSeconds(2);

    /** How long a write may wait until revisions can be issued again, and how often it looks. */
    private static final Duration CEILING_WITHIN = Duration.ofSeconds(10);

    private static final Duration CEILING_PAUSE = Duration.ofMillis(100);

    private final ActorContext<Command> context;
    private final ObjectKey key;
    private final Member member;
    private final ObjectDoor door;
    private final EventRecorder events;
    private RecentRequests recent = new RecentRequests(Revision.ZERO);
    private @Nullable NodeReservations reservations;
    private @Nullable ActorRef<ReconcileLoop.Command> reconcileLoop;

    private ResourceEntity(
            ActorContext<Command> context, ObjectKey key, Member member, ObjectDoor door, EventRecorder events) {
        super(
                PersistenceId.of(TYPE.name(), key.entityId()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2)
                        .withMaxRestarts(RESTARTS));
        this.context = context;
        this.key = key;
        this.member = member;
        this.door = door;
        this.events = events;
        this.reservations =
                key.kind().equals(NODES) ? NodeReservations.after(member.time().instant()) : null;
    }

    public static Behavior<Command> create(ObjectKey key, Member member, ObjectDoor door, EventRecorder events) {
        return Behaviors.setup(context -> new ResourceEntity(context, key, member, door, events));
    }

    @Override
    public String journalPluginId() {
        return member.host().journalPlugin();
    }

    @Override
    public ObjectState emptyState() {
        return ObjectState.Absent.NEVER;
    }

    @Override
    public CommandHandlerWithReply<Command, ObjectEvent, ObjectState> commandHandler() {
        return (state, command) -> switch (command) {
            case Execute execute ->
                onExecute(state, execute, execute.origin().request().began());
            case Looked looked -> onLooked(state, looked);
            case Confirmed confirmed -> onConfirmed(state, confirmed);
            case Wake wake -> onWake(state);
            case ReconcileEnded ended -> {
                reconcileLoop = null;
                yield Effect().noReply();
            }
            case Reserve reserve -> onReserve(reserve);
            case Seen seen -> onSeen(state, seen);
            case Call call -> Effect().noReply();
            case ShardKeeper.Own own -> Effect().unhandled().thenNoReply();
        };
    }

    @Override
    public EventHandler<ObjectState, ObjectEvent> eventHandler() {
        return ObjectState::apply;
    }

    /**
     * What was written before the recovery is for the journal to tell. A failed write ends the reconciler together with what
     * woke it, so whoever begins anew looks at itself.
     */
    @Override
    public SignalHandler<ObjectState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.class, (state, completed) -> {
                    // A restart stops it, and does not tell who watched it.
                    reconcileLoop = null;
                    member.revisions().foundWritten(state.revision());
                    recent = new RecentRequests(state.revision());
                    if (!(state instanceof ObjectState.Absent)) {
                        context.getSelf().tell(Wake.INSTANCE);
                    }
                })
                .build();
    }

    /**
     * Carries a request out, unless that has happened.
     *
     * @param checked the journal has nothing of the request up to this revision
     */
    private ReplyEffect<ObjectEvent, ObjectState> onExecute(ObjectState state, Execute execute, Revision checked) {
        RequestId request = execute.origin().request();
        boolean isNew =
                execute.dryRun() || request.isNone() || recent.find(request, checked) == RecentRequests.Known.NEW;
        return isNew ? answer(state, execute) : look(state, execute);
    }

    private ReplyEffect<ObjectEvent, ObjectState> look(ObjectState state, Execute execute) {
        context.pipeToSelf(
                member.past().since(key, execute.origin().request().began()),
                (events, error) -> new Looked(execute, state.revision(), events, error));
        return Effect().noReply();
    }

    private ReplyEffect<ObjectEvent, ObjectState> onLooked(ObjectState state, Looked looked) {
        Execute execute = looked.asked();
        if (looked.events() == null) {
            // Unknown; whoever asks will ask again.
            context.getLog()
                    .warn("what became of a write of {} cannot be read: {}", key, String.valueOf(looked.error()));
            return Effect().noReply();
        }
        for (ObjectEvent event : looked.events()) {
            if (event.origin().request().equals(execute.origin().request())) {
                // Another member may have written it, with this shard, and not have settled it yet.
                member.revisions().foundWritten(event.revision());
                return Effect().reply(execute.replyTo(), Outcome.of(event));
            }
        }
        return onExecute(state, execute, looked.checked());
    }

    /**
     * Answers what nothing is written for. A write finds out by itself whether the shard is still held; this would not, and another
     * member may have written since this entity has last heard of its shard.
     */
    private ReplyEffect<ObjectEvent, ObjectState> unwritten(ObjectState state, Execute execute, Outcome answer) {
        if (!member.share().isShared()) {
            return Effect().reply(execute.replyTo(), answer);
        }
        Revision remembered = state.revision();
        context.pipeToSelf(
                member.past().since(key, remembered),
                (events, error) -> new Confirmed(execute, answer, remembered, events, error));
        return Effect().noReply();
    }

    private ReplyEffect<ObjectEvent, ObjectState> onConfirmed(ObjectState state, Confirmed confirmed) {
        if (confirmed.events() == null) {
            // Unknown; whoever asks will ask again.
            context.getLog()
                    .warn("whether {} is as remembered cannot be read: {}", key, String.valueOf(confirmed.error()));
            return Effect().noReply();
        }
        if (confirmed.events().isEmpty()) {
            return Effect().reply(confirmed.asked().replyTo(), confirmed.answer());
        }
        if (state.revision().isAfter(confirmed.remembered())) {
            return onExecute(
                    state,
                    confirmed.asked(),
                    confirmed.asked().origin().request().began());
        }
        context.getLog().warn("{} was written by another member since it was recovered here; it starts anew", key);
        return Effect().stop().thenNoReply();
    }

    /** What goes wrong with one command is told to whom it came from; the object goes on. */
    private ReplyEffect<ObjectEvent, ObjectState> answer(ObjectState state, Execute execute) {
        if (mustWait(execute)) {
            context.scheduleOnce(CEILING_PAUSE, context.getSelf(), execute);
            return Effect().noReply();
        }
        ApiStatus refusal;
        try {
            return decide(state, execute);
        } catch (Revisions.CeilingReached later) {
            refusal = ApiStatus.unavailable(String.valueOf(later.getMessage()));
        } catch (RuntimeException fault) {
            context.getLog().error("a write of {} could not be decided", key, fault);
            refusal = ApiStatus.internal("the write could not be decided: " + fault);
        }
        return Effect().reply(execute.replyTo(), new Outcome.Refused(refusal));
    }

    /**
     * While the journal is only slow, and not gone for long: then a request has begun no later than the clock could go, and is
     * refused at once.
     */
    private boolean mustWait(Execute execute) {
        RequestId request = execute.origin().request();
        return !execute.dryRun()
                && !request.isNone()
                && !member.revisions().mayIssue()
                && member.time().instant().isBefore(request.began().instant().plus(CEILING_WITHIN));
    }

    private ReplyEffect<ObjectEvent, ObjectState> decide(ObjectState remembered, Execute execute) {
        ObjectState state = remembered instanceof ObjectState.Absent absent ? orProjected(absent) : remembered;
        Asking asking = new Asking(
                execute.origin(),
                execute.facts(),
                member.time().instant(),
                member.host().newUid());
        Kind kind = member.kind(key);
        if (kind == null) {
            return Effect().reply(execute.replyTo(), new Outcome.Refused(ApiStatus.noSuchPath()));
        }
        return switch (member.decider(kind).decide(key, state, execute.write(), asking)) {
            case Decision.Rejected no -> unwritten(remembered, execute, new Outcome.Refused(no.status()));
            case Decision.Unchanged same ->
                unwritten(remembered, execute, new Outcome.Stored(same.object(), false, false, same.warnings()));
            case Decision.Accepted yes
            when execute.dryRun() ->
                Effect().reply(execute.replyTo(), outcome(yes, imagined(kind, yes, state.revision())));
            case Decision.Accepted yes -> persist(kind, state, execute, yes);
        };
    }

    private static StoredObject imagined(Kind kind, Decision.Accepted would, Revision basis) {
        return would.outcome() == Decision.Outcome.CREATED
                ? kind.unstored(would.tree(), basis)
                : kind.store(would.tree(), basis);
    }

    /** Most Events are notes of other objects' writes; one becomes an object of its own when somebody writes it. */
    private ObjectState orProjected(ObjectState.Absent absent) {
        StoredObject shown =
                EventProjection.isProjected(key) ? member.index().view().get(key) : null;
        return shown != null && shown.revision().isAfter(absent.revision()) ? new ObjectState.Live(shown) : absent;
    }

    /** From here on the revision is in flight; the journal settles it, written or not. */
    private ReplyEffect<ObjectEvent, ObjectState> persist(
            Kind kind, ObjectState state, Execute execute, Decision.Accepted yes) {
        RequestId request = execute.origin().request();
        Revision revision = member.revisions().issue(max(state.revision(), request.began()));
        if (reservations != null && yes.outcome() == Decision.Outcome.CREATED) {
            reservations = new NodeReservations(Instant.MIN);
        }
        StoredObject object = store(kind, yes, revision);
        recent.carriedOut(request, revision);
        ObjectEvent event = switch (yes.outcome()) {
            case CREATED -> new ObjectEvent.Created(object, execute.origin(), notes(execute.notes(), object));
            case UPDATED -> new ObjectEvent.Updated(object, execute.origin(), notes(execute.notes(), object));
            case DELETED -> new ObjectEvent.Deleted(object, execute.origin(), notes(execute.notes(), object));
        };
        return Effect().persist(event).thenReply(execute.replyTo(), after -> outcome(yes, object));
    }

    /** What cannot be encoded is a fault of ours; its revision must not stay in flight, or the view would wait for it. */
    private StoredObject store(Kind kind, Decision.Accepted yes, Revision revision) {
        try {
            return kind.store(yes.tree(), revision);
        } catch (RuntimeException fault) {
            member.revisions().settleNotWritten(revision);
            throw fault;
        }
    }

    /** A note about the object itself can be written before its uid is known. */
    private List<Note> notes(List<Note> notes, StoredObject object) {
        return notes.stream()
                .map(n -> n.regarding().equals(key) && n.regardingUid().equals(Uid.NONE)
                        ? new Note(
                                n.warning(), n.reason(), n.message(), key, object.uid(), n.fieldPath(), n.component())
                        : n)
                .toList();
    }

    private static Outcome outcome(Decision.Accepted yes, StoredObject object) {
        return switch (yes.outcome()) {
            case CREATED -> new Outcome.Stored(object, true, true, yes.warnings());
            case UPDATED -> new Outcome.Stored(object, false, true, yes.warnings());
            case DELETED -> new Outcome.Gone(object);
        };
    }

    private ReplyEffect<ObjectEvent, ObjectState> onWake(ObjectState state) {
        Kind kind = member.kind(key);
        if (state instanceof ObjectState.Absent
                || kind == null
                || kind.reconciler().isEmpty()) {
            return Effect().noReply();
        }
        ActorRef<ReconcileLoop.Command> loop = reconcileLoop;
        if (loop == null) {
            loop = context.spawnAnonymous(ReconcileLoop.create(key, kind, member, door, events));
            context.watchWith(loop, new ReconcileEnded());
            reconcileLoop = loop;
        }
        loop.tell(ReconcileLoop.Wake.INSTANCE);
        return Effect().noReply();
    }

    private ReplyEffect<ObjectEvent, ObjectState> onReserve(Reserve asked) {
        context.pipeToSelf(member.index().atLeast(asked.seen(), LOOK_WITHIN), (view, error) -> new Seen(asked, view));
        return Effect().noReply();
    }

    private ReplyEffect<ObjectEvent, ObjectState> onSeen(ObjectState state, Seen seen) {
        View view = seen.view();
        StoredObject pod = view == null ? null : view.get(seen.asked().pod());
        Reserved answer;
        if (view == null) {
            answer = new Reserved.NotGranted("the view of the node's master is behind");
        } else if (pod == null || !pod.uid().equals(seen.asked().uid())) {
            answer = new Reserved.NotGranted("the Pod is gone");
        } else if (reservations != null && state instanceof ObjectState.Live live) {
            answer = switch (reservations.reserve(
                    live.object(),
                    pod,
                    view,
                    member.time().instant(),
                    member.revisions().issued())) {
                case NodeReservations.Answer.Granted granted -> new Reserved.Granted(granted.until());
                case NodeReservations.Answer.Refused no -> new Reserved.NotGranted(no.why());
            };
        } else {
            answer = new Reserved.NotGranted("the node is gone");
        }
        return Effect().reply(seen.asked().replyTo(), answer);
    }

    private static Revision max(Revision a, Revision b) {
        return a.isAfter(b) ? a : b;
    }
}
