package io.ruori.core.selector;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One condition on one label.
 *
 * @param values distinct; one for EQUALS, NOT_EQUALS, GREATER and LESS, none for EXISTS and ABSENT
 */
public record Requirement(String key, Operator operator, List<String> values) {

    /** What a requirement demands of its label. */
    public enum Operator {
        EQUALS,
        NOT_EQUALS,
        IN,
        NOT_IN,
        EXISTS,
        ABSENT,
        GREATER,
        LESS
    }

    /** As upstream, a label that is not there fulfils the negative conditions. */
    public boolean matches(Map<String, String> labels) {
        String value = labels.get(key);
        return switch (operator) {
            case EQUALS, IN -> value != null && values.contains(value);
            case NOT_EQUALS, NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case ABSENT -> value == null;
            case GREATER -> compare(value) > 0;
            case LESS -> compare(value) < 0;
        };
    }

    /** Zero also where there is nothing to compare, so that neither condition holds. */
    private int compare(@Nullable String value) {
        if (value == null) {
            return 0;
        }
        try {
            return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Refuses what upstream refuses. */
    Requirement checked() {
        String key = this.key;
        LabelSyntax.checkKey(key);
        if ((operator == Operator.IN || operator == Operator.NOT_IN) && values.isEmpty()) {
            throw new BadSelector("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
        }
        if (operator == Operator.GREATER || operator == Operator.LESS) {
            checkInteger(values.getFirst());
        }
        for (int i = 0; i < values.size(); i++) {
            LabelSyntax.checkValue("values[" + i + "][" + key + "]", values.get(i));
        }
        return this;
    }

    private static void checkInteger(String value) {
        try {
            Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new BadSelector("values[0]: Invalid value: \"" + value
                    + "\": for 'Gt', 'Lt' operators, the value must be an integer");
        }
    }

    @Override
    public String toString() {
        String list = String.join(",", values);
        return switch (operator) {
            case EQUALS -> key + "=" + list;
            case NOT_EQUALS -> key + "!=" + list;
            case IN -> key + " in (" + list + ")";
            case NOT_IN -> key + " notin (" + list + ")";
            case EXISTS -> key;
            case ABSENT -> "!" + key;
            case GREATER -> key + ">" + list;
            case LESS -> key + "<" + list;
        };
    }
}
