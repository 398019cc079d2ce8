package io.ruori.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.node.core.Pods;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;

/** A master that a test plays: it records what it hears and says what it is told to. */
final class ScriptedMaster {
    final List<ToMaster> heard = new CopyOnWriteArrayList<>();
    final Map<String, ObjectNode> statuses = new ConcurrentHashMap<>();
    final List<ActorRef<ToAgent>> agents = new CopyOnWriteArrayList<>();
    private final ActorSystem<?> system;
    private volatile ActorRef<ToMaster> session;
    final ActorRef<AgentGate.Connect> gate;

    ScriptedMaster(ActorSystem<?> system, String name) {
        this.system = system;
        this.session = system.deadLetters();
        this.gate = system.systemActorOf(
                Behaviors.receiveMessage(connect -> {
                    session = system.systemActorOf(ears(), name + "-session-" + agents.size(), Props.empty());
                    agents.add(connect.agent());
                    connect.replyTo().tell(new AgentGate.Connected(session));
                    return Behaviors.same();
                }),
                name,
                Props.empty());
    }

    private Behavior<ToMaster> ears() {
        return Behaviors.receiveMessage(message -> {
            heard.add(message);
            if (message instanceof ToMaster.PodStatuses batch) {
                batch.statuses().forEach(s -> statuses.put(s.uid().value(), s.status()));
            }
            if (message instanceof ToMaster.Heartbeat beat
                    && beat.status().path("hangUp").asBoolean()) {
                return Behaviors.stopped();
            }
            return Behaviors.same();
        });
    }

    void hangUp() {
        session.tell(new ToMaster.Heartbeat(Json.object().put("hangUp", true)));
    }

    ActorRef<ToAgent> agent() {
        return agents.get(agents.size() - 1);
    }

    ScriptedMaster awaitSession(int number) {
        await().until(() ->
                heard.stream().filter(ToMaster.Hello.class::isInstance).count() >= number);
        return this;
    }

    void assign(long revision, ObjectNode... pods) {
        agent().tell(new ToAgent.Assignment(
                new Revision(revision),
                java.util.Arrays.stream(pods).map(p -> Pods.stored(p, revision)).toList(),
                List.of()));
    }

    void change(long revision, ObjectNode... pods) {
        agent().tell(new ToAgent.AssignmentChange(
                new Revision(revision),
                java.util.Arrays.stream(pods).map(p -> Pods.stored(p, revision)).toList(),
                List.of(),
                List.of()));
    }

    void remove(long revision, String uid) {
        agent().tell(new ToAgent.AssignmentChange(
                new Revision(revision),
                List.of(),
                List.of(new ToAgent.RemovedPod("default", "pod-" + uid, new Uid(uid))),
                List.of()));
    }

    ObjectNode status(String uid) {
        return statuses.getOrDefault(uid, Json.object());
    }

    String phase(String uid) {
        return Json.text(status(uid), "phase");
    }

    boolean isReady(String uid) {
        for (JsonNode c : status(uid).path("conditions")) {
            if (Json.text(c, "type").equals("Ready")) {
                return Json.text(c, "status").equals("True");
            }
        }
        return false;
    }

    JsonNode container(String uid) {
        return status(uid).path("containerStatuses").path(0);
    }

    boolean isGone(String uid) {
        return heard.stream()
                .anyMatch(m ->
                        m instanceof ToMaster.PodGone gone && gone.uid().value().equals(uid));
    }

    List<String> reasons() {
        return heard.stream()
                .filter(ToMaster.Notice.class::isInstance)
                .map(m -> ((ToMaster.Notice) m).note().reason())
                .toList();
    }

    List<String> messages() {
        return heard.stream()
                .filter(ToMaster.Notice.class::isInstance)
                .map(m -> ((ToMaster.Notice) m).note().message())
                .toList();
    }

    static org.awaitility.core.ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(5));
    }

    ActorSystem<?> system() {
        return system;
    }
}
