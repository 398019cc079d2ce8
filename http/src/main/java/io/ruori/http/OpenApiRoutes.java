package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.http.codec.Document;
import io.ruori.http.codec.MediaTypes;
import io.ruori.http.openapi.ApiResource;
import io.ruori.http.openapi.OpenApiDocuments;
import io.ruori.http.openapi.OpenApiV2Protobuf;
import io.ruori.kind.KindRegistry;
import java.util.List;
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

    /** The present's, and that of one moment that is looked at: with version 2 they are some megabytes each. */
    private static final int SETS_OF_KINDS = 2;

    private final LastUsed<KindRegistry, OpenApiDocuments> made = new LastUsed<>(SETS_OF_KINDS);
    private volatile @Nullable OpenApiDocuments last;

    /** Made again only for another set of kinds, and then what it has in common with the last is not. */
    private OpenApiDocuments documents(KindRegistry kinds) {
        return made.get(kinds, now -> {
            List<ApiResource> all = ServedKinds.documented(ServedKinds.with(now.served()));
            OpenApiDocuments before = last;
            OpenApiDocuments documents = before == null ? OpenApiDocuments.of(all) : before.with(all);
            last = documents;
            return documents;
        });
    }

    HttpResponse answer(HttpRequest request, String path, KindRegistry kinds) {
        OpenApiDocuments documents = documents(kinds);
        String accept = request.getHeader("Accept").map(HttpHeader::value).orElse("");
        if (path.equals("/openapi/v2") && accept.contains("proto-openapi")) {
            return send(request, documents.v2Protobuf(), V2_PROTOBUF);
        }
        if (!MediaTypes.takesJson(accept)) {
            throw new Refusal(ApiStatus.notAcceptable("application/json"));
        }
        if (path.equals(V3)) {
            return send(request, documents.index(), ContentTypes.APPLICATION_JSON);
        }
        if (path.equals("/openapi/v2")) {
            return send(request, documents.v2(), ContentTypes.APPLICATION_JSON);
        }
        if (!path.startsWith(V3 + "/")) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        Document document =
                documents.v3(path.substring(V3.length() + 1)).orElseThrow(() -> new Refusal(ApiStatus.noSuchPath()));
        String hash = request.getUri().query().get("hash").orElse("");
        if (hash.isEmpty()) {
            return send(request, document, ContentTypes.APPLICATION_JSON);
        }
        if (!hash.equals(document.hash())) {
            // Relative to what was asked for, where the path does not say that it is of the past.
            String here = Moment.of(request).isPresent() ? "" : path;
            return HttpResponse.create()
                    .withStatus(301)
                    .addHeader(RawHeader.create("Location", here + "?hash=" + document.hash()));
        }
        return send(request, document, ContentTypes.APPLICATION_JSON)
                .removeHeader("Cache-Control")
                .addHeader(RawHeader.create("Cache-Control", "public, immutable"));
    }

    private static HttpResponse send(HttpRequest request, Document document, ContentType type) {
        return Replies.document(request, document, type).addHeader(RawHeader.create("Vary", "Accept"));
    }
}
