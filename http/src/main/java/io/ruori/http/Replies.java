package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import io.ruori.http.codec.Document;
import io.ruori.http.codec.MediaTypes;
import io.ruori.kind.Subresource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** Answers, in the form the client accepts. An object that is wanted as JSON is sent as the bytes it is stored in. */
final class Replies {
    /** Upstream's limit on all texts of warnings together; above it each is cut. */
    private static final int LONGEST_WARNINGS = 4 << 10;

    /** Upstream's limit on one warning's text where there are too many. */
    private static final int LONGEST_WARNING = 256;

    private static final String AUDIT = "Audit-Id";

    private Replies() {}

    static HttpResponse object(Call call, int code, StoredObject object, List<String> warnings, Instant now) {
        Accepted accepted = Accepted.of(call);
        return switch (accepted.form()) {
            case WHOLE ->
                accepted.isPlainJson()
                        ? bytes(code, ContentTypes.APPLICATION_JSON, call.kind().json(object), warnings)
                        : encoded(accepted, code, call.kind().tree(object), warnings);
            case TABLE -> {
                ObjectNode metadata =
                        Json.object().put("resourceVersion", object.revision().toString());
                ObjectNode table = Tables.table(call.kind(), List.of(object), metadata, include(call), true, now);
                yield encoded(accepted, code, table, warnings);
            }
            case PARTIAL_METADATA -> encoded(accepted, code, Tables.partial(object.tree()), warnings);
            case PARTIAL_METADATA_LIST -> throw notOneAsList(call.kind().kind());
        };
    }

    /** A sub-resource, read or written. */
    static HttpResponse part(Call call, Subresource part, StoredObject object, List<String> warnings, Instant now) {
        Accepted accepted = Accepted.of(call);
        ObjectNode tree = call.kind().read(part, object);
        return switch (accepted.form()) {
            case WHOLE -> encoded(accepted, 200, tree, warnings);
            case TABLE ->
                part.kind().equals(call.kind().kind())
                        ? object(call, 200, object, warnings, now)
                        : encoded(accepted, 200, Tables.scale(tree, include(call), now), warnings);
            case PARTIAL_METADATA -> encoded(accepted, 200, Tables.partial(tree), warnings);
            case PARTIAL_METADATA_LIST -> throw notOneAsList(part.kind());
        };
    }

    private static Refusal notOneAsList(String kind) {
        return new Refusal(ApiStatus.notAcceptableForm(
                "you requested PartialObjectMetadataList, but the requested object is not a list (" + kind + ")"));
    }

    static HttpResponse tree(Call call, int code, ObjectNode tree, List<String> warnings) {
        return encoded(Accepted.of(call), code, tree, warnings);
    }

    static HttpResponse list(Call call, List<StoredObject> items, ObjectNode metadata, Instant now) {
        Accepted accepted = Accepted.of(call);
        return switch (accepted.form()) {
            case WHOLE ->
                accepted.isPlainJson()
                        ? bytes(200, ContentTypes.APPLICATION_JSON, joined(call, items, metadata), List.of())
                        : encoded(accepted, 200, Json.read(joined(call, items, metadata)), List.of());
            case TABLE ->
                encoded(accepted, 200, Tables.table(call.kind(), items, metadata, include(call), true, now), List.of());
            case PARTIAL_METADATA ->
                throw new Refusal(ApiStatus.notAcceptableForm(
                        "you requested PartialObjectMetadata, but the requested object is a list ("
                                + call.kind().listKind() + ")"));
            case PARTIAL_METADATA_LIST -> {
                ObjectNode list =
                        Json.object().put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
                list.set("metadata", metadata);
                var array = list.putArray("items");
                items.forEach(item -> array.add(Tables.partial(item.tree())));
                yield encoded(accepted, 200, list, List.of());
            }
        };
    }

