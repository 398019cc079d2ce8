package io.ruori.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.core.node.NodeSigns;
import io.ruori.core.node.PodReferences;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.view.Change;
import io.ruori.view.Subscription;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One agent's session: registers its Node, tells it what to run from a view closed past the session's start, writes what it
 * reports, and carries byte streams. Everything it writes goes through the same door as any client's write, as
 * {@code system:node:NAME} and only about its own Node, Lease and Pods.
 */
final class AgentSession extends AbstractBehavior<AgentSession.Command> {
    private static final KindName NODES = KindName.core("nodes");
    private static final KindName PODS = KindName.core("pods");
    private static final KindName CONFIG_MAPS = KindName.core("configmaps");
    private static final KindName SECRETS = KindName.core("secrets");
    private static final KindName LEASES = new KindName("coordination.k8s.io", "leases");
    private static final Duration LEASE_RENEWAL = Duration.ofSeconds(10);
    private static final int LEASE_SECONDS = 40;
    private static final Duration CATCHES_UP = Duration.ofSeconds(3);
    private static final Duration REPORT_AGAIN = Duration.ofSeconds(1);
    private static final String MANAGER = "kubelet";
    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    sealed interface Command {}

    record Start(ActorRef<AgentGate.Connected> replyTo) implements Command {}

    record Replaced() implements Command {}

    /** Where masters are found. */
    record Masters(List<String> addresses) implements Command {}

    record Open(long streamId, ToAgent.Stream stream, ActorRef<ToMaster> client, ActorRef<AgentSessions.Opened> replyTo)
            implements Command {}

    private record FromAgent(ToMaster message) implements Command {}

    private record ClientGone(long streamId) implements Command {}

    private record AgentLost() implements Command {}

    private record Registered(View view) implements Command {}

    private record NotRegistered(Throwable error) implements Command {}

    private record Changed(View view, List<Change> changes) implements Command {}

    private record RenewLease() implements Command {}

    private record Reported(ObjectKey key, @Nullable Outcome outcome) implements Command {}

    private record ReportAgain(ObjectKey key) implements Command {}

    private record Ignored() implements Command {}

    private final String nodeName;
    private final ActorRef<ToAgent> agent;
    private final Member member;
    private final ObjectDoor door;
    private final EventRecorder events;
    private final ActorRef<NodeMonitor.Command> monitor;
    private final ActorRef<AgentSessions.Command> sessions;
    private final TimerScheduler<Command> timers;
    private final User user;
    private final Map<Long, ActorRef<ToMaster>> streams = new HashMap<>();
    private final ObjectNode reported = Json.object();
    private final Reports reports = new Reports(this::send);
    private Revision looked = Revision.ZERO;
    private Revision told = Revision.ZERO;
    private @Nullable Subscription subscription;

    private AgentSession(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            String nodeName,
            ActorRef<ToAgent> agent,
            Member member,
            ObjectDoor door,
            EventRecorder events,
            ActorRef<NodeMonitor.Command> monitor,
            ActorRef<AgentSessions.Command> sessions) {
        super(context);
        this.timers = timers;
        this.nodeName = nodeName;
        this.agent = agent;
        this.member = member;
        this.door = door;
        this.events = events;
        this.monitor = monitor;
        this.sessions = sessions;
        this.user = AgentSessions.user(nodeName);
        context.watchWith(agent, new AgentLost());
    }

