package io.ruori.core.selector;

import io.ruori.core.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a label selector's text form. A word is whatever is not white space or one of {@code = ! ( ) , > <}; {@code in} and
 * {@code notin} are operators only where an operator can stand.
 */
final class LabelSelectorParser {
    private static final Set<String> SYMBOLS = Set.of("=", "==", "!=", "!", "(", ")", ",", ">", "<");
    private static final String OPERATORS = "in, notin, =, ==, !=, gt, lt";

    /** Ends with empty tokens' stand-in, the end of the text. */
    private static final String END = "";

    private final List<String> tokens = new ArrayList<>();
    private int next;

    LabelSelectorParser(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isSpace(c)) {
                at++;
                continue;
            }
            int end = isSymbol(c) ? endOfSymbol(text, at) : endOfWord(text, at);
            tokens.add(text.substring(at, end));
            at = end;
        }
        tokens.add(END);
    }

    List<Requirement> parse() {
        List<Requirement> requirements = new ArrayList<>();
        if (peek().equals(END)) {
            return requirements;
        }
        while (true) {
            if (!isWord(peek()) && !peek().equals("!")) {
                throw requirements.isEmpty()
                        ? found(peek(), ", expected: !, identifier, or 'end of string'")
                        : found(peek(), ", expected: identifier after ','");
            }
            requirements.add(namedRequirement());
            String separator = take();
            if (separator.equals(END)) {
                return requirements;
            }
            if (!separator.equals(",")) {
                throw found(separator, ", expected: ',' or 'end of string'");
            }
        }
    }

    private Requirement namedRequirement() {
        try {
            return requirement().checked();
        } catch (BadSelector e) {
            throw new BadSelector("unable to parse requirement: " + e.getMessage());
        }
    }

    private Requirement requirement() {
        boolean absent = peek().equals("!");
        if (absent) {
            take();
        }
        String key = take();
        if (!isWord(key)) {
            throw found(key, ", expected: identifier");
        }
        LabelSyntax.checkKey(key);
        if (absent) {
            return new Requirement(key, Operator.ABSENT, List.of());
        }
        if (peek().equals(END) || peek().equals(",")) {
            return new Requirement(key, Operator.EXISTS, List.of());
        }
        String operator = take();
        return switch (operator) {
            case "=", "==" -> new Requirement(key, Operator.EQUALS, List.of(exactValue()));
            case "!=" -> new Requirement(key, Operator.NOT_EQUALS, List.of(exactValue()));
            case ">" -> new Requirement(key, Operator.GREATER, List.of(exactValue()));
            case "<" -> new Requirement(key, Operator.LESS, List.of(exactValue()));
            case "in" -> new Requirement(key, Operator.IN, values());
            case "notin" -> new Requirement(key, Operator.NOT_IN, values());
            default -> throw found(operator, ", expected: " + OPERATORS);
        };
    }

    private String exactValue() {
        if (peek().equals(END) || peek().equals(",")) {
            return "";
        }
        String value = take();
        if (!isWord(value)) {
            throw found(value, ", expected: identifier");
        }
        return value;
    }

    /** A missing word between commas or parentheses is the empty value, as upstream has it; () is no value. */
    private List<String> values() {
        String open = take();
        if (!open.equals("(")) {
            throw found(open, " expected: '('");
        }
        if (peek().equals(")")) {
            take();
            return List.of();
        }
        if (!isWord(peek()) && !peek().equals(",")) {
            throw found(peek(), ", expected: ',', ')' or identifier");
        }
        TreeSet<String> values = new TreeSet<>();
        while (true) {
            values.add(isWord(peek()) ? take() : "");
            String separator = take();
            if (separator.equals(")")) {
                return List.copyOf(values);
            }
            if (!separator.equals(",")) {
                throw found(separator, ", expected: ',' or ')'");
            }
        }
    }

    private String peek() {
        return tokens.get(next);
    }

    private String take() {
        String token = tokens.get(next);
        if (!token.equals(END)) {
            next++;
        }
        return token;
    }

    private static BadSelector found(String token, String expected) {
        return new BadSelector("found '" + token + "'" + expected);
    }

    private static boolean isWord(String token) {
        return !token.equals(END) && !SYMBOLS.contains(token);
    }

    private static int endOfWord(String text, int start) {
        int end = start;
        while (end < text.length() && !isSpace(text.charAt(end)) && !isSymbol(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The longest symbol that starts here. */
    private static int endOfSymbol(String text, int start) {
        boolean two = start + 2 <= text.length() && SYMBOLS.contains(text.substring(start, start + 2));
        return start + (two ? 2 : 1);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isSymbol(char c) {
        return "=!(),><".indexOf(c) >= 0;
    }
}
