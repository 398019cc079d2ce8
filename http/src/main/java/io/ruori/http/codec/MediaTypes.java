package io.ruori.http.codec;

import io.ruori.api.ApiStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how to read and to answer from a request's headers. Clauses of Accept are tried by their weight, then from the
 * most exact; the first that can be served wins. What cannot is refused with the list of what could be.
 */
public final class MediaTypes {
    private static final String META_GROUP = "meta.k8s.io";
    private static final String DISCOVERY_GROUP = "apidiscovery.k8s.io";
    private static final String AGGREGATED = "APIGroupDiscoveryList";
    private static final Comparator<Clause> BY_PREFERENCE = Comparator.comparingDouble((Clause c) -> -c.weight)
            .thenComparing(c -> c.type.equals("*"))
            .thenComparing(c -> c.subtype.equals("*"));

    private MediaTypes() {}

    /** The formats of bodies, in the order in which the server prefers them. */
    public enum Encoding {
        JSON("application/json", true),
        YAML("application/yaml", false),
        PROTOBUF("application/vnd.kubernetes.protobuf", true);

        private final String mediaType;
        private final boolean streams;

        Encoding(String mediaType, boolean streams) {
            this.mediaType = mediaType;
            this.streams = streams;
        }

        public String mediaType() {
            return mediaType;
        }

        private String subtype() {
            return mediaType.substring(mediaType.indexOf('/') + 1);
        }
    }

    /** What is shown of an object or list. */
    public enum Form {
        WHOLE,
        TABLE,
        PARTIAL_METADATA,
        PARTIAL_METADATA_LIST
    }

    /** What an end point can answer. */
    public enum Offer {
        /** A built-in kind: every encoding and form. */
        BUILT_IN,
        /** A custom resource: protobuf only for its metadata. */
        CUSTOM,
        /** Neither tables nor partial metadata: discovery, reviews, options. */
        PLAIN
    }

    /** The kinds of patches, in upstream's order. */
    public enum PatchType {
        JSON("application/json-patch+json"),
        MERGE("application/merge-patch+json"),
        STRATEGIC("application/strategic-merge-patch+json"),
        APPLY("application/apply-patch+yaml");

        private final String mediaType;

