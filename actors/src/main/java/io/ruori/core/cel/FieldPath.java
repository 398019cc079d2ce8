package io.ruori.core.cel;

import io.ruori.core.structural.StructuralSchema;
import org.jspecify.annotations.Nullable;

/**
 * The place below a schema that a rule's {@code fieldPath} names: fields after dots, keys of maps and names with other letters
 * in brackets, as {@code .spec['some.field']}.
 */
final class FieldPath {
    private static final String ESCAPES = "abfnrtv'\\";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b'\\";

    private final String text;
    private int at;
    private @Nullable StructuralSchema schema;
    private final StringBuilder normalized = new StringBuilder();

    private FieldPath(String text, StructuralSchema schema) {
        this.text = text;
        this.schema = schema;
    }

    /** As it is told in errors, without the first dot; null where it names nothing that the schema describes. */
    static @Nullable String of(String text, StructuralSchema schema) {
        FieldPath path = new FieldPath(text, schema);
        while (path.at < text.length()) {
            String name = text.charAt(path.at) == '.' ? path.named() : path.quoted();
            if (name == null || !path.enter(name)) {
                return null;
            }
        }
        return path.normalized.toString();
    }

    private @Nullable String named() {
        int end = ++at;
        while (end < text.length() && ".[]".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String name = text.substring(at, end);
        at = end;
        return name.isEmpty() ? null : name;
    }

    private @Nullable String quoted() {
        if (!text.startsWith("['", at)) {
            return null;
        }
        StringBuilder name = new StringBuilder();
        at += 2;
        while (at < text.length() && text.charAt(at) != '\'') {
            char c = text.charAt(at++);
            if (c == '\\') {
                int escape = at < text.length() ? ESCAPES.indexOf(text.charAt(at++)) : -1;
                if (escape < 0) {
                    return null;
                }
                c = ESCAPED.charAt(escape);
            }
            name.append(c);
        }
        if (!text.startsWith("']", at)) {
            return null;
        }
        at += 2;
        return name.toString();
    }

    private boolean enter(String name) {
        StructuralSchema here = schema;
        if (here == null) {
            return false;
        }
        if (!here.properties().isEmpty()) {
            normalized.append(normalized.isEmpty() ? "" : ".").append(name);
            schema = here.properties().get(name);
        } else if (here.additional() != null) {
            normalized.append('[').append(name).append(']');
            schema = here.additional();
        } else {
            schema = null;
        }
        return schema != null;
    }
}
