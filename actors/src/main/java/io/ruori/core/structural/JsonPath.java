package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.core.patch.JsonValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path into an object in Kubernetes' dialect of JSONPath: {@code .status.conditions[?(@.type=="Ready")].status}. Names,
 * quoted names, indexes, slices, wild cards, descent and simple filters.
 */
public final class JsonPath {

    /** A path that cannot be read. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private sealed interface Step {
        record Name(String name) implements Step {}

        record Wild() implements Step {}

        record Descent() implements Step {}

        /** {@code [start:end:by]}; a single index has {@code end} one behind it. */
        record Slice(@Nullable Integer start, @Nullable Integer end, int by, boolean single) implements Step {}

        record Union(List<Step> steps) implements Step {}

        /** @param operator empty where the left side must only exist */
        record Filter(
                List<Step> left, String operator, @Nullable JsonNode literal, List<Step> right) implements Step {}
    }

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    /** @param text begins with a dot or a bracket; braces around it are not part of it */
    public static JsonPath parse(String text) throws Malformed {
        Parser parser = new Parser(text);
        List<Step> steps = parser.steps();
        if (!parser.isAtEnd()) {
            throw new Malformed("unrecognized character in path: " + text.substring(parser.at));
        }
        return new JsonPath(steps);
    }

    /** Everything the path leads to, in order. */
    public List<JsonNode> of(JsonNode root) {
        return follow(root, steps);
    }

    private static List<JsonNode> follow(JsonNode root, List<Step> steps) {
        List<JsonNode> found = List.of(root);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            found.forEach(node -> step(node, step, next));
            found = next;
        }
        return found;
    }

    private static void step(JsonNode node, Step step, List<JsonNode> into) {
        switch (step) {
            case Step.Name(String name) -> {
                JsonNode found = node.get(name);
                if (found != null) {
                    into.add(found);
                }
            }
            case Step.Wild wild -> node.forEach(into::add);
            case Step.Descent descent -> {
                into.add(node);
                node.forEach(child -> step(child, step, into));
            }
            case Step.Slice slice -> slice(node, slice, into);
            case Step.Union(List<Step> several) -> several.forEach(one -> step(node, one, into));
            case Step.Filter filter ->
                node.forEach(child -> {
                    if (holds(child, filter)) {
                        into.add(child);
                    }
                });
        }
    }

    private static void slice(JsonNode node, Step.Slice slice, List<JsonNode> into) {
        if (!node.isArray()) {
            return;
        }
        int size = node.size();
        int start = slice.start == null ? 0 : slice.start < 0 ? slice.start + size : slice.start;
        int end = slice.single ? start + 1 : slice.end == null ? size : slice.end < 0 ? slice.end + size : slice.end;
        for (int i = Math.max(0, start); i < Math.min(size, end); i += Math.max(1, slice.by)) {
            into.add(node.get(i));
        }
    }

    private static boolean holds(JsonNode node, Step.Filter filter) {
        List<JsonNode> left = follow(node, filter.left);
        if (left.isEmpty() || filter.operator.isEmpty()) {
            return !left.isEmpty();
        }
        List<JsonNode> right = filter.literal != null ? List.of(filter.literal) : follow(node, filter.right);
        if (right.isEmpty()) {
            return false;
        }
        JsonNode a = left.getFirst();
        JsonNode b = right.getFirst();
        return switch (filter.operator) {
            case "==" -> JsonValues.same(a, b);
            case "!=" -> !JsonValues.same(a, b);
            case "<" -> compare(a, b) < 0;
            case "<=" -> compare(a, b) <= 0;
            case ">" -> compare(a, b) > 0;
            default -> compare(a, b) >= 0;
        };
    }

    private static int compare(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.asText().compareTo(b.asText());
    }

    /** Reads a path from left to right. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        boolean isAtEnd() {
            return at >= text.length();
        }

        private char next() {
            return isAtEnd() ? '\0' : text.charAt(at);
        }

        private boolean skip(String wanted) {
            boolean there = text.startsWith(wanted, at);
            at += there ? wanted.length() : 0;
            return there;
        }

        List<Step> steps() throws Malformed {
            List<Step> steps = new ArrayList<>();
            if (next() == '$' || next() == '@') {
                at++;
            }
            while (true) {
                if (skip("..")) {
                    steps.add(new Step.Descent());
                    if (next() != '[') {
                        steps.add(name());
                    }
                } else if (skip(".")) {
                    if (isAtEnd() || next() == '[') {
                        continue;
                    }
                    steps.add(name());
                } else if (skip("[")) {
                    steps.add(bracket());
                } else {
                    return steps;
                }
            }
        }

        private Step name() throws Malformed {
            StringBuilder name = new StringBuilder();
            while (!isAtEnd() && ".[ =!<>)]".indexOf(next()) < 0) {
                if (next() == '\\' && at + 1 < text.length()) {
                    at++;
                }
                name.append(next());
                at++;
            }
            if (name.isEmpty()) {
                throw new Malformed("unexpected path: " + text);
            }
            return name.toString().equals("*") ? new Step.Wild() : new Step.Name(name.toString());
        }

        private Step bracket() throws Malformed {
            if (skip("?(")) {
                Step filter = filter();
                if (!skip(")]")) {
                    throw new Malformed("unterminated filter");
                }
                return filter;
            }
            List<Step> several = new ArrayList<>();
            do {
                spaces();
                several.add(next() == '\'' || next() == '"' ? new Step.Name(quoted()) : slice());
                spaces();
            } while (skip(","));
            if (!skip("]")) {
                throw new Malformed("unterminated array");
            }
            return several.size() == 1 ? several.getFirst() : new Step.Union(List.copyOf(several));
        }

        private void spaces() {
            while (next() == ' ') {
                at++;
            }
        }

        private Step slice() throws Malformed {
            if (skip("*")) {
                return new Step.Wild();
            }
            Integer start = number();
            if (!skip(":")) {
                if (start == null) {
                    throw new Malformed("invalid array index in " + text);
                }
                return new Step.Slice(start, null, 1, true);
            }
            Integer end = number();
            Integer by = skip(":") ? number() : null;
            return new Step.Slice(start, end, by == null ? 1 : by, false);
        }

        private @Nullable Integer number() throws Malformed {
            int from = at;
            if (next() == '-') {
                at++;
            }
            while (Character.isDigit(next())) {
                at++;
            }
            try {
                return from == at ? null : Integer.valueOf(text.substring(from, at));
            } catch (NumberFormatException e) {
                throw new Malformed("invalid array index " + text.substring(from, at));
            }
        }

        private String quoted() throws Malformed {
            char quote = next();
            StringBuilder value = new StringBuilder();
            for (at++; !isAtEnd() && next() != quote; at++) {
                if (next() == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(next());
            }
            if (isAtEnd()) {
                throw new Malformed("unterminated quoted string");
            }
            at++;
            return value.toString();
        }

        private Step filter() throws Malformed {
            spaces();
            List<Step> left = steps();
            spaces();
            String operator = "";
            for (String known : List.of("==", "!=", "<=", ">=", "<", ">")) {
                if (operator.isEmpty() && skip(known)) {
                    operator = known;
                }
            }
            if (operator.isEmpty()) {
                return new Step.Filter(left, "", null, List.of());
            }
            spaces();
            if (next() == '@' || next() == '$') {
                List<Step> right = steps();
                spaces();
                return new Step.Filter(left, operator, null, right);
            }
            JsonNode literal = literal();
            spaces();
            return new Step.Filter(left, operator, literal, List.of());
        }

        private JsonNode literal() throws Malformed {
            var nodes = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;
            if (next() == '\'' || next() == '"') {
                return nodes.textNode(quoted());
            }
            int from = at;
            while (!isAtEnd() && next() != ')' && next() != ' ') {
                at++;
            }
            String word = text.substring(from, at);
            return switch (word) {
                case "true" -> nodes.booleanNode(true);
                case "false" -> nodes.booleanNode(false);
                case "null" -> nodes.nullNode();
                default -> {
                    try {
                        yield nodes.numberNode(new java.math.BigDecimal(word));
                    } catch (NumberFormatException e) {
                        throw new Malformed("unrecognized literal " + word);
                    }
                }
            };
        }
    }
}
