package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.http.codec.Document;
import io.ruori.http.codec.MediaTypes;
import io.ruori.http.codec.MediaTypes.Chosen;
import io.ruori.http.codec.MediaTypes.Encoding;
import io.ruori.http.codec.MediaTypes.Refused;
import io.ruori.kind.KindRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Serves discovery, plain or aggregated as the client accepts it. A document is made once for a set of kinds. */
final class DiscoveryRoutes {
    private static final String CORE = "/api";
    private static final String NAMED = "/apis";

    /** Those of the present, and of what is looked at in the past. */
    private static final int SETS_OF_KINDS = 8;

    private final String address;
    private final LastUsed<KindRegistry, Made> made = new LastUsed<>(SETS_OF_KINDS);

    DiscoveryRoutes(String address) {
        this.address = address;
    }

    /** Which document: there are no more than the kinds' groups times the ways to show them. */
    private record Shown(String path, MediaTypes.Discovered as, boolean isIndented) {}

    private record Made(Discovery discovery, Map<Shown, Document> documents) {
        static Made of(KindRegistry registry) {
            return new Made(new Discovery(registry.served()), new ConcurrentHashMap<>());
        }
    }

    Discovery discovery(KindRegistry kinds) {
        return made.get(kinds, Made::of).discovery();
    }

    /** Whether discovery is asked for with this path, known or not. */
    static boolean serves(String path) {
        return path.equals(CORE) || path.equals(NAMED) || path.startsWith(CORE + "/") || path.startsWith(NAMED + "/");
    }

    HttpResponse answer(HttpRequest request, String path, KindRegistry kinds) {
        boolean isRoot = path.equals(CORE) || path.equals(NAMED);
        String accept = request.getHeader("Accept").map(HttpHeader::value).orElse("");
        MediaTypes.Discovered as = switch (isRoot ? MediaTypes.discovery(accept) : MediaTypes.discoveryOfOne(accept)) {
            case Chosen<MediaTypes.Discovered> chosen -> chosen.value();
            case Refused<MediaTypes.Discovered> refused -> throw new Refusal(refused.status());
        };
        boolean isIndented = as.encoding() == Encoding.JSON && (as.isPretty() || Replies.isForReading(request));
        Made now = made.get(kinds, Made::of);
        Shown shown = new Shown(path, as, isIndented);
        Document document = now.documents.get(shown);
        if (document == null) {
            document = new Document(Accepted.encode(as.encoding(), tree(now.discovery, shown), isIndented));
            now.documents.put(shown, document);
        }
        return Replies.document(request, document, type(as)).addHeader(RawHeader.create("Vary", "Accept"));
    }

    private static ContentType type(MediaTypes.Discovered as) {
        return as.version().isEmpty() && as.encoding() == Encoding.JSON
                ? ContentTypes.APPLICATION_JSON
                : ContentTypes.parse(as.contentType());
    }

    private ObjectNode tree(Discovery discovery, Shown shown) {
        boolean isCore = shown.path.equals(CORE);
        if (!shown.as.version().isEmpty()) {
            return discovery.aggregated(isCore, shown.as.version());
        }
        if (isCore) {
            ObjectNode versions = discovery.apiVersions(address);
            // Upstream leaves the version out, but there is no envelope without one.
            return shown.as.encoding() == Encoding.PROTOBUF ? versions.put("apiVersion", "v1") : versions;
        }
        return shown.path.equals(NAMED)
                ? discovery.groupList()
                : groupOrVersion(discovery, shown.path).orElseThrow(() -> new Refusal(ApiStatus.noSuchPath()));
    }

    private static Optional<ObjectNode> groupOrVersion(Discovery discovery, String path) {
        String[] parts = path.split("/");
        if (parts.length == 3) {
            return parts[1].equals("api") ? discovery.resources(parts[2]) : discovery.group(parts[2]);
        }
        return parts.length == 4 && parts[1].equals("apis")
                ? discovery.resources(parts[2] + "/" + parts[3])
                : Optional.empty();
    }
}
