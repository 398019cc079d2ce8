package io.ruori.persistence.wire;

import io.ruori.entity.Outcome;
import io.ruori.entity.ResourceEntity;
import io.ruori.members.MemberMessage;
import io.ruori.nodes.AgentSessions;
import io.ruori.nodes.NodeMonitor;
import io.ruori.nodes.RelayedStream;
import io.ruori.persistence.format.ByteReader;
import io.ruori.persistence.format.MalformedRecord;
import java.io.NotSerializableException;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All messages that one member sends to another, by name and by class. */
final class MessageTypes {
    /** More only costs a copy. */
    private static final int USUAL_SIZE = 4096;

    private final Map<String, MessageType<?>> byName = new HashMap<>();
    private final Map<Class<?>, MessageType<?>> byClass = new HashMap<>();

    MessageTypes(EntityFormat.Refs refs) {
        this(all(new EntityFormat(refs), new NodeFormat(refs)));
    }

    MessageTypes(List<MessageType<?>> all) {
        for (MessageType<?> type : all) {
            byName.put(type.name(), type);
            byClass.put(type.type(), type);
        }
    }

    private static List<MessageType<?>> all(EntityFormat entity, NodeFormat node) {
        return List.of(
                new MessageType<>("execute", ResourceEntity.Execute.class, entity::execute, entity::execute),
                new MessageType<>(
                        "wake", ResourceEntity.Wake.class, (out, wake) -> {}, in -> ResourceEntity.Wake.INSTANCE),
                new MessageType<>(
                        "call", ResourceEntity.Call.class, (out, call) -> {}, in -> ResourceEntity.Call.INSTANCE),
                new MessageType<>("reserve", ResourceEntity.Reserve.class, entity::reserve, entity::reserve),
                new MessageType<>(
                        "granted", ResourceEntity.Reserved.Granted.class, EntityFormat::granted, EntityFormat::granted),
                new MessageType<>(
                        "not-granted",
                        ResourceEntity.Reserved.NotGranted.class,
                        EntityFormat::notGranted,
                        EntityFormat::notGranted),
                new MessageType<>(
                        "stored",
                        Outcome.Stored.class,
                        2,
                        EntityFormat::stored,
                        1,
                        List.of(EntityFormat::stored1, EntityFormat::stored)),
                new MessageType<>("gone", Outcome.Gone.class, EntityFormat::gone, EntityFormat::gone),
                new MessageType<>("refused", Outcome.Refused.class, EntityFormat::refused, EntityFormat::refused),
                new MessageType<>("hello", MemberMessage.Hello.class, MemberFormat::hello, MemberFormat::hello),
                new MessageType<>(
                        "counted",
                        MemberMessage.Counted.class,
                        2,
                        MemberFormat::counted,
                        1,
                        List.of(MemberFormat::counted1, MemberFormat::counted)),
                new MessageType<>(
                        "not-counted",
                        MemberMessage.NotCounted.class,
                        2,
                        MemberFormat::notCounted,
                        1,
                        List.of(MemberFormat::notCounted1, MemberFormat::notCounted)),
                new MessageType<>("told", MemberMessage.Told.class, MemberFormat::told, MemberFormat::told),
                new MessageType<>("ask", MemberMessage.Ask.class, MemberFormat::ask, MemberFormat::ask),
                new MessageType<>("sample", MemberMessage.Sample.class, MemberFormat::sample, MemberFormat::sample),
                new MessageType<>(
                        "roster-changed",
                        MemberMessage.RosterChanged.class,
                        MemberFormat::rosterChanged,
                        MemberFormat::rosterChanged),
                new MessageType<>("gave-up", MemberMessage.GaveUp.class, MemberFormat::gaveUp, MemberFormat::gaveUp),
                new MessageType<>("sessions-here", AgentSessions.Here.class, node::here, node::here),
                new MessageType<>("open-stream", AgentSessions.OpenFor.class, node::openFor, node::openFor),
                new MessageType<>("stream-ready", RelayedStream.Ready.class, node::ready, node::ready),
                new MessageType<>(
                        "stream-no-session",
                        RelayedStream.NoSession.class,
                        NodeFormat::noSession,
                        NodeFormat::noSession),
                new MessageType<>("stream-frame", RelayedStream.Frame.class, NodeFormat::frame, NodeFormat::frame),
                new MessageType<>(
                        "heard-elsewhere", NodeMonitor.HeardElsewhere.class, NodeFormat::heard, NodeFormat::heard),
                new MessageType<>("serving", AgentSessions.Serving.class, NodeFormat::serving, NodeFormat::serving));
    }

    MessageType<?> of(Object message) {
        MessageType<?> type = byClass.get(message.getClass());
        if (type == null) {
            throw new IllegalArgumentException("not a message between members: " + message.getClass());
        }
        return type;
    }

    byte[] write(Object message) {
        return write(message, new WireWriter(USUAL_SIZE));
    }

    byte[] write(Object message, WireWriter out) {
        of(message).write(out, message);
        return out.toByteArray();
    }

    /** Reads a message. Whatever is wrong with it is a {@link NotSerializableException} that says so. */
    Object read(byte[] bytes, String manifest) throws NotSerializableException {
        int dot = manifest.lastIndexOf('.');
        MessageType<?> type = byName.get(manifest.substring(0, Math.max(dot, 0)));
        if (type == null) {
            throw new NotSerializableException("no message between members is called " + manifest);
        }
        int version = version(manifest.substring(dot + 1));
        if (version < type.oldest() || version > type.newest()) {
            throw new NotSerializableException(type.name() + " of version " + manifest.substring(dot + 1)
                    + " is not understood here, only " + type.oldest() + " to " + type.newest()
                    + ": a member must be at most one release ahead of or behind another");
        }
        try {
            return type.read(new WireReader(new ByteReader(bytes)), version);
        } catch (MalformedRecord | IllegalArgumentException | DateTimeException | ArithmeticException e) {
            NotSerializableException broken = new NotSerializableException(manifest + ": " + e.getMessage());
            broken.initCause(e);
            throw broken;
        }
    }

    private static int version(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
