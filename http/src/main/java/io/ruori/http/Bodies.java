package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.core.Edits;
import io.ruori.core.Write.PatchType;
import io.ruori.http.codec.BadBody;
import io.ruori.http.codec.JsonCodec;
import io.ruori.http.codec.ProtobufCodec;
import io.ruori.http.codec.YamlCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** Reads request bodies, in any encoding the API has, within the size it allows. */
final class Bodies {
    private static final String OBJECT_TYPES =
            "application/json, application/yaml, application/vnd.kubernetes.protobuf";
    private static final String CUSTOM_OBJECT_TYPES = "application/json, application/yaml";
    private static final String CUSTOM_PATCH_TYPES =
            "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";
    private static final String PATCH_TYPES = "application/json-patch+json, application/merge-patch+json, "
            + "application/strategic-merge-patch+json, application/apply-patch+yaml";

    /** Bodies up to so many times the limit are read to their end before they are refused. */
    private static final int DRAINED = 16;

    private final Materializer materializer;
    private final Edits edits;
    private final long maxBytes;

    /** A body as a tree of its own, and what is worth a warning about it. */
    record Decoded(ObjectNode tree, List<String> warnings) {}

    Bodies(Materializer materializer, Edits edits, long maxBytes) {
        this.materializer = materializer;
        this.edits = edits;
        this.maxBytes = maxBytes;
    }

    CompletionStage<Decoded> object(Call call) {
        String expected = call.path().subresource().isEmpty() ? call.kind().kind() : partKind(call);
        return object(call, call.kind().apiVersion(), expected);
    }

    CompletionStage<Decoded> object(Call call, String apiVersion, String expected) {
        String type = contentType(call.request());
        return bytes(call.request()).thenApply(bytes -> decode(call, type, bytes, apiVersion, expected));
    }

    private static String partKind(Call call) {
        var part = call.kind().subresources().get(call.path().subresource());
        return part == null ? call.kind().kind() : part.kind();
    }

    private Decoded decode(Call call, String type, byte[] bytes, String apiVersion, String expected) {
        try {
            return switch (type) {
                case "application/json", "" -> complaints(call, expected, JsonCodec.read(bytes));
                case "application/yaml", "application/x-yaml", "text/yaml" ->
                    complaints(call, expected, YamlCodec.read(bytes));
                case "application/vnd.kubernetes.protobuf" -> protobuf(call, bytes, apiVersion, expected);
                default -> throw new Refusal(ApiStatus.unsupportedMediaType(OBJECT_TYPES));
            };
        } catch (BadBody bad) {
            throw new Refusal(bad.toStatus(expected, bytes));
        }
    }

    private static Decoded protobuf(Call call, byte[] bytes, String apiVersion, String expected) {
        if (isCustom(call)) {
            throw new Refusal(ApiStatus.unsupportedMediaType(CUSTOM_OBJECT_TYPES));
        }
        return new Decoded(ProtobufCodec.kubernetes().read(bytes, apiVersion, expected), List.of());
    }

    /** Duplicate fields: an error for strict clients, told with the unknown ones; a warning for most. */
    private Decoded complaints(Call call, String expected, JsonCodec.Body body) {
        List<String> complaints = body.complaints();
        if (complaints.isEmpty()) {
            return new Decoded(body.tree(), complaints);
        }
        return switch (call.fieldValidation()) {
            case STRICT ->
                throw new Refusal(ApiStatus.badRequest(
                        expected + " in version \"" + call.kind().version()
                                + "\" cannot be handled as a " + expected + ": strict decoding error: "
                                + String.join(", ", withUnknown(call, body))));
            case IGNORE -> new Decoded(body.tree(), List.of());
            case WARN -> new Decoded(body.tree(), complaints);
        };
    }

    private List<String> withUnknown(Call call, JsonCodec.Body body) {
        var part = call.kind().subresources().get(call.path().subresource());
        String schema = part == null ? call.kind().schemaName() : part.schemaName();
        List<String> all = new ArrayList<>(body.complaints());
        all.addAll(edits.unknownFields(call.kind(), schema, body.tree()));
        return all;
    }

