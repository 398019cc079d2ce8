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

/**
 * What a client takes: an encoding, and the object itself, its Table, or its metadata alone.
 *
 * @param isPretty whether a person reads what comes, so that JSON is indented
 */
record Accepted(Encoding encoding, Form form, boolean isPretty) {
    private static final ContentType YAML = ContentTypes.parse(Encoding.YAML.mediaType());
    private static final ContentType PROTOBUF = ContentTypes.parse(Encoding.PROTOBUF.mediaType());
    private static final int REMEMBERED = 1_000;

    /** Clients send the same few headers for ever. */
    private static final Map<String, Accepted> KNOWN = new ConcurrentHashMap<>();

    private static final Map<String, Accepted> KNOWN_FOR_CUSTOM = new ConcurrentHashMap<>();

    /** Refused with 406 where nothing that is accepted can be served. */
    static Accepted of(Call call) {
        return call.kind().custom() == null
                ? of(call, MediaTypes.Offer.BUILT_IN, KNOWN)
                : of(call, MediaTypes.Offer.CUSTOM, KNOWN_FOR_CUSTOM);
    }

    /** For what has no protobuf form: it is described to nobody's compiler. */
    static Accepted withoutProtobuf(Call call) {
        return of(call, MediaTypes.Offer.CUSTOM, KNOWN_FOR_CUSTOM);
    }

    /** For events one after another, which nobody indents. Refused with 406 where the encoding that is accepted cannot stream. */
    static Accepted ofWatch(Call call) {
        MediaTypes.Offer offer = call.kind().custom() == null ? MediaTypes.Offer.BUILT_IN : MediaTypes.Offer.CUSTOM;
        MediaTypes.Answer answer = chosen(MediaTypes.watch(call.accept(), offer));
        return new Accepted(answer.encoding(), answer.form(), false);
    }

    private static Accepted of(Call call, MediaTypes.Offer offer, Map<String, Accepted> remembered) {
        Accepted accepted = of(call.accept(), offer, remembered);
        return !accepted.isPretty && Replies.isForReading(call.request())
                ? new Accepted(accepted.encoding, accepted.form, true)
                : accepted;
    }

    private static Accepted of(String header, MediaTypes.Offer offer, Map<String, Accepted> remembered) {
        Accepted known = remembered.get(header);
        if (known == null) {
            MediaTypes.Answer answer = chosen(MediaTypes.answer(header, offer));
            known = new Accepted(answer.encoding(), answer.form(), answer.isPretty());
            if (remembered.size() < REMEMBERED) {
                remembered.put(header, known);
            }
        }
        return known;
    }

    private static MediaTypes.Answer chosen(MediaTypes.Choice<MediaTypes.Answer> choice) {
        return switch (choice) {
            case MediaTypes.Chosen<MediaTypes.Answer> chosen -> chosen.value();
            case MediaTypes.Refused<MediaTypes.Answer> refused -> throw new Refusal(refused.status());
        };
    }

    boolean isPlainJson() {
        return encoding == Encoding.JSON && form == Form.WHOLE && !isPretty;
    }

    ContentType contentType() {
        return switch (encoding) {
            case JSON -> ContentTypes.APPLICATION_JSON;
            case YAML -> YAML;
            case PROTOBUF -> PROTOBUF;
        };
    }

    byte[] encode(ObjectNode tree) {
        return encode(encoding, tree, isPretty);
    }

    /** @param isPretty whether JSON is indented; YAML always is */
    static byte[] encode(Encoding encoding, ObjectNode tree, boolean isPretty) {
        return switch (encoding) {
            case JSON -> isPretty ? JsonCodec.writePretty(tree) : JsonCodec.write(tree);
            case YAML -> YamlCodec.write(tree);
            case PROTOBUF -> ProtobufCodec.kubernetes().write(tree);
        };
    }
}
