package io.ruori.persistence.wire;

import io.ruori.agent.AgentFrames;
import io.ruori.agent.ToAgent;
import io.ruori.nodes.AgentSessions;
import io.ruori.nodes.NodeMonitor;
import io.ruori.nodes.RelayedStream;
import io.ruori.persistence.format.MalformedRecord;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What masters tell each other of nodes' agents.
 *
 * <pre>
 * sessions-here     = sessions held*
 * held              = { node epoch }
 * open-stream       = node open near
 * stream-ready      = id far
 * stream-no-session = node
 * stream-frame      = number frame
 * heard-elsewhere   = node*
 * serving           = address
 * </pre>
 *
 * {@code open} and {@code frame} are frames as agents have them ({@link AgentFrames}), whose form has versions of its own.
 */
final class NodeFormat {
    private static final AgentFrames FRAMES = AgentFrames.withoutKinds();

    private final EntityFormat.Refs refs;

    NodeFormat(EntityFormat.Refs refs) {
        this.refs = refs;
    }

    void here(WireWriter out, AgentSessions.Here here) {
        out.text(refs.write(here.sessions())).list(here.held(), NodeFormat::held);
    }

    AgentSessions.Here here(WireReader in) {
        return new AgentSessions.Here(ref(in), in.list(NodeFormat::held));
    }

    private static void held(WireWriter out, AgentSessions.Session held) {
        out.record(fields -> fields.text(held.nodeName()).i64(held.epoch()));
    }

    private static AgentSessions.Session held(WireReader in) {
        return in.record(fields -> new AgentSessions.Session(fields.text(), fields.i64()));
    }

    void openFor(WireWriter out, AgentSessions.OpenFor open) {
        out.text(open.nodeName())
                .block(FRAMES.encode(new ToAgent.OpenStream(0, open.stream())))
                .text(refs.write(open.near()));
    }

    AgentSessions.OpenFor openFor(WireReader in) {
        return new AgentSessions.OpenFor(in.text(), stream(in.block()), ref(in));
    }

    private static ToAgent.Stream stream(byte[] frame) {
        try {
            if (FRAMES.toAgent(frame) instanceof ToAgent.OpenStream open) {
                return open.stream();
            }
        } catch (AgentFrames.BadFrame e) {
            throw new MalformedRecord("what opens a stream is damaged: " + e.getMessage());
        }
        throw new MalformedRecord("a frame that opens no stream");
    }

    void ready(WireWriter out, RelayedStream.Ready ready) {
        out.i64(ready.streamId()).text(refs.write(ready.far()));
    }

    RelayedStream.Ready ready(WireReader in) {
        return new RelayedStream.Ready(in.i64(), ref(in));
    }

    static void noSession(WireWriter out, RelayedStream.NoSession none) {
        out.text(none.nodeName());
    }

    static RelayedStream.NoSession noSession(WireReader in) {
        return new RelayedStream.NoSession(in.text());
    }

    static void frame(WireWriter out, RelayedStream.Frame frame) {
        out.i64(frame.number()).block(frame.frame());
    }

    static RelayedStream.Frame frame(WireReader in) {
        return new RelayedStream.Frame(in.i64(), in.block());
    }

    static void heard(WireWriter out, NodeMonitor.HeardElsewhere heard) {
        out.texts(heard.nodeNames());
    }

    static NodeMonitor.HeardElsewhere heard(WireReader in) {
        return new NodeMonitor.HeardElsewhere(in.texts());
    }

    static void serving(WireWriter out, AgentSessions.Serving serving) {
        out.text(serving.address());
    }

    static AgentSessions.Serving serving(WireReader in) {
        return new AgentSessions.Serving(in.text());
    }

    private <T> ActorRef<T> ref(WireReader in) {
        return refs.read(in.text());
    }
}
