package io.ruori.http;

import io.ruori.http.codec.Gzip;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * Large answers to readers who take gzip are sent as such. What is small is not worth the work, and what lasts (watches, logs,
 * byte streams) has no end that could be waited for.
 */
final class Compression {
    /** Upstream's threshold, in bytes, below which time is lost rather than won. */
    static final int SMALLEST = 128 << 10;

    private Compression() {}

    static HttpResponse of(HttpRequest request, HttpResponse response) {
        return response.entity() instanceof HttpEntity.Strict whole
                        && whole.getData().length() >= SMALLEST
                        && isObject(whole.getContentType())
                        && response.getHeader("Content-Encoding").isEmpty()
                        && isTakenBy(request)
                ? compressed(
                        response,
                        whole.getContentType(),
                        Gzip.of(whole.getData().toArrayUnsafe()))
                : response;
    }

    /** An answer whose body is compressed already. */
    static HttpResponse compressed(HttpResponse response, ContentType type, byte[] gzipped) {
        return response.withEntity(HttpEntities.create(type, ByteString.fromArrayUnsafe(gzipped)))
                .addHeader(RawHeader.create("Content-Encoding", "gzip"))
                .addHeader(RawHeader.create("Vary", "Accept-Encoding"));
    }

    /** Whether a reader lists gzip by that very word, which is all that upstream looks at. */
    static boolean isTakenBy(HttpRequest request) {
        if (!request.method().equals(HttpMethods.GET)) {
            return false;
        }
        for (HttpHeader header : request.getHeaders()) {
            if (header.is("accept-encoding")) {
                for (String coding : header.value().split(",")) {
                    if (coding.strip().equals("gzip")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Objects in any encoding; not the text of logs. */
    private static boolean isObject(ContentType type) {
        return type.mediaType().mainType().equals("application");
    }
}
