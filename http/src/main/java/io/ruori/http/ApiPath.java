package io.ruori.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a request's path names. Pure; knows the shape of paths, not which kinds exist. */
public sealed interface ApiPath {

    /**
     * A resource path.
     *
     * @param namespace empty for cluster-scoped paths and for lists over all namespaces
     * @param name empty for a collection
     * @param subresource empty for the object itself
     * @param rest what follows the sub-resource ({@code proxy} paths), without its first slash
     * @param legacyWatch the deprecated {@code /watch/} prefix was used
     */
    record Resource(
            String group,
            String version,
            String namespace,
            String resource,
            String name,
            String subresource,
            String rest,
            boolean legacyWatch)
            implements ApiPath {}

    /** Anything else: health, version, discovery, OpenAPI. */
    record Other(String path) implements ApiPath {}

    static ApiPath parse(String rawPath) {
        List<String> segments = segments(rawPath);
        if (segments.size() >= 3 && segments.get(0).equals("api")) {
            return resource("", segments.get(1), segments.subList(2, segments.size()));
        }
        if (segments.size() >= 4 && segments.get(0).equals("apis")) {
            return resource(segments.get(1), segments.get(2), segments.subList(3, segments.size()));
        }
        return new Other(
                rawPath.length() > 1 && rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath);
    }

    private static ApiPath resource(String group, String version, List<String> path) {
        List<String> rest = path;
        boolean watch = rest.get(0).equals("watch") && rest.size() > 1;
        if (watch) {
            rest = rest.subList(1, rest.size());
        }
        String namespace = "";
        // /namespaces/NAME and /namespaces/NAME/{status,finalize} are the Namespace itself, anything deeper is inside
        // it.
        if (rest.get(0).equals("namespaces") && rest.size() > 2 && !isNamespacePart(rest.get(2), rest.size())) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        return new Resource(
                group,
                version,
                namespace,
                rest.get(0),
                rest.size() > 1 ? rest.get(1) : "",
                rest.size() > 2 ? rest.get(2) : "",
                rest.size() > 3 ? String.join("/", rest.subList(3, rest.size())) : "",
                watch);
    }

    private static boolean isNamespacePart(String segment, int size) {
        return size == 3 && (segment.equals("status") || segment.equals("finalize"));
    }

    private static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>(8);
        for (String segment : rawPath.split("/")) {
            if (!segment.isEmpty()) {
                segments.add(
                        segment.indexOf('%') < 0
                                ? segment
                                : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        return segments;
    }
}
