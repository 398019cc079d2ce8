package io.ruori.core.selector;

import io.ruori.api.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on an object's selectable fields that must all hold: equal or not equal, nothing else. A field that is not set
 * is equal to the empty value.
 */
public record FieldSelector(List<Term> terms) {
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());
    private static final String NAME = "metadata.name";
    private static final String NAMESPACE = "metadata.namespace";

    /** One condition. */
    public record Term(String field, String value, boolean negated) {
        boolean matches(StoredObject object) {
            String found = switch (field) {
                case NAME -> object.key().name();
                case NAMESPACE -> object.key().namespace();
                default -> object.field(field);
            };
            return found.equals(value) != negated;
        }

        @Override
        public String toString() {
            return field + (negated ? "!=" : "=") + escaped(value);
        }
    }

    /**
     * Reads {@code metadata.name=x,status.phase!=Running}; a backslash escapes comma, equals sign and backslash in values.
     *
     * @param selectable the kind's selectable fields, beside metadata.name and metadata.namespace
     * @throws BadSelector worded as upstream
     */
    public static FieldSelector parse(String text, Set<String> selectable) {
        List<Term> terms = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isEmpty()) {
                Term term = term(text, part);
                checkSupported(term.field, selectable);
                terms.add(term);
            }
        }
        return terms.isEmpty() ? EVERYTHING : new FieldSelector(List.copyOf(terms));
    }

    /** The same conditions on fields by other names: those that the header of a stored object knows. */
    public FieldSelector renamed(UnaryOperator<String> storedName) {
        return terms.isEmpty()
                ? this
                : new FieldSelector(terms.stream()
                        .map(term -> new Term(storedName.apply(term.field), term.value, term.negated))
                        .toList());
    }

    public boolean matches(StoredObject object) {
        for (Term term : terms) {
            if (!term.matches(object)) {
                return false;
            }
        }
        return true;
    }

    public boolean matchesEverything() {
        return terms.isEmpty();
    }

    /** The value this field must have, where the selector demands one; null otherwise. Lets a list use an index. */
    public @Nullable String exact(String field) {
        for (Term term : terms) {
            if (!term.negated && term.field.equals(field)) {
                return term.value;
            }
        }
        return null;
    }

    /** The name that the selector singles out, which RBAC treats as a request for that object; null where there is none. */
    public @Nullable String exactName() {
        return exact(NAME);
    }

    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(","));
    }

    /** Kinds without fields of their own answer in other words than those that have some. */
    private static void checkSupported(String field, Set<String> selectable) {
        if (field.equals(NAME) || field.equals(NAMESPACE) || selectable.contains(field)) {
            return;
        }
        throw new BadSelector(
                selectable.isEmpty()
                        ? "\"" + field + "\" is not a known field selector: only \"" + NAME + "\", \"" + NAMESPACE
                                + "\""
                        : "field label not supported: " + field);
    }

    /** At commas that are not escaped; the escapes stay in. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == ',') {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Term term(String text, String part) {
        for (int i = 0; i < part.length(); i++) {
            for (String operator : List.of("!=", "==", "=")) {
                if (part.startsWith(operator, i)) {
                    String value = unescaped(part.substring(i + operator.length()));
                    return new Term(part.substring(0, i), value, operator.equals("!="));
                }
            }
        }
        throw new BadSelector("invalid selector: '" + text + "'; can't understand '" + part + "'");
    }

    private static String unescaped(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                char escaped = ++i < value.length() ? value.charAt(i) : ' ';
                if ("\\,=".indexOf(escaped) < 0) {
                    String sequence = i < value.length() ? "\\" + escaped : "\\";
                    throw new BadSelector("invalid field selector: invalid escape sequence: " + sequence);
                }
                plain.append(escaped);
            } else if (c == ',' || c == '=') {
                throw new BadSelector("invalid field selector: unescaped character in value: " + (int) c);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
    }
}