    /** Custom resources have no protobuf, and no merge keys; their parts of other kinds do. */
    private static boolean isCustom(Call call) {
        return call.kind().custom() != null
                && !call.kind().subresources().containsKey(call.path().subresource());
    }

    static PatchType patchType(Call call) {
        String type = contentType(call.request());
        if (isCustom(call) && type.equals("application/strategic-merge-patch+json")) {
            throw new Refusal(ApiStatus.unsupportedMediaType(CUSTOM_PATCH_TYPES));
        }
        return switch (type) {
            case "application/json-patch+json" -> PatchType.JSON;
            case "application/merge-patch+json" -> PatchType.MERGE;
            case "application/strategic-merge-patch+json" -> PatchType.STRATEGIC;
            case "application/apply-patch+yaml" -> PatchType.APPLY;
            default ->
                throw new Refusal(ApiStatus.unsupportedMediaType(isCustom(call) ? CUSTOM_PATCH_TYPES : PATCH_TYPES));
        };
    }

    CompletionStage<JsonNode> patch(Call call, PatchType type) {
        return bytes(call.request()).thenApply(bytes -> {
            try {
                return type == PatchType.APPLY ? YamlCodec.read(bytes).tree() : JsonCodec.readValue(bytes);
            } catch (BadBody bad) {
                throw new Refusal(ApiStatus.badRequest(
                        (type == PatchType.APPLY ? "error decoding YAML: " : "error decoding patch: ")
                                + bad.message()));
            }
        });
    }

    /** An empty body asks for nothing. */
    CompletionStage<DeleteOptions> deleteOptions(Call call) {
        String type = contentType(call.request());
        return bytes(call.request()).thenApply(bytes -> DeleteOptions.of(call, options(type, bytes)));
    }

    private static ObjectNode options(String type, byte[] bytes) {
        if (bytes.length == 0) {
            return Json.object();
        }
        try {
            return switch (type) {
                case "application/vnd.kubernetes.protobuf" ->
                    ProtobufCodec.kubernetes().read(bytes, "v1", "DeleteOptions");
                case "application/yaml" -> YamlCodec.read(bytes).tree();
                default -> JsonCodec.read(bytes).tree();
            };
        } catch (BadBody bad) {
            throw new Refusal(bad.toStatus("DeleteOptions", bytes));
        }
    }

    /** As they are, within the limit. */
    CompletionStage<byte[]> bytes(HttpRequest request) {
        if (request.entity() instanceof HttpEntity.Strict strict) {
            return strict.getData().length() > maxBytes
                    ? CompletableFuture.failedFuture(tooLarge())
                    : CompletableFuture.completedFuture(strict.getData().toArray());
        }
        return request.entity()
                .withoutSizeLimit()
                .getDataBytes()
                .runWith(Sink.fold(new Reading(), Reading::with), materializer)
                .thenApply(Reading::bytes);
    }

    private Refusal tooLarge() {
        return new Refusal(ApiStatus.tooLarge(maxBytes));
    }

    /**
     * A body as it comes. One that is only somewhat too large is read to its end, though not kept: an HTTP/2 client that is
     * still sending would see its stream cancelled instead of the answer.
     */
    private final class Reading {
        private final ByteStringBuilder kept = ByteString.createBuilder();
        private long size;

        Reading with(ByteString piece) {
            size += piece.length();
            if (size > DRAINED * maxBytes) {
                throw tooLarge();
            }
            if (size <= maxBytes) {
                kept.append(piece);
            }
            return this;
        }

        byte[] bytes() {
            if (size > maxBytes) {
                throw tooLarge();
            }
            return kept.result().toArray();
        }
    }

    /** The header as sent: kubectl's types are none that the HTTP library knows. */
    private static String contentType(HttpRequest request) {
        String type = request.entity().getContentType().toString();
        int parameters = type.indexOf(';');
        String plain =
                (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
        // A body without a type counts as JSON (kubectl scale sends such); over HTTP/2 Pekko calls it a stream of
        // octets.
        return plain.equals("none/none") || plain.equals("application/octet-stream") ? "" : plain;
    }
}
