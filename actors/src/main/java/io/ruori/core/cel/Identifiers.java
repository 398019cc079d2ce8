package io.ruori.core.cel;

import java.util.List;
import java.util.Set;

/** Field names as rules write them: what CEL has no letters for is spelled out, as upstream does. */
public final class Identifiers {
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private Identifiers() {}

    /** Whether CEL keeps a word for itself. */
    public static boolean isReserved(String word) {
        return RESERVED.contains(word);
    }

    /** The forms in which a rule may write a name: those of CEL's own words may be written as they are, too. */
    static List<String> of(String name) {
        String escaped = escape(name);
        return escaped.isEmpty() ? List.of() : RESERVED.contains(name) ? List.of(escaped, name) : List.of(escaped);
    }

    /** Empty for a name that rules cannot mention. */
    static String escape(String name) {
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            return "";
        }
        StringBuilder escaped = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_' && name.startsWith("__", i)) {
                escaped.append("__underscores__");
                i++;
            } else if (c == '.') {
                escaped.append("__dot__");
            } else if (c == '-') {
                escaped.append("__dash__");
            } else if (c == '/') {
                escaped.append("__slash__");
            } else if (c == '_' || (c < 128 && Character.isLetterOrDigit(c))) {
                escaped.append(c);
            } else {
                return "";
            }
        }
        return escaped.toString();
    }
}
