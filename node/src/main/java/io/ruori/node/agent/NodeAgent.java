package io.ruori.node.agent;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Json;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.node.core.NodeFacts;
import io.ruori.node.core.NodeObject;
import io.ruori.node.core.PodNotice;
import io.ruori.node.core.PodSpec;
import io.ruori.node.core.References;
import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.runtime.RuntimeEvent;
import io.ruori.node.runtime.RuntimeInfo;
import io.ruori.node.runtime.SandboxState;
import io.ruori.node.simulated.SimulatedRuntime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/**
 * One node. It keeps a session with some master, hands the Pods assigned to it to one {@link PodWorker} each, and sends back
 * statuses, facts and signs of life.
 *
 * <p>What it promises about running containers: they are stopped only by an explicit assignment that is at least as new as
 * any this node ever obeyed. A lost master, an empty answer from the past or a restart of the agent stops nothing; what an
 * agent finds running when it starts it adopts.
 *
 * <pre>
 *            MasterSession (one a session)      SeenRevision (durable)
 *                 │ MasterSaid                      ▲ before acting
 *                 ▼                                 │
 *   runtime ─▶ NodeAgent ──── Assign, Observe ─▶ PodWorker (one a Pod) ─▶ runtime
 *   events        ▲ ◀─────── PodReport, PodEnded ───┘
 * </pre>
 */
public final class NodeAgent extends AbstractBehavior<NodeAgent.Command> {

    /** What a node agent hears. */
    public sealed interface Command {}

    record MasterSaid(long session, ToAgent message) implements Command {}

    record SessionOpened(long session, ActorRef<ToMaster> master) implements Command {}

    record SessionLost(long session, String why) implements Command {}

    record WorkerReady(String uid, ActorRef<PodWorker.Command> worker) implements Command {}

    record PodReport(String uid, PodSpec pod, ObjectNode status) implements Command {}

    record PodNoticed(String uid, PodNotice notice) implements Command {}

    record PodEnded(String uid) implements Command {}

    record StreamOver(long streamId) implements Command {}

    private record Informed(RuntimeInfo info) implements Command {}

    private record RuntimeAway(String why) implements Command {}

    private record Listed(List<SandboxState> sandboxes, long askedAt) implements Command {}

    private record ListFailed(String why) implements Command {}

    private record Happened(RuntimeEvent event) implements Command {}

    private record EventsEnded(int subscription) implements Command {}

    private record SeenWritten(Revision upTo) implements Command {}

    private record SeenFailed(String why) implements Command {}

    private record Tick(Timer timer) implements Command {}

    private enum Timer {
        INFORM,
        SUBSCRIBE,
        RELIST,
        CONNECT,
        HEARTBEAT,
        SILENCE,
        FLUSH
    }

    private static final Duration RUNTIME_RETRY = Duration.ofSeconds(1);
    private static final Duration WORKER_BACKOFF = Duration.ofMillis(200);
    private static final Duration WORKER_BACKOFF_MAX = Duration.ofSeconds(10);
    /** Unanswered heartbeats after which the only master counts as gone; generous, since a busy master answers late. */
    private static final int SILENT_HEARTBEATS = 10;

    /** Where there are others. Nothing is lost by going to one, and those who watch over nodes miss them after 5 s. */
    private static final int SILENT_HEARTBEATS_OF_MANY = 2;

    /** Of the longest pause, the part that the first try waits at most: all agents of a lost master come at once. */
    private static final int FIRST_PAUSE = 8;

    /** A refusal counts as so many failures: the next try is not at once. */
    private static final int REFUSED = 3;

    private static final int REMEMBERED_ENDINGS = 1000;

    private final NodeSettings settings;
    private final ContainerRuntime runtime;
    private final MasterLink link;
    private final Clock clock;
    private final TimerScheduler<Command> timers;
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final SeenRevision seenFile;
    private final Materializer materializer;
    private @Nullable StepRunner runner;
    private @Nullable RuntimeInfo info;
    private boolean runtimeReady = true;

    // The session.
    private long session;
    private @Nullable ActorRef<ToMaster> master;
    private @Nullable ActorRef<MasterSession.Command> ears;
    private boolean greeted;
    private long heardAt;
    private int failures;

