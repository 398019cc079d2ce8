package io.ruori.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Note;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import java.util.List;

/** Agent to master. */
public sealed interface ToMaster {

    /**
     * The first message of a session.
     *
     * @param node the Node object as the agent wants it: labels, capacity, addresses, nodeInfo, conditions
     * @param seen the highest revision of an assignment this agent ever acted upon
     */
    record Hello(String nodeName, ObjectNode node, Revision seen) implements ToMaster {}

    /** The agent is alive; sent every second or two. {@code status} is the Node's status when it changed, else null node. */
    record Heartbeat(JsonNode status) implements ToMaster {}

    /** Statuses of Pods, newest only, several Pods at once. */
    record PodStatuses(List<PodStatus> statuses) implements ToMaster {}

    /**
     * @param status the whole {@code status} the agent owns; conditions written by others are merged by the master
     */
    record PodStatus(String namespace, String name, Uid uid, ObjectNode status) {}

    /** All containers of a terminating Pod have stopped and its sandbox is gone: the object may go. */
    record PodGone(String namespace, String name, Uid uid) implements ToMaster {}

    /** A fact without a write: Pulling, Started, BackOff, Unhealthy … */
    record Notice(Note note) implements ToMaster {}

    /** A piece of a byte stream that the master opened. */
    record StreamData(long streamId, int channel, byte[] bytes) implements ToMaster {}

    /** A stream came to its end. {@code error} is empty when all went well; {@code exitCode} is -1 where there is none. */
    record StreamEnded(long streamId, int exitCode, String error) implements ToMaster {}

    /** The agent consumed this many bytes of the stream; the master may send as many more. */
    record StreamCredit(long streamId, int bytes) implements ToMaster {}
}
