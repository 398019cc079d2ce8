package io.ruori.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.agent.AgentFrames;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Uid;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is lost between masters ends a stream with an error; it never leaves a hole in it. */
class RelayedStreamTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final AgentFrames FRAMES = AgentFrames.withoutKinds();
    private static final ToAgent.Stream PORT = new ToAgent.Stream.Port(new Uid("a"), 80);

    private final TestProbe<AgentSessions.Command> sessions = KIT.createTestProbe();
    private final TestProbe<ToMaster> client = KIT.createTestProbe();
    private final TestProbe<AgentSessions.Opened> opened = KIT.createTestProbe();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static RelayedStream.Frame data(long number, int content) {
        return new RelayedStream.Frame(
                number, FRAMES.encode(new ToMaster.StreamData(5, 1, new byte[] {(byte) content})));
    }

    private ActorRef<RelayedStream.Message> near() {
        return KIT.spawn(
                RelayedStream.near(new AgentSessions.Open("node-1", PORT, client.ref(), opened.ref()), sessions.ref()));
    }

    private ActorRef<RelayedStream.Message> nearOpened(ActorRef<RelayedStream.Message> far) {
        ActorRef<RelayedStream.Message> near = near();
        near.tell(new RelayedStream.Ready(5, far));
        opened.expectMessageClass(AgentSessions.Opened.To.class);
        return near;
    }

    @Test
    void aLostFrameIsTheEnd() {
        TestProbe<RelayedStream.Message> far = KIT.createTestProbe();
        ActorRef<RelayedStream.Message> near = nearOpened(far.ref());
        near.tell(data(0, 10));
        near.tell(data(2, 12));
        near.tell(data(3, 13));
        client.expectMessageClass(ToMaster.StreamData.class);
        assertThat(client.expectMessageClass(ToMaster.StreamEnded.class).error())
                .contains("lost between masters");
        client.expectNoMessage();
        far.expectTerminated(near);
    }

    @Test
    void theEndOfTheOtherEndIsTheEnd() {
        TestProbe<RelayedStream.Message> far = KIT.createTestProbe();
        nearOpened(far.ref());
        far.stop();
        assertThat(client.expectMessageClass(ToMaster.StreamEnded.class).error())
                .isEqualTo("the master that node node-1 was connected to is gone");
    }

    @Test
    void aMasterThatHasTheSessionNoLongerSaysSo() {
        near().tell(new RelayedStream.NoSession("node-1"));
        opened.expectMessage(new AgentSessions.Opened.NoSession("node-1"));
    }

    @Test
    void theFarEndRefusesAGapAndEndsWithTheSession() {
        TestProbe<RelayedStream.Message> near = KIT.createTestProbe();
        TestProbe<AgentSession.Command> session = KIT.createTestProbe();
        TestProbe<ToAgent> agent = KIT.createTestProbe();
        ActorRef<RelayedStream.Message> far =
                KIT.spawn(RelayedStream.far(new AgentSessions.OpenFor("node-1", PORT, near.ref()), 5, session.ref()));
        session.expectMessageClass(AgentSession.Open.class).replyTo().tell(new AgentSessions.Opened.To(5, agent.ref()));
        near.expectMessage(new RelayedStream.Ready(5, far));

        far.tell(new RelayedStream.Frame(0, FRAMES.encode(new ToAgent.StreamCredit(5, 9))));
        agent.expectMessage(new ToAgent.StreamCredit(5, 9));
        far.tell(new RelayedStream.Frame(7, FRAMES.encode(new ToAgent.StreamCredit(5, 9))));
        RelayedStream.Frame last = near.expectMessageClass(RelayedStream.Frame.class);
        assertThat(FRAMES.toMaster(last.frame()))
                .isEqualTo(new ToMaster.StreamEnded(5, -1, "a part of the stream was lost between masters"));
        near.expectTerminated(far);
    }
}
