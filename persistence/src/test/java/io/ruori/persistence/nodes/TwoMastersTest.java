package io.ruori.persistence.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Member;
import io.ruori.guardian.ClusterHost;
import io.ruori.nodes.AgentSessions;
import io.ruori.nodes.MasterAddresses;
import io.ruori.nodes.NodeMonitor;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two masters with a socket between them: an agent is with one of them, and whoever asks may be at the other. */
class TwoMastersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofMillis(1500);
    private static final String NODE = "node-1";

    private final SharedWorld world = new SharedWorld();

    /** Watches over all nodes. */
    private final Master one = new Master(true);

    private final Master other = new Master(false);

    private final class Master {
        final ActorTestKit kit = ActorTestKit.create("ruori", config());
        final ActorRef<AgentSessions.Command> agents;

        Master(boolean watchesOver) {
            Member member = world.member(new ClusterHost(kit.system()), key -> watchesOver);
            EventRecorder events = new EventRecorder(world, () -> member.index().view(), member::kinds, member.time());
            ActorRef<NodeMonitor.Command> monitor =
                    kit.spawn(NodeMonitor.create(member, world, events, GRACE), "node-monitor");
            agents = kit.spawn(
                    AgentSessions.create(
                            member,
                            world,
                            events,
                            monitor,
                            new MasterAddresses(watchesOver ? "one:6443" : "other:6443")),
                    "agents");
        }

        Agent agent() {
            return new Agent(this);
        }
    }

    /** An agent that a test plays, with a session. */
    private static final class Agent {
        final TestProbe<Object> probe;
        final ActorRef<ToMaster> session;

        Agent(Master master) {
            probe = master.kit.createTestProbe();
            TestProbe<AgentGate.Connected> gate = master.kit.createTestProbe();
            master.agents.tell(new AgentSessions.Connect(
                    new AgentGate.Connect(NODE, probe.ref().narrow(), gate.ref())));
            session = gate.receiveMessage(PATIENCE).master();
            session.tell(new ToMaster.Hello(NODE, node(), Revision.ZERO));
            probe.expectMessageClass(ToAgent.Welcome.class, PATIENCE);
            probe.expectMessageClass(ToAgent.Assignment.class, PATIENCE);
        }

        void beat() {
            session.tell(new ToMaster.Heartbeat(NullNode.instance));
        }

        /** The next message of a kind, whatever comes between. */
        <T extends ToAgent> T next(Class<T> kind) {
            Object said = probe.receiveMessage(PATIENCE);
            while (!kind.isInstance(said)) {
                said = probe.receiveMessage(PATIENCE);
            }
            return kind.cast(said);
        }

        private static ObjectNode node() {
            ObjectNode node = Json.object().put("apiVersion", "v1").put("kind", "Node");
            node.putObject("metadata").put("name", NODE);
            node.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", "True");
            return node;
        }
    }

    private static Config config() {
        return ConfigFactory.parseString("""
            pekko {
              actor.provider = cluster
              actor.allow-java-serialization = off
              remote.artery.transport = tcp
              remote.artery.canonical.hostname = "127.0.0.1"
              remote.artery.canonical.port = 0
              cluster.jmx.enabled = off
              cluster.gossip-interval = 100ms
              cluster.leader-actions-interval = 100ms
              cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
            }
            """)
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    @BeforeEach
    void meet() {
        Cluster first = Cluster.get(one.kit.system());
        first.manager().tell(Join.create(first.selfMember().address()));
        Cluster second = Cluster.get(other.kit.system());
        second.manager().tell(Join.create(first.selfMember().address()));
        await().atMost(PATIENCE).until(() -> seesTwo(first) && seesTwo(second));
    }

    @Test
    void anAgentOfOneHearsWhereBothAre() {
        Agent agent = one.agent();
        List<String> both = List.of("one:6443", "other:6443");
        List<String> told = agent.next(ToAgent.Masters.class).addresses();
        assertThat(told.equals(both) ? told : agent.next(ToAgent.Masters.class).addresses())
                .isEqualTo(both);
    }

    private static boolean seesTwo(Cluster cluster) {
        int up = 0;
        for (org.apache.pekko.cluster.Member member : cluster.state().getMembers()) {
            up += member.status().equals(MemberStatus.up()) ? 1 : 0;
        }
        return up == 2;
    }

    @AfterEach
    void part() {
        one.kit.shutdownTestKit();
        other.kit.shutdownTestKit();
    }

    @Test
    void anAgentHeardByOneMasterIsMissedByNone() {
        Agent agent = other.agent();
        long end = System.nanoTime() + GRACE.multipliedBy(3).toNanos();
        await().pollInterval(Duration.ofMillis(100)).atMost(PATIENCE).until(() -> {
            agent.beat();
            assertThat(world.ready(NODE)).isEqualTo("True");
            return System.nanoTime() > end;
        });
        await().atMost(PATIENCE).until(() -> world.ready(NODE).equals("Unknown"));
    }

    @Test
    void aNewerSessionEndsTheOlderWithAnotherMaster() {
        Agent before = one.agent();
        Agent now = other.agent();
        assertThat(before.next(ToAgent.Refused.class).reason()).contains("newer session");
        one.kit.createTestProbe().expectTerminated(before.session, PATIENCE);

        Agent back = one.agent();
        assertThat(now.next(ToAgent.Refused.class).reason()).contains("newer session");
        back.beat();
        assertThat(back.next(ToAgent.StreamCredit.class)).isEqualTo(ToAgent.StreamCredit.ECHO);
    }

    /** A stream of the node, asked for at the master without its session. */
    private final class Client {
        final TestProbe<ToMaster> frames = one.kit.createTestProbe();
        final AgentSessions.Opened.To to = open();

        private AgentSessions.Opened.To open() {
            ToAgent.Stream logs = new ToAgent.Stream.Logs(
                    new Uid("a"), "web", true, false, false, OptionalLong.empty(), OptionalLong.empty(), null);
            TestProbe<AgentSessions.Opened> opened = one.kit.createTestProbe();
            return (AgentSessions.Opened.To) await().atMost(PATIENCE)
                    .until(
                            () -> {
                                one.agents.tell(new AgentSessions.Open(NODE, logs, frames.ref(), opened.ref()));
                                return opened.receiveMessage(PATIENCE);
                            },
                            AgentSessions.Opened.To.class::isInstance);
        }
    }

    /** Input that came before would belong to no stream, and a command wait for it for ever. */
    @Test
    void theAgentHearsOfAStreamBeforeTheClientMaySend() {
        Agent agent = one.agent();
        TestProbe<ToMaster> client = one.kit.createTestProbe();
        one.agents.tell(new AgentSessions.Open(
                NODE,
                new ToAgent.Stream.Port(new Uid("a"), 80),
                client.ref(),
                agent.probe.ref().narrow()));
        agent.next(ToAgent.OpenStream.class);
        await().atMost(PATIENCE).until(() -> agent.probe.receiveMessage(PATIENCE) instanceof AgentSessions.Opened.To);
    }

    @Test
    void aStreamGoesThroughAMasterWithoutTheSession() {
        Agent agent = other.agent();
        Client client = new Client();
        long id = agent.next(ToAgent.OpenStream.class).streamId();
        assertThat(client.to.streamId()).isEqualTo(id);

        for (int i = 0; i < 20; i++) {
            agent.session.tell(new ToMaster.StreamData(id, 1, new byte[] {(byte) i}));
        }
        for (int i = 0; i < 20; i++) {
            ToMaster.StreamData data = client.frames.expectMessageClass(ToMaster.StreamData.class, PATIENCE);
            assertThat(data.bytes()).containsExactly(i);
        }
        client.to.agent().tell(new ToAgent.StreamCredit(id, 20));
        assertThat(agent.next(ToAgent.StreamCredit.class)).isEqualTo(new ToAgent.StreamCredit(id, 20));

        agent.session.tell(new ToMaster.StreamEnded(id, 3, ""));
        assertThat(client.frames.receiveMessage(PATIENCE)).isEqualTo(new ToMaster.StreamEnded(id, 3, ""));
    }

    @Test
    void theAgentLearnsThatTheClientAtAnotherMasterIsGone() {
        Agent agent = other.agent();
        Client client = new Client();
        long id = agent.next(ToAgent.OpenStream.class).streamId();
        client.frames.stop();
        assertThat(agent.next(ToAgent.StreamClosed.class).streamId()).isEqualTo(id);
    }

    @Test
    void theStreamEndsWhenTheSessionDoes() {
        Agent agent = other.agent();
        Client client = new Client();
        agent.probe.stop();
        assertThat(client.frames
                        .expectMessageClass(ToMaster.StreamEnded.class, PATIENCE)
                        .error())
                .contains("the connection to node node-1 was lost");
    }

    @Test
    void theStreamEndsWithAnErrorWhenTheOtherMasterIsGone() {
        Agent agent = other.agent();
        Client client = new Client();
        agent.next(ToAgent.OpenStream.class);
        other.kit.shutdownTestKit();
        assertThat(client.frames
                        .expectMessageClass(ToMaster.StreamEnded.class, PATIENCE)
                        .error())
                .containsAnyOf("the connection to node node-1 was lost", "the master that node node-1");
    }

    @Test
    void aNodeWithoutAnySessionIsSaidToHaveNone() {
        TestProbe<AgentSessions.Opened> opened = one.kit.createTestProbe();
        TestProbe<ToMaster> client = one.kit.createTestProbe();
        one.agents.tell(
                new AgentSessions.Open(NODE, new ToAgent.Stream.Port(new Uid("a"), 80), client.ref(), opened.ref()));
        assertThat(opened.receiveMessage(PATIENCE)).isEqualTo(new AgentSessions.Opened.NoSession(NODE));
    }
}
