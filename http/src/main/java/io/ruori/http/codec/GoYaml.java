package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Puts what our YAML parser complains of into the words of Go's, which clients of Kubernetes know. */
final class GoYaml {
    private GoYaml() {}

    static String problem(@Nullable String context, @Nullable String problem) {
        String text = problem == null ? "" : problem;
        if (text.startsWith("mapping values are not allowed")) {
            return "mapping values are not allowed in this context";
        }
        if (text.startsWith("sequence entries are not allowed")) {
            return "block sequence entries are not allowed in this context";
        }
        if (text.contains("that cannot start any token")) {
            return "found character that cannot start any token";
        }
        if (text.startsWith("found unknown escape character")) {
            return "found unknown escape character";
        }
        if (text.startsWith("expected the node content")) {
            return "did not find expected node content";
        }
        if (text.startsWith("expected <block end>")) {
            boolean isMapping = context != null && context.contains("mapping");
            return isMapping ? "did not find expected key" : "did not find expected '-' indicator";
        }
        int but = text.indexOf(", but ");
        return text.startsWith("expected ") && but > 0 ? "did not find " + text.substring(0, but) : text;
    }

    /** The short tag of what a plain scalar turned out to be. */
    static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> "bool";
            case NULL, MISSING -> "null";
            case NUMBER -> value.isIntegralNumber() ? "int" : "float";
            case ARRAY, BINARY, OBJECT, POJO, STRING -> "str";
        };
    }
}