    /** A list's JSON, put together from its items' own bytes. */
    private static byte[] joined(Call call, List<StoredObject> items, ObjectNode metadata) {
        ObjectNode head = Json.object()
                .put("kind", call.kind().listKind())
                .put("apiVersion", call.kind().apiVersion());
        head.set("metadata", metadata);
        byte[] start = Json.write(head);
        List<byte[]> bodies = items.stream().map(call.kind()::json).toList();
        int size = start.length + 16;
        for (byte[] body : bodies) {
            size += body.length + 1;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        out.write(start, 0, start.length - 1);
        out.writeBytes(",\"items\":[".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < bodies.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            out.writeBytes(bodies.get(i));
        }
        out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** A {@code Status} that says all went well. */
    static HttpResponse success(Call call, int code, ObjectNode details) {
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        if (code != 200) {
            status.put("code", code);
        }
        return encoded(Accepted.of(call), code, status, List.of());
    }

    /** Whether a person reads the answer as it comes. */
    static boolean isForReading(HttpRequest request) {
        return MediaTypes.isForReading(
                request.getUri().query().get("pretty").orElse(""),
                request.getHeader("User-Agent").map(HttpHeader::value).orElse(""));
    }

    static HttpResponse error(HttpRequest request, ApiStatus status) {
        HttpResponse response = bytes(
                status.code(),
                ContentTypes.APPLICATION_JSON,
                Accepted.encode(MediaTypes.Encoding.JSON, status.toJson(), isForReading(request)),
                List.of());
        return status.retryAfterSeconds() > 0
                ? response.addHeader(RawHeader.create("Retry-After", Integer.toString(status.retryAfterSeconds())))
                : response;
    }

    static HttpResponse json(int code, JsonNode tree) {
        return bytes(code, ContentTypes.APPLICATION_JSON, Json.write(tree), List.of());
    }

    /** JSON for people, whoever asks. */
    static HttpResponse readable(ObjectNode tree) {
        return bytes(
                200, ContentTypes.APPLICATION_JSON, Accepted.encode(MediaTypes.Encoding.JSON, tree, true), List.of());
    }

    static HttpResponse text(int code, String text) {
        return HttpResponse.create()
                .withStatus(code)
                .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, text))
                .addHeader(RawHeader.create("X-Content-Type-Options", "nosniff"));
    }

    static HttpResponse encoded(Accepted accepted, int code, ObjectNode tree, List<String> warnings) {
        return bytes(code, accepted.contentType(), accepted.encode(tree), warnings);
    }

    static HttpResponse bytes(int code, ContentType type, byte[] body, List<String> warnings) {
        return HttpResponse.create()
                .withStatus(code)
                .withEntity(HttpEntities.create(type, ByteString.fromArrayUnsafe(body)))
                .addHeaders(headers(warnings));
    }

    /** A document, or 304 to a client that says it has this very one. */
    static HttpResponse document(HttpRequest request, Document document, ContentType type) {
        String etag = '"' + document.hash() + '"';
        boolean isKnown = request.getHeader("If-None-Match")
                .map(header -> header.value().equals(etag))
                .orElse(false);
        return whole(request, document, type, isKnown).addHeader(RawHeader.create("Etag", etag));
    }

    private static HttpResponse whole(HttpRequest request, Document document, ContentType type, boolean isKnown) {
        if (isKnown) {
            return HttpResponse.create().withStatus(304);
        }
        return document.bytes().length >= Compression.SMALLEST && Compression.isTakenBy(request)
                ? Compression.compressed(HttpResponse.create().addHeaders(headers(List.of())), type, document.gzipped())
                : bytes(200, type, document.bytes(), List.of());
    }

    private static List<HttpHeader> headers(List<String> warnings) {
        List<HttpHeader> headers = new ArrayList<>(warnings.size() + 1);
        headers.add(RawHeader.create("Cache-Control", "no-cache, private"));
        List<String> distinct = warnings.stream().distinct().toList();
        boolean fits = distinct.stream().mapToInt(String::length).sum() <= LONGEST_WARNINGS;
        int written = 0;
        for (String warning : distinct) {
            String text = fits || warning.length() <= LONGEST_WARNING ? warning : warning.substring(0, LONGEST_WARNING);
            if (fits || written < LONGEST_WARNINGS) {
                headers.add(warning(text));
                written += text.length();
            }
        }
        return headers;
    }

    /** What names a request to whoever looks for it later: the client's own name for it as it came, else a new one. */
    static HttpHeader audit(HttpRequest request) {
        return RawHeader.create(
                AUDIT,
                request.getHeader(AUDIT)
                        .map(HttpHeader::value)
                        .filter(given -> !given.isEmpty())
                        .orElseGet(() -> UUID.randomUUID().toString()));
    }

    static HttpHeader warning(String warning) {
        return RawHeader.create(
                "Warning",
                "299 - \"" + warning.replace("\\", "\\\\").replace("\"", "\\\"").replace('\n', ' ') + "\"");
    }

    /** What rows of a Table carry; refused with 400 where that is no such thing. */
    static Tables.Include include(Call call) {
        String asked = call.param("includeObject");
        return switch (asked) {
            case "None" -> Tables.Include.NONE;
            case "Object" -> Tables.Include.OBJECT;
            case "", "Metadata" -> Tables.Include.METADATA;
            default ->
                throw new Refusal(ApiStatus.badRequest("Unable to convert to Table as requested: includeObject:"
                        + " Invalid value: \"" + asked + "\": must be 'Metadata', 'Object', 'None', or empty"));
        };
    }
}
