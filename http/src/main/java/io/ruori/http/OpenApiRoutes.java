package io.ruori.http;

import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Serves the OpenAPI documents. */
interface OpenApiRoutes {
    HttpResponse answer(HttpRequest request, String path);

    static OpenApiRoutes of(java.util.function.Supplier<io.ruori.kind.KindRegistry> kinds) {
        return (request, path) -> {
            throw new Refusal(io.ruori.api.ApiStatus.noSuchPath());
        };
    }
}
