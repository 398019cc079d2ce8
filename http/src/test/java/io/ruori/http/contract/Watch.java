package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.codec.ProtobufCodec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Watch events as they come; the watch's own {@code timeoutSeconds} bounds the waiting. */
final class Watch implements AutoCloseable {
    private final String path;
    private final DataInputStream events;

    Watch(String path, InputStream events) {
        this.path = path;
        this.events = new DataInputStream(new BufferedInputStream(events));
    }

    /** All events up to and with the first that is wanted. */
    List<ObjectNode> until(Predicate<ObjectNode> wanted) {
        return until(wanted, this::line);
    }

    /** As {@link #until(Predicate)}, of a watch in protobuf. */
    List<ObjectNode> framesUntil(Predicate<ObjectNode> wanted) {
        return until(wanted, this::frame);
    }

    private interface Next {
        ObjectNode read() throws IOException;
    }

    private List<ObjectNode> until(Predicate<ObjectNode> wanted, Next next) {
        List<ObjectNode> seen = new ArrayList<>();
        try {
            do {
                seen.add(next.read());
            } while (!wanted.test(seen.getLast()));
            return seen;
        } catch (IOException e) {
            return fail(path + " ended (" + e + ") after " + seen);
        }
    }

    /** What comes until the server ends the watch. */
    String rest() {
        try {
            return new String(events.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            return fail(path + " broke off (" + e + ")");
        }
    }

    private ObjectNode line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (byte next = events.readByte(); next != '\n'; next = events.readByte()) {
            line.write(next);
        }
        return Json.read(line.toByteArray());
    }

    private ObjectNode frame() throws IOException {
        events.mark(4);
        int length = events.readInt();
        events.reset();
        return ProtobufCodec.kubernetes().readWatchFrame(events.readNBytes(4 + length));
    }

    static String type(ObjectNode event) {
        return Json.text(event, "type");
    }

    static Predicate<ObjectNode> is(String type) {
        return event -> type(event).equals(type);
    }

    static long revision(ObjectNode event) {
        return Long.parseLong(Json.text(event, "object", "metadata", "resourceVersion"));
    }

    @Override
    public void close() {
        try {
            events.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