    static Behavior<Command> create(
            String nodeName,
            ActorRef<ToAgent> agent,
            Member member,
            ObjectDoor door,
            EventRecorder events,
            ActorRef<NodeMonitor.Command> monitor,
            ActorRef<AgentSessions.Command> sessions) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new AgentSession(context, timers, nodeName, agent, member, door, events, monitor, sessions)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::on)
                .onSignal(PostStop.class, stop -> {
                    stopped();
                    return this;
                })
                .build();
    }

    private Behavior<Command> on(Command command) {
        return switch (command) {
            case Start start -> {
                ActorRef<ToMaster> inbox = getContext().messageAdapter(ToMaster.class, FromAgent::new);
                start.replyTo().tell(new AgentGate.Connected(inbox));
                yield this;
            }
            case Replaced replaced -> {
                agent.tell(new ToAgent.Refused("node " + nodeName + " has a newer session"));
                yield Behaviors.stopped();
            }
            case AgentLost lost -> Behaviors.stopped();
            case FromAgent from -> onAgent(from.message());
            case Registered registered -> onRegistered(registered.view());
            case NotRegistered failed -> {
                getContext().getLog().warn("node {} could not be registered", nodeName, failed.error());
                agent.tell(new ToAgent.Refused(
                        "the Node could not be registered: " + failed.error().getMessage()));
                yield Behaviors.stopped();
            }
            case Changed changed -> onChanged(changed);
            case RenewLease renew -> renewLease();
            case Open open -> onOpen(open);
            case Masters known -> {
                agent.tell(new ToAgent.Masters(known.addresses()));
                yield this;
            }
            case ClientGone gone -> {
                if (streams.remove(gone.streamId()) != null) {
                    agent.tell(new ToAgent.StreamClosed(gone.streamId()));
                }
                yield this;
            }
            case Reported reported -> onReported(reported);
            case ReportAgain again -> {
                reports.again(again.key());
                yield this;
            }
            case Ignored ignored -> this;
        };
    }

    private void stopped() {
        streams.forEach((id, client) ->
                client.tell(new ToMaster.StreamEnded(id, -1, "the connection to node " + nodeName + " was lost")));
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private Behavior<Command> onAgent(ToMaster message) {
        switch (message) {
            case ToMaster.Hello hello -> register(hello);
            case ToMaster.Heartbeat heartbeat -> onHeartbeat(heartbeat.status());
            case ToMaster.PodStatuses statuses -> statuses.statuses().forEach(this::writeStatus);
            case ToMaster.PodGone gone -> removePod(gone);
            case ToMaster.Notice notice -> events.record(user, notice.note());
            case ToMaster.StreamData data -> toClient(data.streamId(), data);
            case ToMaster.StreamCredit credit -> toClient(credit.streamId(), credit);
            case ToMaster.StreamEnded ended -> {
                ActorRef<ToMaster> client = streams.remove(ended.streamId());
                if (client != null) {
                    getContext().unwatch(client);
                    client.tell(ended);
                }
            }
        }
        return this;
    }

    // ---- the Node and its Lease

    private void register(ToMaster.Hello hello) {
        if (!hello.nodeName().equals(nodeName)) {
            agent.tell(new ToAgent.Refused("this session is for node " + nodeName + ", not " + hello.nodeName()));
            return;
        }
        monitor.tell(new NodeMonitor.Heard(nodeName));
        ObjectKey key = new ObjectKey(NODES, "", nodeName);
        ObjectNode status = Json.child(hello.node(), "status").deepCopy();
        reported.setAll(status.deepCopy());
        CompletionStage<View> registered = createOrLabel(key, hello.node())
                .thenCompose(done -> write(
                        key,
                        patch(Write.PatchType.STRATEGIC, "status", Json.object().set("status", status))))
                .thenCompose(outcome -> switch (outcome) {
                    case Outcome.Stored stored -> member.showing(stored.object().revision());
                    case Outcome.Gone gone -> throw new IllegalStateException("the Node is being deleted");
                    case Outcome.Refused no ->
                        throw new IllegalStateException(no.status().message());
                })
                .thenCompose(view -> notBefore(hello.seen(), view));
        getContext()
                .pipeToSelf(
                        registered, (view, error) -> error == null ? new Registered(view) : new NotRegistered(error));
    }

    /**
     * An agent that comes from another master may have seen a little more than the view of this one shows, and would refuse
     * what is older. One that has seen what never comes (the journal was restored) is not waited for.
     */
    private CompletionStage<View> notBefore(Revision seen, View view) {
        return member.index().atLeast(seen, CATCHES_UP).exceptionally(late -> view);
    }

    private CompletionStage<Outcome> createOrLabel(ObjectKey key, ObjectNode node) {
        return write(key, new Write.Create(node.deepCopy(), Write.FieldValidation.IGNORE))
                .thenCompose(outcome -> outcome instanceof Outcome.Refused no
                                && no.status().reason().equals("AlreadyExists")
                        ? write(key, patch(Write.PatchType.MERGE, "", labelsOf(node)))
                        : java.util.concurrent.CompletableFuture.completedFuture(outcome));
    }

    private static ObjectNode labelsOf(ObjectNode node) {
        ObjectNode patch = Json.object();
        patch.putObject("metadata").set("labels", Json.at(node, "metadata", "labels"));
        return patch;
    }

    private Behavior<Command> onRegistered(View view) {
        String podCidr = Json.text(
                java.util.Objects.requireNonNull(
                                view.get(new ObjectKey(NODES, "", nodeName)), "the Node was just stored")
                        .tree(),
                "spec",
                "podCIDR");
        long epoch = view.revision().value();
        agent.tell(new ToAgent.Welcome(epoch, podCidr));
        sessions.tell(new AgentSessions.Began(nodeName, getContext().getSelf(), epoch));
        ActorRef<Command> self = getContext().getSelf();
        subscription = member.index().subscribe(Set.of(PODS, CONFIG_MAPS, SECRETS), (now, changes) -> {
            List<Change> ours = concerning(changes);
            if (!ours.isEmpty()) {
                self.tell(new Changed(now, ours));
            }
        });
        // The subscription is in place before this view is read, so nothing can fall between them.
        View current = member.index().view();
        told = current.revision();
        List<StoredObject> pods = new ArrayList<>();
        current.byField(PODS, "spec.nodeName", nodeName).forEach(pods::add);
        agent.tell(new ToAgent.Assignment(told, pods, references(current, pods)));
        timers.startTimerAtFixedRate("lease", new RenewLease(), Duration.ZERO, LEASE_RENEWAL);
        return this;
    }

    /** Runs on the view's own thread for every batch, so it only looks at keys and one field. */
    private List<Change> concerning(List<Change> changes) {
        List<Change> ours = new ArrayList<>();
        for (Change change : changes) {
            if (!change.key().kind().equals(PODS) || isOurs(change.before()) || isOurs(change.after())) {
                ours.add(change);
            }
        }
        return ours;
    }

    private boolean isOurs(@Nullable StoredObject pod) {
        return pod != null && pod.field("spec.nodeName").equals(nodeName);
    }

    private Behavior<Command> renewLease() {
        ObjectKey key = new ObjectKey(LEASES, NodeMonitor.LEASE_NAMESPACE, nodeName);
        ObjectNode spec = Json.object()
                .put("holderIdentity", nodeName)
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", microTime(member.time().instant()));
        ObjectNode lease =
                Json.object().put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        lease.putObject("metadata").putObject("annotations").put(NodeSigns.SESSION_LEASE, "true");
        lease.set("spec", spec);
        CompletionStage<Outcome> renewed = member.index().view().get(key) == null
                ? write(key, new Write.Create(lease, Write.FieldValidation.IGNORE))
                : write(key, patch(Write.PatchType.MERGE, "", lease));
        getContext().pipeToSelf(renewed, (outcome, error) -> new Ignored());
        return this;
    }

    private static String microTime(Instant at) {
        return MICRO_TIME.format(at);
    }

    private void onHeartbeat(JsonNode status) {
        monitor.tell(new NodeMonitor.Heard(nodeName));
        agent.tell(ToAgent.StreamCredit.ECHO);
        if (status instanceof ObjectNode changed && !changed.isEmpty()) {
            reported.setAll(changed);
            report(changed);
            return;
        }
        StoredObject node = member.index().view().get(new ObjectKey(NODES, "", nodeName));
        if (node != null && !node.revision().equals(looked)) {
            looked = node.revision();
            if (isGivenUp(node)) {
                report(wellSince(member.time().instant()));
            }
        }
    }

    private void report(ObjectNode status) {
        ObjectKey key = new ObjectKey(NODES, "", nodeName);
        Write patch = patch(Write.PatchType.STRATEGIC, "status", Json.object().set("status", status));
        reports.say(key, () -> write(key, patch.copy()));
    }

    private void send(ObjectKey key, CompletionStage<Outcome> write) {
        getContext().pipeToSelf(write, (outcome, error) -> new Reported(key, outcome));
    }

    private Behavior<Command> onReported(Reported reported) {
        if (reports.ended(reported.key(), reported.outcome())) {
            ReportAgain again = new ReportAgain(reported.key());
            timers.startSingleTimer(again, again, REPORT_AGAIN);
        }
        return this;
    }

    /** The monitor gave the node up while its agent was silent; only its agent can say that it is well. */
    private static boolean isGivenUp(StoredObject node) {
        for (JsonNode condition : node.tree().path("status").path("conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status").equals("Unknown");
            }
        }
        return false;
    }

    /** What the agent reported last, its conditions beginning anew. */
    private ObjectNode wellSince(Instant now) {
        ObjectNode status = reported.deepCopy();
        for (JsonNode condition : status.path("conditions")) {
            ((ObjectNode) condition)
                    .put(
                            "lastTransitionTime",
                            now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        return status;
    }

    // ---- Pods

    private Behavior<Command> onChanged(Changed changed) {
        List<StoredObject> pods = new ArrayList<>();
        List<ToAgent.RemovedPod> removed = new ArrayList<>();
        List<StoredObject> references = new ArrayList<>();
        for (Change change : changed.changes()) {
            if (!change.revision().isAfter(told)) {
                continue;
            }
            StoredObject after = change.after();
            if (!change.key().kind().equals(PODS)) {
                if (after != null) {
                    references.add(after);
                }
            } else if (isOurs(after)) {
                pods.add(java.util.Objects.requireNonNull(after));
            } else {
                StoredObject before = java.util.Objects.requireNonNull(change.before());
                removed.add(new ToAgent.RemovedPod(
                        change.key().namespace(), change.key().name(), before.uid()));
            }
        }
        told = changed.view().revision();
        List<StoredObject> wanted = relevant(changed.view(), references);
        wanted.addAll(references(changed.view(), pods));
        if (!pods.isEmpty() || !removed.isEmpty() || !wanted.isEmpty()) {
            agent.tell(new ToAgent.AssignmentChange(told, pods, removed, wanted));
        }
        return this;
    }

    /** Of changed ConfigMaps and Secrets, those a Pod of this node refers to. */
    private List<StoredObject> relevant(View view, List<StoredObject> changed) {
        List<StoredObject> wanted = new ArrayList<>();
        if (changed.isEmpty()) {
            return wanted;
        }
        Set<ObjectKey> used = new HashSet<>();
        for (StoredObject pod : view.byField(PODS, "spec.nodeName", nodeName)) {
            used.addAll(PodReferences.of(pod));
        }
        for (StoredObject object : changed) {
            if (used.contains(object.key())) {
                wanted.add(object);
            }
        }
        return wanted;
    }

    private static List<StoredObject> references(View view, List<StoredObject> pods) {
        Set<ObjectKey> keys = new HashSet<>();
        pods.forEach(pod -> keys.addAll(PodReferences.of(pod)));
        List<StoredObject> found = new ArrayList<>();
        for (ObjectKey key : keys) {
            StoredObject object = view.get(key);
            if (object != null) {
                found.add(object);
            }
        }
        return found;
    }

    private void writeStatus(ToMaster.PodStatus report) {
        if (!isOnThisNode(new ObjectKey(PODS, report.namespace(), report.name()))) {
            return;
        }
        ObjectNode status = report.status();
        replaceWhole(status, "podIPs");
        replaceWhole(status, "hostIPs");
        Write.Patch patch = new Write.Patch(
                Write.PatchType.STRATEGIC,
                Json.object().set("status", status),
                "status",
                false,
                new Write.Precondition(report.uid(), null),
                Write.FieldValidation.IGNORE);
        ObjectKey key = new ObjectKey(PODS, report.namespace(), report.name());
        reports.say(key, () -> door.write(key, patch.copy(), origin("reported by the node's agent", key), List.of()));
    }

    /** An agent may speak of its own Pods only; one that is gone already needs no more words. */
    private boolean isOnThisNode(ObjectKey key) {
        return isOurs(member.index().view().get(key));
    }

    /** Strategic merge would add to these lists by address; the agent's word is the whole truth. */
    private static void replaceWhole(ObjectNode status, String list) {
        if (status.get(list) instanceof ArrayNode values && !values.isEmpty()) {
            values.insertObject(0).put("$patch", "replace");
        }
    }

    private void removePod(ToMaster.PodGone gone) {
        Write.Delete delete = new Write.Delete(0, "", new Write.Precondition(gone.uid(), null));
        ObjectKey key = new ObjectKey(PODS, gone.namespace(), gone.name());
        if (!isOnThisNode(key)) {
            return;
        }
        reports.say(key, () -> door.write(key, delete, origin("its containers have stopped", key), List.of()));
    }

    // ---- byte streams

    private Behavior<Command> onOpen(Open open) {
        streams.put(open.streamId(), open.client());
        getContext().watchWith(open.client(), new ClientGone(open.streamId()));
        // First: who hears that it is open sends at once, and the agent drops what belongs to no stream.
        agent.tell(new ToAgent.OpenStream(open.streamId(), open.stream()));
        open.replyTo().tell(new AgentSessions.Opened.To(open.streamId(), agent));
        return this;
    }

    private void toClient(long streamId, ToMaster frame) {
        ActorRef<ToMaster> client = streams.get(streamId);
        if (client != null) {
            client.tell(frame);
        }
    }

    // ---- shared

    private CompletionStage<Outcome> write(ObjectKey key, Write write) {
        Origin origin = new Origin(user, MANAGER, "node/" + nodeName, "reported by the node's agent", Revision.ZERO);
        return door.write(key, write, origin, List.of());
    }

    /** What happens to a Pod on its node comes from what the Pod was last told to be. */
    private Origin origin(String why, ObjectKey pod) {
        StoredObject known = member.index().view().get(pod);
        return new Origin(user, MANAGER, "node/" + nodeName, why, known == null ? Revision.ZERO : known.revision());
    }

    private static Write.Patch patch(Write.PatchType type, String subresource, JsonNode body) {
        return new Write.Patch(type, body, subresource, false, Write.Precondition.NONE, Write.FieldValidation.IGNORE);
    }
}
