package io.ruori.agent;

import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Master to agent. */
public sealed interface ToAgent {

    /** The session is accepted; older sessions of this node are refused from now on. */
    record Welcome(long epoch, String podCidr) implements ToAgent {}

    /** This session was replaced by a newer one or the node is not allowed in: stop talking, keep containers running. */
    record Refused(String reason) implements ToAgent {}

    /**
     * The whole assignment at one revision: every Pod bound to this node (terminating ones too) and the ConfigMaps and
     * Secrets they refer to. Sent once a session, from a view closed past the session's start.
     */
    record Assignment(Revision revision, List<StoredObject> pods, List<StoredObject> references) implements ToAgent {}

    /** What changed since the message before. A removed Pod's containers must be stopped. */
    record AssignmentChange(
            Revision revision, List<StoredObject> pods, List<RemovedPod> removed, List<StoredObject> references)
            implements ToAgent {}

    /**
     * Where masters are found now, this one too. Said when a session begins and when it changes; an agent keeps it for the time
     * when its master is gone.
     *
     * @param addresses {@code host:port}
     */
    record Masters(List<String> addresses) implements ToAgent {}

    /** A Pod that no longer exists. */
    record RemovedPod(String namespace, String name, Uid uid) {}

    /** Opens a byte stream. */
    record OpenStream(long streamId, Stream stream) implements ToAgent {}

    /** What a stream is for. */
    sealed interface Stream {
        Uid podUid();

        String container();

        /** Output of a container, channel 1. {@code previous}: of the container's life before this one. */
        record Logs(
                Uid podUid,
                String container,
                boolean follow,
                boolean previous,
                boolean timestamps,
                OptionalLong tailLines,
                OptionalLong limitBytes,
                @Nullable Instant since)
                implements Stream {}

        /** A command; channels 0 stdin, 1 stdout, 2 stderr, 4 resize (JSON with Width and Height). */
        record Exec(
                Uid podUid,
                String container,
                List<String> command,
                boolean stdin,
                boolean stdout,
                boolean stderr,
                boolean tty)
                implements Stream {}

        /** The container's own streams; channels as for Exec. */
        record Attach(Uid podUid, String container, boolean stdin, boolean stdout, boolean stderr, boolean tty)
                implements Stream {}

        /** A TCP connection to a port of the Pod; channel 0 towards the Pod, 1 back. */
        record Port(Uid podUid, int port) implements Stream {
            @Override
            public String container() {
                return "";
            }
        }
    }

    /** A piece of a byte stream towards the Pod. */
    record StreamData(long streamId, int channel, byte[] bytes) implements ToAgent {}

    /** Nothing more comes on this channel (standard input is at its end). */
    record StreamHalfClosed(long streamId, int channel) implements ToAgent {}

    /** The client is gone; drop the stream. */
    record StreamClosed(long streamId) implements ToAgent {}

    /** The master consumed this many bytes of the stream; the agent may send as many more. */
    record StreamCredit(long streamId, int bytes) implements ToAgent {
        /** The answer to a heartbeat: nothing for a stream that never is. An agent that misses it looks for another master. */
        public static final StreamCredit ECHO = new StreamCredit(0, 0);
    }
}
