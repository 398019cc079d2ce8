package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** YAML bodies, as kubectl and the server read and write them: YAML 1.1 scalars, JSON's data model. */
public final class YamlCodec {
    private YamlCodec() {}

    /**
     * Reads the first document as an object.
     *
     * @throws BadBody when this is not YAML, not an object, too deep, or grows too large by aliases
     */
    public static JsonCodec.Body read(byte[] utf8) {
        YamlReader reader = new YamlReader(text(utf8));
        JsonNode value = reader.document();
        if (value instanceof ObjectNode tree) {
            return new JsonCodec.Body(tree, reader.complaints());
        }
        // What remains is told as the JSON parser tells it: upstream converts to JSON first.
        return JsonCodec.read(JsonCodec.write(value));
    }

    private static String text(byte[] utf8) {
        if (utf8.length > YamlReader.MAX_BYTES) {
            throw new BadBody("yaml: document is larger than " + YamlReader.MAX_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadBody("yaml: invalid leading UTF-8 octet");
        }
    }

    /** Sorted by key, in the style kubectl shows. */
    public static byte[] write(JsonNode tree) {
        return new YamlWriter().document(tree).getBytes(StandardCharsets.UTF_8);
    }

    /** Several documents, divided by {@code ---}. */
    public static byte[] writeAll(List<? extends JsonNode> trees) {
        StringBuilder out = new StringBuilder();
        for (JsonNode tree : trees) {
            out.append(out.isEmpty() ? "" : "---\n").append(new YamlWriter().document(tree));
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
