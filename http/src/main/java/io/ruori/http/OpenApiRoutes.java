package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.http.codec.Document;
import io.ruori.http.openapi.ApiResource;
import io.ruori.http.openapi.OpenApiDocuments;
import io.ruori.http.openapi.OpenApiV2Protobuf;
import io.ruori.kind.KindRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** Serves the OpenAPI documents: the v3 index and its hashed, immutable parts, and the one v2 document. */
final class OpenApiRoutes {
    private static final String V3 = "/openapi/v3";
    private static final ContentType V2_PROTOBUF = ContentTypes.parse(OpenApiV2Protobuf.MEDIA_TYPE);

    private final Supplier<KindRegistry> kinds;
    private @Nullable KindRegistry made;
    private @Nullable OpenApiDocuments documents;

    OpenApiRoutes(Supplier<KindRegistry> kinds) {
        this.kinds = kinds;
    }

    /** Made again only when the set of kinds has changed. */
    private synchronized OpenApiDocuments documents() {
        KindRegistry now = kinds.get();
        OpenApiDocuments current = documents;
        if (current == null || made != now) {
            List<ApiResource> all = ServedKinds.documented(ServedKinds.with(now.served()));
            current = current == null ? OpenApiDocuments.of(all) : current.with(all);
            documents = current;
            made = now;
        }
        return current;
    }

    HttpResponse answer(HttpRequest request, String path) {
        if (path.equals(V3)) {
            return send(request, documents().index(), ContentTypes.APPLICATION_JSON);
        }
        if (path.equals("/openapi/v2")) {
            boolean protobuf = request.getHeader("Accept")
                    .map(accept -> accept.value().contains("proto-openapi"))
                    .orElse(false);
            return protobuf
                    ? send(request, documents().v2Protobuf(), V2_PROTOBUF)
                    : send(request, documents().v2(), ContentTypes.APPLICATION_JSON);
        }
        if (!path.startsWith(V3 + "/")) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        Document document =
                documents().v3(path.substring(V3.length() + 1)).orElseThrow(() -> new Refusal(ApiStatus.noSuchPath()));
        HttpResponse response = send(request, document, ContentTypes.APPLICATION_JSON);
        boolean immutable = request.getUri()
                .query()
                .get("hash")
                .map(document.hash()::equals)
                .orElse(false);
        return immutable
                ? response.removeHeader("Cache-Control")
                        .addHeader(RawHeader.create("Cache-Control", "public, immutable"))
                : response;
    }

    private static HttpResponse send(HttpRequest request, Document document, ContentType type) {
        return Replies.document(request, document, type).addHeader(RawHeader.create("Vary", "Accept"));
    }
}
