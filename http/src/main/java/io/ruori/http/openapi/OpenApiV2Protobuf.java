package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes a Swagger 2.0 tree as the protobuf message {@code openapi.v2.Document}, which Kubernetes' Go clients read. Only the
 * fields that our documents use are known; extensions travel as YAML texts, of which JSON is a part.
 */
public final class OpenApiV2Protobuf {
    public static final String MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /** What clients ask for; it differs in one character. */
    public static final String ACCEPTED_MEDIA_TYPE = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    private OpenApiV2Protobuf() {}

    static byte[] encode(ObjectNode swagger) {
        Message document = new Message();
        document.text(1, swagger.path("swagger"));
        document.message(2, named(swagger.path("info"), Map.of("title", 1, "version", 2)));
        Message paths = new Message();
        swagger.path("paths").properties().forEach(e -> paths.message(2, entry(e.getKey(), item(e.getValue()))));
        document.message(8, paths);
        document.message(9, schemas(swagger.path("definitions")));
        for (JsonNode requirement : swagger.path("security")) {
            Message names = new Message();
            requirement.properties().forEach(e -> names.message(1, entry(e.getKey(), new Message())));
            document.message(12, names);
        }
        Message securityDefinitions = new Message();
        swagger.path("securityDefinitions").properties().forEach(e -> {
            Message apiKey = named(e.getValue(), Map.of("type", 1, "name", 2, "in", 3, "description", 4));
            securityDefinitions.message(1, entry(e.getKey(), new Message().message(2, apiKey)));
        });
        document.message(13, securityDefinitions);
        return document.bytes();
    }

    private static Message schemas(JsonNode named) {
        Message all = new Message();
        named.properties().forEach(e -> all.message(1, entry(e.getKey(), schema(e.getValue()))));
        return all;
    }

    private static Message schema(JsonNode schema) {
        Message message = new Message();
        message.text(1, schema.path("$ref")).text(2, schema.path("format")).text(4, schema.path("description"));
        schema.path("required").forEach(name -> message.text(19, name));
        if (schema.has("additionalProperties")) {
            message.message(21, new Message().message(1, schema(schema.get("additionalProperties"))));
        }
        if (schema.has("type")) {
            message.message(22, new Message().text(1, schema.get("type")));
        }
        if (schema.has("items")) {
            message.message(23, new Message().message(1, schema(schema.get("items"))));
        }
        if (schema.has("properties")) {
            message.message(25, schemas(schema.get("properties")));
        }
        return extensions(message, 31, schema);
    }

    private static Message item(JsonNode item) {
        Message message = new Message();
        Map<String, Integer> methods = Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "patch", 8);
        item.properties().forEach(e -> {
            Integer field = methods.get(e.getKey());
            if (field != null) {
                message.message(field, operation(e.getValue()));
            }
        });
        item.path("parameters").forEach(p -> message.message(9, parameter(p)));
        return message;
    }

    private static Message operation(JsonNode operation) {
        Message message = new Message();
        operation.path("tags").forEach(tag -> message.text(1, tag));
        message.text(3, operation.path("description")).text(5, operation.path("operationId"));
        operation.path("produces").forEach(type -> message.text(6, type));
        operation.path("consumes").forEach(type -> message.text(7, type));
        operation.path("parameters").forEach(p -> message.message(8, parameter(p)));
        Message responses = new Message();
        operation.path("responses").properties().forEach(e -> {
            Message response = new Message().text(1, e.getValue().path("description"));
            if (e.getValue().has("schema")) {
                response.message(2, new Message().message(1, schema(e.getValue().get("schema"))));
            }
            responses.message(1, entry(e.getKey(), new Message().message(1, response)));
        });
        message.message(9, responses);
        operation.path("schemes").forEach(scheme -> message.text(10, scheme));
        return extensions(message, 13, operation);
    }

    /** ParametersItem holds Parameter holds one of body, query and path. */
    private static Message parameter(JsonNode parameter) {
        String in = parameter.path("in").asText();
        if (in.equals("body")) {
            Message body = new Message()
                    .text(1, parameter.path("description"))
                    .text(2, parameter.path("name"))
                    .text(3, parameter.path("in"))
                    .flag(4, parameter.path("required"))
                    .message(5, schema(parameter.path("schema")));
            return new Message().message(1, new Message().message(1, body));
        }
        boolean query = in.equals("query");
        Message fields = new Message()
                .flag(1, parameter.path("required"))
                .text(2, parameter.path("in"))
                .text(3, parameter.path("description"))
                .text(4, parameter.path("name"))
                .text(query ? 6 : 5, parameter.path("type"))
                .flag(query ? 20 : 19, parameter.path("uniqueItems"));
        Message other = new Message().message(query ? 3 : 4, fields);
        return new Message().message(1, new Message().message(2, other));
    }

    private static Message extensions(Message message, int field, JsonNode node) {
        node.properties().forEach(e -> {
            if (e.getKey().startsWith("x-")) {
                Message any = new Message().text(2, e.getValue().toString() + "\n");
                message.message(field, entry(e.getKey(), any));
            }
        });
        return message;
    }

    private static Message entry(String name, Message value) {
        return new Message().text(1, name).message(2, value);
    }

    private static Message named(JsonNode node, Map<String, Integer> fields) {
        Message message = new Message();
        fields.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(e -> message.text(e.getValue(), node.path(e.getKey())));
        return message;
    }

    /** A message being written; an empty text or a false flag is left out, as proto3 does. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int LENGTH_DELIMITED = 2;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message text(int field, JsonNode value) {
            return value.isMissingNode() ? this : text(field, value.asText());
        }

        Message text(int field, String value) {
            return value.isEmpty() ? this : delimited(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message flag(int field, JsonNode value) {
            if (value.asBoolean()) {
                varint((field << 3) | VARINT);
                varint(1);
            }
            return this;
        }

        Message message(int field, Message value) {
            return delimited(field, value.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private Message delimited(int field, byte[] value) {
            varint((field << 3) | LENGTH_DELIMITED);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        private void varint(int value) {
            int rest = value;
            while ((rest & ~0x7f) != 0) {
                out.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
    }
}
