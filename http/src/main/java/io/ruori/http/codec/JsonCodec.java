package io.ruori.http.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON bodies. Reading keeps the last of fields given twice and reports them, since whether that is an error, a warning or
 * nothing is the request's choice ({@code fieldValidation}).
 */
public final class JsonCodec {
    private static final int MAX_STRING = 16 << 20;
    private static final int MAX_REPORTED = 100;

    /** Only UTF-8 is JSON here: no guessing of other encodings from the first bytes. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Json.MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .build())
            .build();

    private static final ObjectWriter PRETTY = Json.mapper()
            .writer(new DefaultPrettyPrinter()
                    .withSeparators(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private JsonCodec() {}

    /**
     * A body's tree, and what strict validation would refuse.
     *
     * @param complaints such as {@code duplicate field "spec.replicas"}, in the order of the text
     */
    public record Body(ObjectNode tree, List<String> complaints) {}

    /**
     * Reads an object.
     *
     * @throws BadBody when this is not JSON, not an object, or nested too deep
     */
    public static Body read(byte[] utf8) {
        Reading reading = new Reading();
        JsonNode value = parse(utf8, reading);
        if (value instanceof ObjectNode tree) {
            return new Body(tree, List.copyOf(reading.complaints));
        }
        throw new BadBody("couldn't get version/kind; json parse error: json: cannot unmarshal " + goKind(value)
                + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; "
                + "Kind string \"json:\\\"kind,omitempty\\\"\" }");
    }

    /** Reads any JSON value, such as a JSON patch; duplicates are of no interest there. */
    public static JsonNode readValue(byte[] utf8) {
        return parse(utf8, new Reading());
    }

    private static JsonNode parse(byte[] utf8, Reading reading) {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            if (parser.nextToken() == null) {
                throw new BadBody("couldn't get version/kind; json parse error: unexpected end of JSON input");
            }
            JsonNode value = reading.value(parser);
            if (parser.nextToken() != null) {
                throw unreadable(utf8);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw unreadable(utf8);
        } catch (IOException e) {
            // A char conversion problem: bytes that are not UTF-8.
            throw unreadable(utf8);
        }
    }

    private static BadBody unreadable(byte[] utf8) {
        return new BadBody("couldn't get version/kind; json parse error: " + GoJson.complain(utf8));
    }

    private static String goKind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            case STRING -> "string";
            case BINARY, MISSING, NULL, OBJECT, POJO -> "null";
        };
    }

    /** Compact, as the server sends it. */
    public static byte[] write(JsonNode tree) {
        return Json.write(tree);
    }

    /** Indented by two, as {@code ?pretty=true} asks for. */
    public static byte[] writePretty(JsonNode tree) {
        try {
            return PRETTY.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Builds the tree, knowing where it is. */
    private static final class Reading {
        private final List<String> complaints = new ArrayList<>(0);
        private final StringBuilder path = new StringBuilder();

        private JsonNode value(JsonParser parser) throws IOException {
            return switch (parser.currentToken()) {
                case START_OBJECT -> object(parser);
                case START_ARRAY -> array(parser);
                case VALUE_STRING -> JsonNodeFactory.instance.textNode(parser.getText());
                case VALUE_NUMBER_INT -> integer(parser);
                case VALUE_NUMBER_FLOAT -> JsonNodeFactory.instance.numberNode(parser.getDecimalValue());
                case VALUE_TRUE -> JsonNodeFactory.instance.booleanNode(true);
                case VALUE_FALSE -> JsonNodeFactory.instance.booleanNode(false);
                case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
                case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("not a value: " + parser.currentToken());
            };
        }

        private static JsonNode integer(JsonParser parser) throws IOException {
            return switch (parser.getNumberType()) {
                case INT -> JsonNodeFactory.instance.numberNode(parser.getIntValue());
                case LONG -> JsonNodeFactory.instance.numberNode(parser.getLongValue());
                case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                    JsonNodeFactory.instance.numberNode(parser.getBigIntegerValue());
            };
        }

        private ObjectNode object(JsonParser parser) throws IOException {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            int outer = path.length();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                path.append('.').append(name);
                parser.nextToken();
                if (object.replace(name, value(parser)) != null) {
                    complain();
                }
                path.setLength(outer);
            }
            return object;
        }

        private ArrayNode array(JsonParser parser) throws IOException {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            int outer = path.length();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                path.append('[').append(array.size()).append(']');
                array.add(value(parser));
                path.setLength(outer);
            }
            return array;
        }

        private void complain() {
            String text = "duplicate field " + GoText.quote(path.substring(1));
            if (complaints.size() < MAX_REPORTED && !complaints.contains(text)) {
                complaints.add(text);
            }
        }
    }
}
