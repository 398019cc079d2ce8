package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Kubernetes' protobuf: four magic bytes, then an envelope naming apiVersion and kind around the object. Reading and
 * writing follow the plans of {@link WireSchema}; no generated classes, no reflection, no tree in between. Thread safe.
 *
 * <p>Two halves of the work can be kept apart: {@link #body} makes an object's own bytes, which may be cached for as long
 * as its revision lives, and {@link #envelope}, {@link #list} and {@link #watchFrame} wrap such bytes without looking
 * into them.
 */
public final class ProtobufCodec {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final ProtobufCodec KUBERNETES = new ProtobufCodec(WireSchema.kubernetes());
    private static final int API_VERSION = Wire.tag(1, Wire.BYTES);
    private static final int KIND = Wire.tag(2, Wire.BYTES);
    private static final int TYPE = Wire.tag(1, Wire.BYTES);
    private static final int RAW = Wire.tag(2, Wire.BYTES);
    private static final int CONTENT_ENCODING = Wire.tag(3, Wire.BYTES);
    private static final int CONTENT_TYPE = Wire.tag(4, Wire.BYTES);

    private final WireSchema schema;

    private ProtobufCodec(WireSchema schema) {
        this.schema = schema;
    }

    /** The codec of every built-in kind. */
    public static ProtobufCodec kubernetes() {
        return KUBERNETES;
    }

    /** Whether the kind has a protobuf form; custom resources have none. */
    public boolean knows(String apiVersion, String kind) {
        return schema.kind(apiVersion, kind).isPresent();
    }

    /** Reads a body in its envelope; the tree begins with kind and apiVersion. */
    public ObjectNode read(byte[] bytes) {
        return read(bytes, "", "");
    }

    /**
     * Reads a body in its envelope.
     *
     * @param defaultApiVersion what the object is where the envelope does not say
     * @throws BadBody worded as Kubernetes words it
     */
    public ObjectNode read(byte[] bytes, String defaultApiVersion, String defaultKind) {
        if (bytes.length == 0) {
            throw new BadBody("empty data");
        }
        if (!isEnvelope(bytes)) {
            throw new BadBody("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        Envelope envelope = open(bytes);
        String apiVersion = envelope.apiVersion.isEmpty() ? defaultApiVersion : envelope.apiVersion;
        String kind = envelope.kind.isEmpty() ? defaultKind : envelope.kind;
        if (envelope.contentType.equals("application/json")) {
            return JsonCodec.read(envelope.raw(bytes)).tree();
        }
        if (kind.isEmpty()) {
            throw new BadBody("Object 'Kind' is missing in '<protobuf>'");
        }
        WireMessage message = schema.kind(apiVersion, kind)
                .orElseThrow(() -> new BadBody(noKind(apiVersion, kind), apiVersion, kind));
        ObjectNode tree = Json.object();
        tree.put("kind", kind).put("apiVersion", apiVersion);
        try {
            return new ProtobufReader(bytes, envelope.rawStart).message(message, envelope.rawEnd, tree);
        } catch (BadBody e) {
            throw new BadBody(e.message(), apiVersion, kind);
        }
    }

    private static String noKind(String apiVersion, String kind) {
        return "no kind " + GoText.quote(kind) + " is registered for version " + GoText.quote(apiVersion)
                + " in scheme";
    }

    /** Writes an object in its envelope. The tree must name its apiVersion and kind. */
    public byte[] write(ObjectNode tree) {
        String apiVersion = Json.text(tree, "apiVersion");
        String kind = Json.text(tree, "kind");
        ProtobufWriter out = new ProtobufWriter(1024);
        int mark = open(out);
        out.message(required(apiVersion, kind), tree);
        return close(out, mark, apiVersion, kind);
    }

    /** An object's own bytes, without an envelope. */
    public byte[] body(ObjectNode tree) {
        ProtobufWriter out = new ProtobufWriter(1024);
        out.message(required(Json.text(tree, "apiVersion"), Json.text(tree, "kind")), tree);
        return out.toBytes();
    }

    /** Puts an object's own bytes into an envelope. */
    public byte[] envelope(String apiVersion, String kind, byte[] body) {
        ProtobufWriter out = new ProtobufWriter(body.length + 128);
        int mark = open(out);
        out.raw(body);
        return close(out, mark, apiVersion, kind);
    }

    /**
     * A list in its envelope, from the bytes of its items.
     *
     * @param kind the list's, such as {@code PodList}
     * @param metadata the list's
     * @param items made by {@link #body}
     */
    public byte[] list(String apiVersion, String kind, JsonNode metadata, List<byte[]> items) {
        WireMessage message = required(apiVersion, kind);
        long size = 256;
        for (byte[] item : items) {
            size += item.length + 6;
        }
        ProtobufWriter out = new ProtobufWriter(Math.toIntExact(size));
        int mark = open(out);
        for (WireField field : message.descending()) {
            int inner = out.mark();
            if (field.name().equals("items")) {
                items(out, field, items);
            } else if (field.name().equals("metadata")) {
                out.message(field.message(), metadata);
                out.lengthAndTag(inner, field.tag());
            }
        }
        return close(out, mark, apiVersion, kind);
    }

    private static void items(ProtobufWriter out, WireField field, List<byte[]> items) {
        for (int i = items.size() - 1; i >= 0; i--) {
            out.bytes(items.get(i));
            out.varint(field.tag());
        }
    }

    /**
     * One frame of a watch: four bytes of length, the highest first, and a WatchEvent without an envelope.
     *
     * @param type such as {@code ADDED}
     * @param object in its envelope
     */
    public byte[] watchFrame(String type, byte[] object) {
        ProtobufWriter out = new ProtobufWriter(object.length + 64);
        out.bytes(object);
        out.varint(Wire.tag(1, Wire.BYTES));
        out.lengthAndTag(0, Wire.tag(2, Wire.BYTES));
        out.string(type);
        out.varint(Wire.tag(1, Wire.BYTES));
        int length = out.mark();
        out.raw(ByteBuffer.allocate(4).putInt(length).array());
        return out.toBytes();
    }

    /** A WatchEvent as {@link #watchFrame} sends it, read back; the object is a tree again. */
    public ObjectNode readWatchFrame(byte[] frame) {
        WireMessage event = required("v1", "WatchEvent");
        return new ProtobufReader(frame, 4).message(event, frame.length, Json.object());
    }

    /** Reads a message of a kind that travels without saying what it is. */
    ObjectNode readAs(byte[] bytes, String apiVersion, String kind) {
        Envelope envelope = open(bytes);
        return new ProtobufReader(bytes, envelope.rawStart)
                .message(required(apiVersion, kind), envelope.rawEnd, Json.object());
    }

    byte[] writeAs(ObjectNode tree, String apiVersion, String kind) {
        ProtobufWriter out = new ProtobufWriter(1024);
        int mark = open(out);
        out.message(required(apiVersion, kind), tree);
        return close(out, mark, "", "");
    }

    private WireMessage required(String apiVersion, String kind) {
        Optional<WireMessage> message = schema.kind(apiVersion, kind);
        return message.orElseThrow(() -> new IllegalArgumentException(noKind(apiVersion, kind)));
    }

    static boolean isEnvelope(byte[] bytes) {
        return bytes.length >= MAGIC.length
                && bytes[0] == MAGIC[0]
                && bytes[1] == MAGIC[1]
                && bytes[2] == MAGIC[2]
                && bytes[3] == MAGIC[3];
    }

    /** Writes the envelope's end, since writing goes backwards. */
    private static int open(ProtobufWriter out) {
        out.string("");
        out.varint(CONTENT_TYPE);
        out.string("");
        out.varint(CONTENT_ENCODING);
        return out.mark();
    }

    private static byte[] close(ProtobufWriter out, int mark, String apiVersion, String kind) {
        out.lengthAndTag(mark, RAW);
        int type = out.mark();
        out.string(kind);
        out.varint(KIND);
        out.string(apiVersion);
        out.varint(API_VERSION);
        out.lengthAndTag(type, TYPE);
        out.raw(MAGIC);
        return out.toBytes();
    }

    private static Envelope open(byte[] bytes) {
        ProtobufReader in = new ProtobufReader(bytes, MAGIC.length);
        Envelope envelope = new Envelope();
        while (in.position() < bytes.length) {
            int tag = (int) in.varint(bytes.length);
            if (tag == TYPE) {
                envelope.type(in, in.limit(bytes.length));
            } else if (tag == RAW) {
                envelope.rawEnd = in.limit(bytes.length);
                envelope.rawStart = in.position();
                in.moveTo(envelope.rawEnd);
            } else if (tag == CONTENT_TYPE) {
                envelope.contentType = in.string(bytes.length);
            } else {
                in.skip(tag, bytes.length);
            }
        }
        return envelope;
    }

    /** What stands around the object; the object itself stays where it is. */
    private static final class Envelope {
        private String apiVersion = "";
        private String kind = "";
        private String contentType = "";
        private int rawStart;
        private int rawEnd;

        private void type(ProtobufReader in, int end) {
            while (in.position() < end) {
                int tag = (int) in.varint(end);
                if (tag == API_VERSION) {
                    apiVersion = in.string(end);
                } else if (tag == KIND) {
                    kind = in.string(end);
                } else {
                    in.skip(tag, end);
                }
            }
        }

        private byte[] raw(byte[] bytes) {
            return Arrays.copyOfRange(bytes, rawStart, rawEnd);
        }
    }
}