        PatchType(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    /** A choice, or the error body that says what would have been possible. */
    public sealed interface Choice<T> {}

    public record Chosen<T>(T value) implements Choice<T> {}

    public record Refused<T>(ApiStatus status) implements Choice<T> {}

    /**
     * How to answer.
     *
     * @param metaVersion of {@code meta.k8s.io} for a form other than the whole: {@code v1} or {@code v1beta1}; else empty
     * @param isPretty whether the client asked for indentation in the header
     */
    public record Answer(Encoding encoding, Form form, String metaVersion, boolean isPretty) {
        /** The answer's Content-Type. */
        public String contentType() {
            return encoding.mediaType();
        }

        /** The Content-Type of a watch. */
        public String watchContentType() {
            return encoding == Encoding.JSON ? encoding.mediaType() : encoding.mediaType() + ";stream=watch";
        }
    }

    /** How to answer a request. */
    public static Choice<Answer> answer(String accept, Offer offer) {
        Optional<Answer> found = negotiate(accept, offer);
        return found.isPresent() ? new Chosen<>(found.get()) : new Refused<>(ApiStatus.notAcceptable(all(offer)));
    }

    /** How to answer a watch: YAML cannot stream. */
    public static Choice<Answer> watch(String accept, Offer offer) {
        Optional<Answer> found = negotiate(accept, offer).filter(answer -> answer.encoding().streams);
        return found.isPresent() ? new Chosen<>(found.get()) : new Refused<>(ApiStatus.notAcceptable(streaming(offer)));
    }

    /**
     * How to show what is served.
     *
     * @param version of the aggregated form, {@code v2} or {@code v2beta1}; empty for the plain one
     */
    public record Discovered(Encoding encoding, String version, boolean isPretty) {
        public String contentType() {
            return version.isEmpty()
                    ? encoding.mediaType
                    : encoding.mediaType + ";g=" + DISCOVERY_GROUP + ";v=" + version + ";as=" + AGGREGATED;
        }
    }

    /** How to answer at a root of discovery, which has an aggregated form too. */
    public static Choice<Discovered> discovery(String accept) {
        return discovery(accept, true);
    }

    /** How to answer with what is known of one group or version. */
    public static Choice<Discovered> discoveryOfOne(String accept) {
        return discovery(accept, false);
    }

    /** Whether the whole of something can be sent as JSON: for what has no other encoding. */
    public static boolean takesJson(String accept) {
        return accept.isBlank()
                || clauses(accept).stream().anyMatch(clause -> clause.matches(Encoding.JSON) && clause.isWhole());
    }

    private static Choice<Discovered> discovery(String accept, boolean hasAggregated) {
        if (accept.isBlank()) {
            return new Chosen<>(new Discovered(Encoding.JSON, "", false));
        }
        for (Clause clause : clauses(accept)) {
            for (Encoding encoding : Encoding.values()) {
                if (clause.matches(encoding)) {
                    Optional<Discovered> found = clause.discovered(encoding, hasAggregated);
                    if (found.isPresent()) {
                        return new Chosen<>(found.get());
                    }
                }
            }
        }
        return new Refused<>(ApiStatus.notAcceptable(all(Offer.PLAIN)));
    }

    /** How to read a body; no Content-Type means JSON. */
    public static Choice<Encoding> body(String contentType) {
        String type = bare(contentType);
        for (Encoding encoding : Encoding.values()) {
            if (contentType.isEmpty() ? encoding == Encoding.JSON : encoding.mediaType.equals(type)) {
                return new Chosen<>(encoding);
            }
        }
        return new Refused<>(ApiStatus.unsupportedMediaType(all(Offer.BUILT_IN)));
    }

    /** How to read a patch. Custom resources know no strategic merge. */
    public static Choice<PatchType> patch(String contentType, Offer offer) {
        List<PatchType> known = Stream.of(PatchType.values())
                .filter(type -> type != PatchType.STRATEGIC || offer != Offer.CUSTOM)
                .toList();
        String asked = contentType.split(";", 2)[0].trim();
        for (PatchType type : known) {
            if (type.mediaType.equals(asked)) {
                return new Chosen<>(type);
            }
        }
        return new Refused<>(ApiStatus.unsupportedMediaType(
                known.stream().map(PatchType::mediaType).collect(Collectors.joining(", "))));
    }

    /**
     * Whether a person is reading: {@code ?pretty=true}, or, where the parameter is absent, a browser or a command line
     * tool that shows bodies as they come.
     *
     * @param pretty the query parameter; empty where absent
     */
    public static boolean isForReading(String pretty, String userAgent) {
        if (!pretty.isEmpty()) {
            return switch (pretty) {
                case "1", "t", "T", "true", "TRUE", "True" -> true;
                default -> false;
            };
        }
        return userAgent.startsWith("curl") || userAgent.startsWith("Wget") || userAgent.startsWith("Mozilla/5.0");
    }

    private static String all(Offer offer) {
        return whole(offer).map(Encoding::mediaType).collect(Collectors.joining(", "));
    }

    /** The encodings in which the whole of an object can be had. */
    private static Stream<Encoding> whole(Offer offer) {
        return Stream.of(Encoding.values()).filter(encoding -> encoding != Encoding.PROTOBUF || offer != Offer.CUSTOM);
    }

    private static String streaming(Offer offer) {
        return whole(offer)
                .filter(encoding -> encoding.streams)
                .map(encoding -> encoding.mediaType() + ";stream=watch")
                .collect(Collectors.joining(", "));
    }

    private static Optional<Answer> negotiate(String accept, Offer offer) {
        if (accept.isBlank()) {
            return Optional.of(new Answer(Encoding.JSON, Form.WHOLE, "", false));
        }
        for (Clause clause : clauses(accept)) {
            for (Encoding encoding : Encoding.values()) {
                Optional<Answer> answer = clause.matches(encoding) ? clause.answer(encoding, offer) : Optional.empty();
                if (answer.isPresent()) {
                    return answer;
                }
            }
        }
        return Optional.empty();
    }

    private static List<Clause> clauses(String accept) {
        List<Clause> clauses = new ArrayList<>();
        for (String part : accept.split(",")) {
            Clause clause = Clause.of(part);
            if (clause.weight > 0) {
                clauses.add(clause);
            }
        }
        clauses.sort(BY_PREFERENCE);
        return clauses;
    }

    private static String bare(String contentType) {
        return contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }

    /** One media range of an Accept header. */
    private record Clause(String type, String subtype, double weight, Map<String, String> parameters) {
        static Clause of(String part) {
            String[] pieces = part.split(";");
            String[] names = pieces[0].trim().split("/", -1);
            boolean isStar = names.length == 1 && names[0].equals("*");
            if (names.length != 2 && !isStar) {
                return new Clause("", "", 0, Map.of());
            }
            Map<String, String> parameters = HashMap.newHashMap(pieces.length);
            for (int i = 1; i < pieces.length; i++) {
                String[] pair = pieces[i].split("=", -1);
                if (pair.length == 2) {
                    parameters.put(pair[0].trim(), pair[1].trim());
                }
            }
            return new Clause(
                    names[0].trim(), isStar ? "*" : names[1].trim(), weight(parameters.remove("q")), parameters);
        }

        private static double weight(@Nullable String q) {
            if (q == null) {
                return 1;
            }
            try {
                return Double.parseDouble(q);
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        boolean matches(Encoding encoding) {
            return type.equals("*")
                    ? subtype.equals("*")
                    : type.equals("application") && (subtype.equals("*") || subtype.equals(encoding.subtype()));
        }

        Optional<Answer> answer(Encoding encoding, Offer offer) {
            String stream = parameters.getOrDefault("stream", "");
            boolean canStream = stream.isEmpty() || (stream.equals("watch") && encoding.streams);
            if (!canStream || !parameters.getOrDefault("sv", "").isEmpty()) {
                return Optional.empty();
            }
            return form(encoding, offer)
                    .map(form -> new Answer(
                            encoding,
                            form,
                            form == Form.WHOLE ? "" : parameters.getOrDefault("v", ""),
                            parameters.getOrDefault("pretty", "").equals("1")));
        }

        Optional<Discovered> discovered(Encoding encoding, boolean hasAggregated) {
            if (!parameters.getOrDefault("stream", "").isEmpty()) {
                return Optional.empty();
            }
            boolean isPretty = parameters.getOrDefault("pretty", "").equals("1");
            if (isWhole()) {
                return Optional.of(new Discovered(encoding, "", isPretty));
            }
            String version = parameters.getOrDefault("v", "");
            boolean isAggregated = AGGREGATED.equals(parameters.get("as"))
                    && DISCOVERY_GROUP.equals(parameters.get("g"))
                    && (version.equals("v2") || version.equals("v2beta1"));
            return hasAggregated && isAggregated
                    ? Optional.of(new Discovered(encoding, version, isPretty))
                    : Optional.empty();
        }

        private boolean isWhole() {
            return Stream.of("as", "g", "v").noneMatch(parameters::containsKey);
        }

        private Optional<Form> form(Encoding encoding, Offer offer) {
            if (isWhole()) {
                return offer == Offer.CUSTOM && encoding == Encoding.PROTOBUF
                        ? Optional.empty()
                        : Optional.of(Form.WHOLE);
            }
            String version = parameters.getOrDefault("v", "");
            boolean isMeta =
                    META_GROUP.equals(parameters.get("g")) && (version.equals("v1") || version.equals("v1beta1"));
            if (offer == Offer.PLAIN || !isMeta) {
                return Optional.empty();
            }
            return switch (parameters.getOrDefault("as", "")) {
                case "Table" -> encoding == Encoding.PROTOBUF ? Optional.empty() : Optional.of(Form.TABLE);
                case "PartialObjectMetadata" -> Optional.of(Form.PARTIAL_METADATA);
                case "PartialObjectMetadataList" -> Optional.of(Form.PARTIAL_METADATA_LIST);
                default -> Optional.empty();
            };
        }
    }
}
