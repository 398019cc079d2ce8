package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.http.codec.JsonCodec;
import io.ruori.http.codec.ProtobufCodec;
import io.ruori.http.codec.YamlCodec;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.jspecify.annotations.Nullable;

/** What a client takes: an encoding, and the object itself, its Table, or its metadata alone. */
record Accepted(Encoding encoding, Form form) {

    /** How it is written. */
    enum Encoding {
        JSON,
        YAML,
        PROTOBUF
    }

    /** What is written. */
    enum Form {
        OBJECT,
        TABLE,
        PARTIAL
    }

    private static final String SUPPORTED =
            "application/json, application/yaml, application/vnd.kubernetes.protobuf";
    private static final ContentType YAML = MediaTypes.applicationWithOpenCharset("yaml").toContentTypeWithMissingCharset();
    private static final ContentType PROTOBUF =
            MediaTypes.applicationBinary("vnd.kubernetes.protobuf", false).toContentType();
    private static final int REMEMBERED = 1_000;

    /** Clients send the same few headers for ever. */
    private static final Map<String, Accepted> KNOWN = new ConcurrentHashMap<>();

    static Accepted of(String header) {
        Accepted known = KNOWN.get(header);
        if (known == null) {
            known = parse(header);
            if (KNOWN.size() < REMEMBERED) {
                KNOWN.put(header, known);
            }
        }
        return known;
    }

    /** The first alternative that can be served, in the client's order (kubectl lists by preference and gives no weights). */
    private static Accepted parse(String header) {
        if (header.isBlank()) {
            return new Accepted(Encoding.JSON, Form.OBJECT);
        }
        for (String alternative : header.split(",")) {
            Accepted found = one(alternative.trim().toLowerCase(Locale.ROOT));
            if (found != null) {
                return found;
            }
        }
        throw new Refusal(ApiStatus.notAcceptable(SUPPORTED));
    }

    private static @Nullable Accepted one(String alternative) {
        String[] parts = alternative.split(";");
        Encoding encoding = switch (parts[0].trim()) {
            case "application/json", "*/*", "application/*" -> Encoding.JSON;
            case "application/yaml", "application/x-yaml", "text/yaml" -> Encoding.YAML;
            case "application/vnd.kubernetes.protobuf" -> Encoding.PROTOBUF;
            default -> null;
        };
        if (encoding == null) {
            return null;
        }
        Form form = Form.OBJECT;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim();
            if (parameter.startsWith("as=")) {
                switch (parameter.substring(3)) {
                    case "table" -> form = Form.TABLE;
                    case "partialobjectmetadata", "partialobjectmetadatalist" -> form = Form.PARTIAL;
                    default -> {
                        return null;
                    }
                }
            } else if (parameter.startsWith("v=") && !parameter.equals("v=v1")) {
                return null;
            }
        }
        return form == Form.TABLE && encoding == Encoding.PROTOBUF ? null : new Accepted(encoding, form);
    }

    ContentType contentType() {
        return switch (encoding) {
            case JSON -> ContentTypes.APPLICATION_JSON;
            case YAML -> YAML;
            case PROTOBUF -> PROTOBUF;
        };
    }

    byte[] encode(ObjectNode tree) {
        return switch (encoding) {
            case JSON -> JsonCodec.write(tree);
            case YAML -> YamlCodec.write(tree);
            case PROTOBUF -> ProtobufCodec.kubernetes().write(tree);
        };
    }
}
