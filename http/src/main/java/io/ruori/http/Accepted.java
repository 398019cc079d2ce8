package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.http.codec.JsonCodec;
import io.ruori.http.codec.MediaTypes;
import io.ruori.http.codec.MediaTypes.Encoding;
import io.ruori.http.codec.MediaTypes.Form;
import io.ruori.http.codec.ProtobufCodec;
import io.ruori.http.codec.YamlCodec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;

/** What a client takes: an encoding, and the object itself, its Table, or its metadata alone. */
record Accepted(Encoding encoding, Form form) {
    private static final ContentType YAML = ContentTypes.parse(Encoding.YAML.mediaType());
    private static final ContentType PROTOBUF = ContentTypes.parse(Encoding.PROTOBUF.mediaType());
    private static final int REMEMBERED = 1_000;

    /** Clients send the same few headers for ever. */
    private static final Map<String, Accepted> KNOWN = new ConcurrentHashMap<>();

    private static final Map<String, Accepted> KNOWN_FOR_CUSTOM = new ConcurrentHashMap<>();

    /** Refused with 406 where nothing that is accepted can be served. */
    static Accepted of(Call call) {
        return call.kind().custom() == null
                ? of(call.accept(), MediaTypes.Offer.BUILT_IN, KNOWN)
                : of(call.accept(), MediaTypes.Offer.CUSTOM, KNOWN_FOR_CUSTOM);
    }

    /** For what has no protobuf form: it is described to nobody's compiler. */
    static Accepted withoutProtobuf(Call call) {
        return of(call.accept(), MediaTypes.Offer.CUSTOM, KNOWN_FOR_CUSTOM);
    }

    private static Accepted of(String header, MediaTypes.Offer offer, Map<String, Accepted> remembered) {
        Accepted known = remembered.get(header);
        if (known == null) {
            known = switch (MediaTypes.answer(header, offer)) {
                case MediaTypes.Chosen<MediaTypes.Answer> chosen ->
                    new Accepted(chosen.value().encoding(), chosen.value().form());
                case MediaTypes.Refused<MediaTypes.Answer> refused -> throw new Refusal(refused.status());
            };
            if (remembered.size() < REMEMBERED) {
                remembered.put(header, known);
            }
        }
        return known;
    }

    boolean isPlainJson() {
        return encoding == Encoding.JSON && form == Form.WHOLE;
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
