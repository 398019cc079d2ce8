package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.http.codec.MediaTypes;
import io.ruori.http.codec.ProtobufCodec;
import io.ruori.kind.Kind;
import io.ruori.view.WatchEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.util.ByteString;

/**
 * Watch events as one client wants them. Plain JSON is the line all watchers share; the other forms are shared as far as they
 * are the same. Belongs to one stream: a Table watch sends its columns only in the first event.
 */
final class WatchEncoder {
    private static final ContentType PROTOBUF = ContentTypes.parse("application/vnd.kubernetes.protobuf;stream=watch");

    private final Call call;
    private final Accepted accepted;
    private final InstantSource time;
    private boolean columnsSent;

    WatchEncoder(Call call, Accepted accepted, InstantSource time) {
        this.call = call;
        this.accepted = accepted;
        this.time = time;
    }

    ContentType contentType() {
        return isProtobuf() ? PROTOBUF : ContentTypes.APPLICATION_JSON;
    }

    private boolean isProtobuf() {
        return accepted.encoding() == MediaTypes.Encoding.PROTOBUF;
    }

    ByteString event(WatchEvent event) {
        return switch (accepted.form()) {
            case WHOLE -> ByteString.fromArrayUnsafe(whole(event));
            case PARTIAL_METADATA, PARTIAL_METADATA_LIST ->
                ByteString.fromArrayUnsafe(event.encoded(
                        "partial-" + accepted.encoding(),
                        e -> encode(e.type().name(), Tables.partial(e.object().tree()))));
            case TABLE -> row(event);
        };
    }

    private byte[] whole(WatchEvent event) {
        if (!isProtobuf() && call.kind().isAsStored(event.object())) {
            return event.line();
        }
        if (isOfThen()) {
            return whole(event, call.kind());
        }
        return event.encoded(accepted.encoding() + call.kind().apiVersion(), e -> whole(e, call.kind()));
    }

    /** A kind may have had another schema then under the same name, so others must not be sent what is made with it. */
    private boolean isOfThen() {
        return call.moment().isPresent() && call.kind().custom() != null;
    }

    private byte[] whole(WatchEvent event, Kind kind) {
        return encode(event.type().name(), kind.tree(event.object()));
    }

    private ByteString row(WatchEvent event) {
        ObjectNode metadata =
                Json.object().put("resourceVersion", event.revision().toString());
        ObjectNode table = Tables.table(
                call.kind(), List.of(event.object()), metadata, Replies.include(call), !columnsSent, now(event));
        if (columnsSent) {
            table.remove("columnDefinitions");
            table.putNull("columnDefinitions");
        }
        columnsSent = true;
        return ByteString.fromArrayUnsafe(encode(event.type().name(), table));
    }

    /** Ages in the past are those of then. */
    private Instant now(WatchEvent event) {
        return call.moment()
                .map(moment -> moment.isAfter(event.revision()) ? moment : event.revision())
                .map(Revision::instant)
                .orElseGet(time::instant);
    }

    ByteString bookmark(Revision revision, boolean initialEventsEnd) {
        ObjectNode object = WatchRoute.bookmark(call, revision, initialEventsEnd);
        if (accepted.form() == MediaTypes.Form.TABLE) {
            ObjectNode metadata = Json.object().put("resourceVersion", revision.toString());
            object = Tables.table(call.kind(), List.of(), metadata, Tables.Include.NONE, false, time.instant());
        } else if (accepted.form() != MediaTypes.Form.WHOLE) {
            object.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        }
        return ByteString.fromArrayUnsafe(encode("BOOKMARK", object));
    }

    ByteString error(ApiStatus status) {
        return ByteString.fromArrayUnsafe(encode("ERROR", status.toJson()));
    }

    private byte[] encode(String type, ObjectNode object) {
        if (isProtobuf()) {
            return frame(type, object);
        }
        ObjectNode event = Json.object().put("type", type);
        event.set("object", object);
        byte[] json = Json.write(event);
        byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    private static byte[] frame(String type, ObjectNode object) {
        ProtobufCodec codec = ProtobufCodec.kubernetes();
        return codec.watchFrame(type, codec.write(object));
    }
}
