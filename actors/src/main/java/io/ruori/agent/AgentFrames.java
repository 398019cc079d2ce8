package io.ruori.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Owner;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The frames of an agent's stream, one message each: a byte that tells the type, then the fields in their order. Numbers are
 * big-endian, texts and byte arrays carry their length, trees travel as JSON. An object travels as key, revision and its
 * JSON; the header is made again by the receiver. The type bytes are part of the protocol and are never used twice.
 */
public final class AgentFrames {
    /** Where masters take agents' WebSockets; the node's name comes as the query parameter {@code node}. */
    public static final String PATH = "/ruori/agent/v1";

    /** The WebSocket sub-protocol. */
    public static final String PROTOCOL = "v1.agent.ruori.io";

    /** Larger than an assignment of a full node. */
    public static final int MAX_FRAME = 256 << 20;

    private static final int LAST_TO_AGENT = 73;

    /** Makes an object from what travelled. Never fails on what a master sent. */
    @FunctionalInterface
    public interface Rebuild {
        StoredObject object(ObjectKey key, Revision revision, byte[] json);
    }

    /** What arrived is no frame of this protocol. */
    public static final class BadFrame extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadFrame(String message) {
            super(message);
        }

        BadFrame(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final Rebuild rebuild;

    public AgentFrames(Rebuild rebuild) {
        this.rebuild = rebuild;
    }

    /** For an agent, which selects by nothing but uid and deletion time. */
    public static AgentFrames withoutKinds() {
        return new AgentFrames(AgentFrames::fromMetadata);
    }

    // ---- agent to master ----

    public byte[] encode(ToMaster message) {
        Writer out = new Writer();
        switch (message) {
            case ToMaster.Hello m ->
                out.type(1).text(m.nodeName()).tree(m.node()).number(m.seen().value());
            case ToMaster.Heartbeat m -> out.type(2).tree(m.status());
            case ToMaster.PodStatuses m -> {
                out.type(3).count(m.statuses().size());
                for (ToMaster.PodStatus s : m.statuses()) {
                    out.text(s.namespace()).text(s.name()).text(s.uid().value()).tree(s.status());
                }
            }
            case ToMaster.PodGone m ->
                out.type(4).text(m.namespace()).text(m.name()).text(m.uid().value());
            case ToMaster.Notice m -> note(out.type(5), m.note());
            case ToMaster.StreamData m ->
                out.type(6).number(m.streamId()).count(m.channel()).bytes(m.bytes());
            case ToMaster.StreamEnded m ->
                out.type(7).number(m.streamId()).count(m.exitCode()).text(m.error());
            case ToMaster.StreamCredit m -> out.type(8).number(m.streamId()).count(m.bytes());
        }
        return out.done();
    }

    public ToMaster toMaster(byte[] frame) {
        return read(frame, in -> switch (in.type()) {
            case 1 -> new ToMaster.Hello(in.text(), in.object(), new Revision(in.number()));
            case 2 -> new ToMaster.Heartbeat(in.tree());
            case 3 ->
                new ToMaster.PodStatuses(
                        in.list(() -> new ToMaster.PodStatus(in.text(), in.text(), new Uid(in.text()), in.object())));
            case 4 -> new ToMaster.PodGone(in.text(), in.text(), new Uid(in.text()));
            case 5 -> new ToMaster.Notice(note(in));
            case 6 -> new ToMaster.StreamData(in.number(), in.count(), in.bytes());
            case 7 -> new ToMaster.StreamEnded(in.number(), in.count(), in.text());
            case 8 -> new ToMaster.StreamCredit(in.number(), in.count());
            default -> throw new BadFrame("unknown type of frame");
        });
    }

    // ---- master to agent ----

    public byte[] encode(ToAgent message) {
        Writer out = new Writer();
        switch (message) {
            case ToAgent.Welcome m -> out.type(64).number(m.epoch()).text(m.podCidr());
            case ToAgent.Refused m -> out.type(65).text(m.reason());
            case ToAgent.Assignment m -> {
                out.type(66).number(m.revision().value());
                objects(out, m.pods());
                objects(out, m.references());
            }
            case ToAgent.AssignmentChange m -> {
                out.type(67).number(m.revision().value());
                objects(out, m.pods());
                out.count(m.removed().size());
                for (ToAgent.RemovedPod removed : m.removed()) {
                    out.text(removed.namespace())
                            .text(removed.name())
                            .text(removed.uid().value());
                }
                objects(out, m.references());
            }
            case ToAgent.OpenStream m -> stream(out.type(68).number(m.streamId()), m.stream());
            case ToAgent.StreamData m ->
                out.type(69).number(m.streamId()).count(m.channel()).bytes(m.bytes());
            case ToAgent.StreamHalfClosed m -> out.type(70).number(m.streamId()).count(m.channel());
            case ToAgent.StreamClosed m -> out.type(71).number(m.streamId());
            case ToAgent.StreamCredit m -> out.type(72).number(m.streamId()).count(m.bytes());
            case ToAgent.Masters m -> {
                out.type(LAST_TO_AGENT).count(m.addresses().size());
                m.addresses().forEach(out::text);
            }
        }
        return out.done();
    }

    /**
     * Whether a master of a later release says something that this one has no word for. An agent passes over it: whatever an
     * older agent must not miss comes under another {@link #PROTOCOL}.
     */
    public static boolean isFromLaterMaster(byte[] frame) {
        return frame.length > 0 && frame[0] > LAST_TO_AGENT;
    }

    public ToAgent toAgent(byte[] frame) {
        return read(frame, in -> switch (in.type()) {
            case 64 -> new ToAgent.Welcome(in.number(), in.text());
            case 65 -> new ToAgent.Refused(in.text());
            case 66 -> new ToAgent.Assignment(new Revision(in.number()), objects(in), objects(in));
            case 67 ->
                new ToAgent.AssignmentChange(
                        new Revision(in.number()),
                        objects(in),
                        in.list(() -> new ToAgent.RemovedPod(in.text(), in.text(), new Uid(in.text()))),
                        objects(in));
            case 68 -> new ToAgent.OpenStream(in.number(), stream(in));
            case 69 -> new ToAgent.StreamData(in.number(), in.count(), in.bytes());
            case 70 -> new ToAgent.StreamHalfClosed(in.number(), in.count());
            case 71 -> new ToAgent.StreamClosed(in.number());
            case 72 -> new ToAgent.StreamCredit(in.number(), in.count());
            case LAST_TO_AGENT -> new ToAgent.Masters(in.list(in::text));
            default -> throw new BadFrame("unknown type of frame");
        });
    }

    // ---- parts ----

    private static void note(Writer out, Note note) {
        out.flag(note.warning()).text(note.reason()).text(note.message());
        key(out, note.regarding());
        out.text(note.regardingUid().value()).text(note.fieldPath()).text(note.component());
    }

    private static Note note(Reader in) {
        return new Note(in.flag(), in.text(), in.text(), key(in), new Uid(in.text()), in.text(), in.text());
    }

    private static void key(Writer out, ObjectKey key) {
        out.text(key.kind().group())
                .text(key.kind().resource())
                .text(key.namespace())
                .text(key.name());
    }

    private static ObjectKey key(Reader in) {
        return new ObjectKey(new KindName(in.text(), in.text()), in.text(), in.text());
    }

    private static void objects(Writer out, List<StoredObject> objects) {
        out.count(objects.size());
        for (StoredObject object : objects) {
            key(out, object.key());
            out.number(object.revision().value()).bytes(object.json());
        }
    }

    private List<StoredObject> objects(Reader in) {
        return in.list(() -> rebuild.object(key(in), new Revision(in.number()), in.bytes()));
    }

    private static void stream(Writer out, ToAgent.Stream stream) {
        switch (stream) {
            case ToAgent.Stream.Logs s -> {
                out.type(1).text(s.podUid().value()).text(s.container());
                out.flag(s.follow()).flag(s.previous()).flag(s.timestamps());
                out.optional(s.tailLines()).optional(s.limitBytes());
                Instant since = s.since();
                out.text(since == null ? "" : since.toString());
            }
            case ToAgent.Stream.Exec s -> {
                out.type(2)
                        .text(s.podUid().value())
                        .text(s.container())
                        .count(s.command().size());
                s.command().forEach(out::text);
                out.flag(s.stdin()).flag(s.stdout()).flag(s.stderr()).flag(s.tty());
            }
            case ToAgent.Stream.Attach s -> {
                out.type(3).text(s.podUid().value()).text(s.container());
                out.flag(s.stdin()).flag(s.stdout()).flag(s.stderr()).flag(s.tty());
            }
            case ToAgent.Stream.Port s -> out.type(4).text(s.podUid().value()).count(s.port());
        }
    }

    private static ToAgent.Stream stream(Reader in) {
        return switch (in.type()) {
            case 1 ->
                new ToAgent.Stream.Logs(
                        new Uid(in.text()),
                        in.text(),
                        in.flag(),
                        in.flag(),
                        in.flag(),
                        in.optional(),
                        in.optional(),
                        since(in.text()));
            case 2 ->
                new ToAgent.Stream.Exec(
                        new Uid(in.text()), in.text(), in.list(in::text), in.flag(), in.flag(), in.flag(), in.flag());
            case 3 ->
                new ToAgent.Stream.Attach(new Uid(in.text()), in.text(), in.flag(), in.flag(), in.flag(), in.flag());
            case 4 -> new ToAgent.Stream.Port(new Uid(in.text()), in.count());
            default -> throw new BadFrame("a frame opens an unknown type of stream");
        };
    }

    private static @Nullable Instant since(String text) {
        return text.isEmpty() ? null : Instant.parse(text);
    }

    /** The header as far as it can be read from the object itself. */
    private static StoredObject fromMetadata(ObjectKey key, Revision revision, byte[] json) {
        JsonNode meta = Json.read(json).path("metadata");
        Map<String, String> labels = new HashMap<>();
        meta.path("labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        String deleted = Json.text(meta, "deletionTimestamp");
        return new StoredObject(
                key,
                new Uid(Json.text(meta, "uid")),
                revision,
                labels,
                List.<Owner>of(),
                deleted.isEmpty() ? null : Instant.parse(deleted),
                Map.of(),
                json,
                null);
    }

    // ---- bytes ----

    private interface Body<T> {
        T read(Reader in);
    }

    private static <T> T read(byte[] frame, Body<T> body) {
        Reader in = new Reader(ByteBuffer.wrap(frame));
        try {
            T message = body.read(in);
            if (in.buffer.hasRemaining()) {
                throw new BadFrame("a frame is longer than its message");
            }
            return message;
        } catch (BadFrame e) {
            throw e;
        } catch (RuntimeException e) {
            // Too short, no JSON, no time, an object without what it must have: whatever it is, the sender is at fault.
            throw new BadFrame("a frame is damaged", e);
        }
    }

    private static final class Writer {
        private byte[] bytes = new byte[256];
        private int length;

        private ByteBuffer room(int size) {
            if (length + size > bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + size));
            }
            ByteBuffer at = ByteBuffer.wrap(bytes, length, size);
            length += size;
            return at;
        }

        Writer type(int type) {
            room(1).put((byte) type);
            return this;
        }

        Writer flag(boolean flag) {
            room(1).put((byte) (flag ? 1 : 0));
            return this;
        }

        Writer count(int count) {
            room(4).putInt(count);
            return this;
        }

        Writer number(long number) {
            room(8).putLong(number);
            return this;
        }

        Writer optional(OptionalLong number) {
            flag(number.isPresent());
            return number(number.orElse(0));
        }

        Writer text(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        Writer tree(JsonNode tree) {
            return bytes(Json.write(tree));
        }

        Writer bytes(byte[] more) {
            count(more.length);
            room(more.length).put(more);
            return this;
        }

        byte[] done() {
            return java.util.Arrays.copyOf(bytes, length);
        }
    }

    private static final class Reader {
        private final ByteBuffer buffer;

        Reader(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        int type() {
            return buffer.get();
        }

        boolean flag() {
            return buffer.get() != 0;
        }

        int count() {
            return buffer.getInt();
        }

        long number() {
            return buffer.getLong();
        }

        OptionalLong optional() {
            boolean present = flag();
            long number = number();
            return present ? OptionalLong.of(number) : OptionalLong.empty();
        }

        byte[] bytes() {
            int size = count();
            // Checked before anything is made: the length is the sender's word.
            if (size < 0 || size > buffer.remaining()) {
                throw new BadFrame("a frame is shorter than it says");
            }
            byte[] bytes = new byte[size];
            buffer.get(bytes);
            return bytes;
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        JsonNode tree() {
            try {
                return Json.mapper().readTree(bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        ObjectNode object() {
            return (ObjectNode) tree();
        }

        <T> List<T> list(java.util.function.Supplier<T> element) {
            int size = count();
            if (size < 0 || size > buffer.remaining()) {
                throw new BadFrame("a frame is shorter than it says");
            }
            List<T> list = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                list.add(element.get());
            }
            return list;
        }
    }
}
