package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.http.codec.Document;
import io.ruori.http.codec.MediaTypes;
import io.ruori.http.openapi.ApiResource;
import io.ruori.http.openapi.OpenApiDocuments;
import io.ruori.http.openapi.OpenApiV2Protobuf;
import io.ruori.kind.KindRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
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
        String accept = request.getHeader("Accept").map(HttpHeader::value).orElse("");
        if (path.equals("/openapi/v2") && accept.contains("proto-openapi")) {
            return send(request, documents().v2Protobuf(), V2_PROTOBUF);
        }
        if (!MediaTypes.takesJson(accept)) {
            throw new Refusal(ApiStatus.notAcceptable("application/json"));
        }
        if (path.equals(V3)) {
            return send(request, documents().index(), ContentTypes.APPLICATION_JSON);
        }
        if (path.equals("/openapi/v2")) {
            return send(request, documents().v2(), ContentTypes.APPLICATION_JSON);
        }
        if (!path.startsWith(V3 + "/")) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        Document document =
                documents().v3(path.substring(V3.length() + 1)).orElseThrow(() -> new Refusal(ApiStatus.noSuchPath()));
        String hash = request.getUri().query().get("hash").orElse("");
        if (hash.isEmpty()) {
            return send(request, document, ContentTypes.APPLICATION_JSON);
        }
        if (!hash.equals(document.hash())) {
            return HttpResponse.create()
                    .withStatus(301)
                    .addHeader(RawHeader.create("Location", path + "?hash=" + document.hash()));
        }
        return send(request, document, ContentTypes.APPLICATION_JSON)
                .removeHeader("Cache-Control")
                .addHeader(RawHeader.create("Cache-Control", "public, immutable"));
    }

    private static HttpResponse send(HttpRequest request, Document document, ContentType type) {
        return Replies.document(request, document, type).addHeader(RawHeader.create("Vary", "Accept"));
    }
}