    // Assignments: obeyed in order, each after its revision is on disk.
    private Revision seen;
    private Revision written;
    private boolean writing;
    private final Deque<ToAgent> obedience = new ArrayDeque<>();
    private boolean assigned;

    // Pods.
    private final Map<String, Pod> pods = new LinkedHashMap<>();
    private final Map<ObjectKey, ObjectNode> references = new HashMap<>();
    private final Map<String, ObjectNode> unsent = new LinkedHashMap<>();
    private final Deque<String> ended = new ArrayDeque<>();
    private boolean flushing;

    // The runtime.
    private Map<String, List<SandboxState>> listed = Map.of();
    private boolean everListed;
    private boolean listing;
    private boolean listAgain;
    private int subscription;

    private final Map<Long, ActorRef<ByteStream.Command>> streams = new HashMap<>();

    /** A Pod and its worker. */
    private static final class Pod {
        PodSpec spec;

        @Nullable
        ActorRef<PodWorker.Command> worker;

        boolean removed;

        /** Nobody assigned it: it was found in the runtime only, and no master knows it. */
        boolean stray;

        Pod(PodSpec spec) {
            this.spec = spec;
        }
    }

    private NodeAgent(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            NodeSettings settings,
            ContainerRuntime runtime,
            MasterLink link,
            Clock clock) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.runtime = runtime;
        this.link = link;
        this.clock = clock;
        this.materializer = Materializer.createMaterializer(context);
        this.seenFile = new SeenRevision(settings.directory());
        this.seen = seenFile.read();
        this.written = seen;
    }

    /** The agent of one node. It owns neither the runtime nor the link; stopping it stops no container. */
    public static Behavior<Command> create(NodeSettings settings, ContainerRuntime runtime, MasterLink link) {
        return create(settings, runtime, link, Clock.systemUTC());
    }

    static Behavior<Command> create(NodeSettings settings, ContainerRuntime runtime, MasterLink link, Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            NodeAgent agent = new NodeAgent(context, timers, settings, runtime, link, clock);
            agent.inform();
            return agent;
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::on)
                .onSignal(PostStop.class, stop -> closed())
                .onSignal(PreRestart.class, restart -> closed())
                .build();
    }

    private Behavior<Command> closed() {
        blocking.shutdown();
        return this;
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Informed informed -> informed(informed.info());
            case RuntimeAway away -> {
                getContext().getLog().warn("the container runtime does not answer: {}", away.why());
                after(RUNTIME_RETRY, Timer.INFORM);
            }
            case Listed list -> listed(list);
            case ListFailed failed -> listFailed(failed.why());
            case Happened happened -> happened(happened.event());
            case EventsEnded end -> eventsEnded(end.subscription());
            case SessionOpened opened -> sessionOpened(opened);
            case SessionLost lost -> sessionLost(lost);
            case MasterSaid said -> {
                if (said.session() == session) {
                    heardAt = System.nanoTime();
                    heard(said.message());
                }
            }
            case SeenWritten done -> seenWritten(done.upTo());
            case SeenFailed failed -> throw new IllegalStateException("cannot remember the revision: " + failed.why());
            case WorkerReady ready -> workerReady(ready);
            case PodReport report -> reported(report);
            case PodNoticed noticed -> noticed(noticed);
            case PodEnded gone -> podEnded(gone.uid());
            case StreamOver over -> streams.remove(over.streamId());
            case Tick tick -> tick(tick.timer());
        }
        return this;
    }

    private void tick(Timer timer) {
        switch (timer) {
            case INFORM -> inform();
            case SUBSCRIBE -> subscribe();
            case RELIST -> {
                relist();
                after(settings.relist(), Timer.RELIST);
            }
            case CONNECT -> connect();
            case HEARTBEAT -> heartbeat();
            case SILENCE -> leaveTheSilent();
            case FLUSH -> flush();
        }
    }

    private void after(Duration delay, Timer timer) {
        timers.startSingleTimer(timer, new Tick(timer), delay);
    }

    // ---- the runtime ----

    private void inform() {
        getContext()
                .pipeToSelf(
                        runtime.info(),
                        (found, failure) -> failure == null
                                ? new Informed(found)
                                : new RuntimeAway(String.valueOf(failure.getMessage())));
    }

    private void informed(RuntimeInfo found) {
        info = found;
        NodeFacts facts =
                new NodeFacts(settings.name(), settings.address(), found.name(), found.cpus(), found.memoryBytes());
        ActionRunner actions = new ActionRunner(runtime, materializer, blocking, runtime instanceof SimulatedRuntime);
        runner = new StepRunner(
                runtime, actions, new VolumeStore(settings.directory()), facts, blocking, materializer, clock);
        subscribe();
        after(settings.relist(), Timer.RELIST);
        connect();
    }

    /** Listening comes before looking, so that nothing falls between the two. */
    private void subscribe() {
        int number = ++subscription;
        getContext()
                .pipeToSelf(
                        runtime.events()
                                .runWith(
                                        Sink.foreach(
                                                event -> getContext().getSelf().tell(new Happened(event))),
                                        materializer),
                        (done, failure) -> new EventsEnded(number));
        relist();
    }

    private void eventsEnded(int number) {
        if (number == subscription) {
            after(Duration.ofMillis(200), Timer.SUBSCRIBE);
        }
    }

    /** One look at a time; a wish that comes during one is answered by the next. */
    private void relist() {
        if (listing) {
            listAgain = true;
            return;
        }
        listing = true;
        listAgain = false;
        long askedAt = System.nanoTime();
        getContext()
                .pipeToSelf(
                        runtime.list(),
                        (all, failure) -> failure == null
                                ? new Listed(all, askedAt)
                                : new ListFailed(String.valueOf(failure.getMessage())));
    }

    private void listFailed(String why) {
        getContext().getLog().warn("cannot list what the runtime has: {}", why);
        listing = false;
        setRuntimeReady(false);
        after(RUNTIME_RETRY, Timer.RELIST);
    }

    private void listed(Listed list) {
        listing = false;
        everListed = true;
        setRuntimeReady(true);
        Map<String, List<SandboxState>> byPod = new HashMap<>();
        list.sandboxes()
                .forEach(s -> byPod.computeIfAbsent(s.podUid(), uid -> new ArrayList<>())
                        .add(s));
        listed = byPod;
        pods.forEach((uid, pod) -> show(uid, pod, list.askedAt()));
        adoptStrays();
        if (listAgain) {
            relist();
        }
    }

    private void show(String uid, Pod pod, long askedAt) {
        if (pod.worker != null) {
            pod.worker.tell(new PodWorker.Observe(listed.getOrDefault(uid, List.of()), askedAt));
        }
    }

    /**
     * Sandboxes of no assigned Pod belong to Pods that were deleted while this agent was away. Only once an assignment was
     * obeyed: before that nothing is known, and nothing is touched.
     */
    private void adoptStrays() {
        if (!assigned) {
            return;
        }
        Set<String> strays = new HashSet<>(listed.keySet());
        strays.removeAll(pods.keySet());
        ended.forEach(strays::remove);
        for (String uid : strays) {
            SandboxState sandbox = listed.getOrDefault(uid, List.of()).getFirst();
            getContext()
                    .getLog()
                    .info("pod {}/{} is gone: stopping what is left of it", sandbox.podNamespace(), sandbox.podName());
            ObjectNode tree = Json.object();
            tree.putObject("metadata")
                    .put("namespace", sandbox.podNamespace())
                    .put("name", sandbox.podName())
                    .put("uid", uid);
            Pod pod = new Pod(PodSpec.read(tree));
            pod.removed = true;
            pod.stray = true;
            pods.put(uid, pod);
            spawnWorker(uid);
        }
    }

    private void happened(RuntimeEvent event) {
        Pod pod = pods.get(event.podUid());
        if (pod != null && pod.worker != null) {
            pod.worker.tell(new PodWorker.Happened(event));
        }
    }

    private void setRuntimeReady(boolean ready) {
        if (ready != runtimeReady) {
            runtimeReady = ready;
            if (info != null) {
                say(new ToMaster.Heartbeat(nodeStatus(info)));
            }
        }
    }

    private ObjectNode nodeStatus(RuntimeInfo known) {
        return NodeObject.status(
                settings.name(), settings.address(), known, settings.maxPods(), runtimeReady, clock.instant());
    }

    // ---- the session ----

    private void connect() {
        session++;
        ears = getContext()
                .spawnAnonymous(MasterSession.create(
                        session, settings.name(), link, getContext().getSelf()));
    }

    private void sessionOpened(SessionOpened opened) {
        if (opened.session() != session || info == null) {
            return;
        }
        master = opened.master();
        greeted = false;
        heardAt = System.nanoTime();
        ObjectNode node = NodeObject.of(
                settings.name(),
                settings.address(),
                info,
                settings.labels(),
                settings.maxPods(),
                runtimeReady,
                clock.instant());
        say(new ToMaster.Hello(settings.name(), node, seen));
        after(settings.heartbeat(), Timer.HEARTBEAT);
        leaveTheSilent();
    }

    private void sessionLost(SessionLost lost) {
        if (lost.session() != session) {
            return;
        }
        getContext().getLog().debug("no session with a master: {}", lost.why());
        endSession();
    }

    /** Containers go on; only the talking stops, and begins again soon. */
    private void endSession() {
        master = null;
        session++; // whatever the old session still says is not heard
        if (ears != null) {
            getContext().stop(ears); // the master watches it and learns that nobody listens
            ears = null;
        }
        timers.cancel(Timer.HEARTBEAT);
        timers.cancel(Timer.SILENCE);
        streams.values().forEach(stream -> stream.tell(new ByteStream.Drop()));
        streams.clear();
        after(pause(), Timer.CONNECT);
    }

    /** Almost none before the first try, then longer and longer ones; no two agents take the same. */
    private Duration pause() {
        long most = settings.reconnect().toMillis();
        long longest = Math.min(most, (most / FIRST_PAUSE) << Math.min(failures, 10));
        failures++;
        return Duration.ofMillis(longest / 4 + ThreadLocalRandom.current().nextLong(longest * 3 / 4 + 1));
    }

    private void heartbeat() {
        if (master != null) {
            say(new ToMaster.Heartbeat(NullNode.instance));
            after(settings.heartbeat(), Timer.HEARTBEAT);
        }
    }

    /** A machine that vanished or stands still closes no connection: only its silence tells, as it echoes every heartbeat. */
    private void leaveTheSilent() {
        if (master == null) {
            return;
        }
        int unanswered = link.hasOthers() && failures == 0 ? SILENT_HEARTBEATS_OF_MANY : SILENT_HEARTBEATS;
        Duration left = settings.heartbeat().multipliedBy(unanswered).minusNanos(System.nanoTime() - heardAt);
        if (left.isPositive()) {
            after(left, Timer.SILENCE);
        } else {
            getContext().getLog().warn("the master is silent: looking for another");
            endSession();
        }
    }

    private void say(ToMaster message) {
        if (master != null) {
            master.tell(message);
        }
    }

    private void heard(ToAgent message) {
        switch (message) {
            case ToAgent.Welcome welcome -> {
                failures = 0;
                leaveTheSilent();
                getContext().getLog().info("session {} with a master, epoch {}", session, welcome.epoch());
            }
            case ToAgent.Refused refused -> {
                getContext().getLog().warn("the master refuses this node: {}", refused.reason());
                failures = Math.max(failures, REFUSED); // two agents of one node would drive each other out for ever
                endSession();
            }
            case ToAgent.Assignment assignment -> accept(assignment.revision(), assignment);
            case ToAgent.AssignmentChange change -> accept(change.revision(), change);
            case ToAgent.OpenStream open -> openStream(open);
            case ToAgent.StreamData data ->
                toStream(data.streamId(), new ByteStream.Input(data.channel(), data.bytes()));
            case ToAgent.StreamHalfClosed half -> toStream(half.streamId(), new ByteStream.InputClosed(half.channel()));
            case ToAgent.StreamClosed closed -> toStream(closed.streamId(), new ByteStream.Drop());
            case ToAgent.StreamCredit credit when credit.equals(ToAgent.StreamCredit.ECHO) -> {} // heard, that is all
            case ToAgent.Masters known -> {} // the link's business
            case ToAgent.StreamCredit credit -> toStream(credit.streamId(), new ByteStream.Credit(credit.bytes()));
        }
    }

    // ---- assignments ----

    private void accept(Revision revision, ToAgent message) {
        if (seen.isAfter(revision)) {
            getContext().getLog().warn("refused an assignment of revision {}: {} was seen", revision, seen);
            return;
        }
        seen = revision;
        obedience.add(message);
        obey();
    }

    private void obey() {
        while (!obedience.isEmpty() && !revisionOf(obedience.getFirst()).isAfter(written)) {
            switch (obedience.removeFirst()) {
                case ToAgent.Assignment assignment -> obey(assignment);
                case ToAgent.AssignmentChange change -> obey(change);
                // Only the two above are ever queued.
                case ToAgent.Welcome other -> {}
                case ToAgent.Refused other -> {}
                case ToAgent.OpenStream other -> {}
                case ToAgent.StreamData other -> {}
                case ToAgent.StreamHalfClosed other -> {}
                case ToAgent.StreamClosed other -> {}
                case ToAgent.StreamCredit other -> {}
                case ToAgent.Masters other -> {}
            }
        }
        if (!obedience.isEmpty() && !writing) {
            writing = true;
            Revision upTo = seen;
            getContext()
                    .pipeToSelf(
                            CompletableFuture.runAsync(() -> seenFile.write(upTo), blocking),
                            (done, failure) -> failure == null
                                    ? new SeenWritten(upTo)
                                    : new SeenFailed(String.valueOf(failure.getMessage())));
        }
    }

    private static Revision revisionOf(ToAgent message) {
        if (message instanceof ToAgent.Assignment assignment) {
            return assignment.revision();
        }
        return message instanceof ToAgent.AssignmentChange change ? change.revision() : Revision.ZERO;
    }

    private void seenWritten(Revision upTo) {
        writing = false;
        written = upTo;
        obey();
    }

    private void obey(ToAgent.Assignment assignment) {
        assigned = true;
        references.clear();
        assignment.references().forEach(object -> references.put(object.key(), object.tree()));
        Set<String> wanted = new HashSet<>();
        for (StoredObject pod : assignment.pods()) {
            wanted.add(pod.uid().value());
            assign(pod, true);
        }
        pods.forEach((uid, pod) -> {
            if (!wanted.contains(uid)) {
                remove(pod);
            }
        });
        pods.values().forEach(pod -> tell(pod, new PodWorker.Report()));
        greeted = true;
        relist();
    }

    private void obey(ToAgent.AssignmentChange change) {
        Set<String> namespaces = new HashSet<>();
        for (StoredObject object : change.references()) {
            references.put(object.key(), object.tree());
            namespaces.add(object.key().namespace());
        }
        change.pods().forEach(pod -> assign(pod, namespaces.contains(pod.key().namespace())));
        Set<String> just = new HashSet<>();
        change.pods().forEach(pod -> just.add(pod.uid().value()));
        pods.forEach((uid, pod) -> {
            if (!just.contains(uid) && namespaces.contains(pod.spec.namespace()) && !pod.removed) {
                tell(pod, new PodWorker.Assign(pod.spec, references(), true));
            }
        });
        for (ToAgent.RemovedPod removed : change.removed()) {
            Pod pod = pods.get(removed.uid().value());
            if (pod != null) {
                remove(pod);
            }
        }
    }

    private void assign(StoredObject object, boolean referencesChanged) {
        String uid = object.uid().value();
        PodSpec spec = PodSpec.read(object.tree());
        Pod known = pods.get(uid);
        if (known != null) {
            known.spec = spec;
            tell(known, new PodWorker.Assign(spec, references(), referencesChanged));
            return;
        }
        ended.remove(uid);
        pods.put(uid, new Pod(spec));
        spawnWorker(uid);
    }

    private void remove(Pod pod) {
        if (!pod.removed) {
            pod.removed = true;
            tell(pod, new PodWorker.Remove());
        }
    }

    private static void tell(Pod pod, PodWorker.Command command) {
        if (pod.worker != null) {
            pod.worker.tell(command);
        }
    }

    /** A copy, since workers read it on other threads. */
    private References references() {
        return References.of(Map.copyOf(references));
    }

    // ---- workers ----

    private void spawnWorker(String uid) {
        if (runner == null) {
            return; // not before the runtime answered; sessions begin after that
        }
        Behavior<PodWorker.Command> worker = PodWorker.create(uid, getContext().getSelf(), runner, clock);
        getContext()
                .spawnAnonymous(Behaviors.supervise(worker)
                        .onFailure(SupervisorStrategy.restartWithBackoff(WORKER_BACKOFF, WORKER_BACKOFF_MAX, 0.2)));
    }

    private void workerReady(WorkerReady ready) {
        Pod pod = pods.get(ready.uid());
        if (pod == null) {
            getContext().stop(ready.worker());
            return;
        }
        boolean again = pod.worker != null;
        pod.worker = ready.worker();
        pod.worker.tell(new PodWorker.Assign(pod.spec, references(), false));
        if (pod.removed) {
            pod.worker.tell(new PodWorker.Remove());
        }
        if (again || !everListed || listed.containsKey(ready.uid())) {
            relist();
        } else {
            // A Pod that this node never had: there is nothing to look for.
            pod.worker.tell(new PodWorker.Observe(List.of(), System.nanoTime()));
        }
    }

    private void reported(PodReport report) {
        Pod pod = pods.get(report.uid());
        if (pod == null || pod.removed) {
            return;
        }
        unsent.put(report.uid(), report.status());
        if (!flushing) {
            flush();
        }
    }

    /** The first status goes at once, those that follow within the batching time go together. */
    private void flush() {
        flushing = !unsent.isEmpty();
        if (!flushing) {
            return;
        }
        List<ToMaster.PodStatus> batch = new ArrayList<>();
        unsent.forEach((uid, status) -> {
            Pod pod = pods.get(uid);
            if (pod != null) {
                batch.add(new ToMaster.PodStatus(pod.spec.namespace(), pod.spec.name(), new Uid(uid), status));
            }
        });
        unsent.clear();
        if (greeted && !batch.isEmpty()) {
            say(new ToMaster.PodStatuses(batch)); // without a master nothing is lost: a new one asks for all
        }
        after(settings.batching(), Timer.FLUSH);
    }

    private void noticed(PodNoticed noticed) {
        Pod pod = pods.get(noticed.uid());
        if (pod != null && !pod.stray && greeted) {
            PodNotice notice = noticed.notice();
            say(new ToMaster.Notice(new Note(
                    notice.warning(),
                    notice.reason(),
                    notice.message(),
                    pod.spec.key(),
                    pod.spec.uid(),
                    notice.fieldPath(),
                    "kubelet")));
        }
    }

    private void podEnded(String uid) {
        Pod pod = pods.get(uid);
        if (pod == null) {
            return;
        }
        flush(); // the last status goes before the end
        pods.remove(uid);
        ended.addLast(uid);
        if (ended.size() > REMEMBERED_ENDINGS) {
            ended.removeFirst();
        }
        if (!pod.removed) {
            say(new ToMaster.PodGone(pod.spec.namespace(), pod.spec.name(), new Uid(uid)));
        }
    }

    // ---- byte streams ----

    private void openStream(ToAgent.OpenStream open) {
        long id = open.streamId();
        Pod pod = pods.get(open.stream().podUid().value());
        ActorRef<ToMaster> to = master;
        if (to == null) {
            return;
        }
        if (pod == null || pod.worker == null) {
            to.tell(new ToMaster.StreamEnded(id, -1, "pod is not on this node"));
        } else if (streams.size() >= settings.maxStreams()) {
            to.tell(new ToMaster.StreamEnded(id, -1, "too many open streams on this node"));
        } else {
            ActorRef<ByteStream.Command> stream = getContext()
                    .spawnAnonymous(ByteStream.create(
                            id,
                            open.stream(),
                            runtime,
                            pod.worker,
                            to,
                            getContext().getSelf()));
            streams.put(id, stream);
        }
    }

    private void toStream(long id, ByteStream.Command command) {
        ActorRef<ByteStream.Command> stream = streams.get(id);
        if (stream != null) {
            stream.tell(command);
        }
    }
}
