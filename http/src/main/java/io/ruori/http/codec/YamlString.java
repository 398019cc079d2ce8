package io.ruori.http.codec;

import java.util.Locale;

/** A string as YAML shows it: plain where nothing can mistake it, else as a literal block, single or double quoted. */
final class YamlString {
    private static final String ALWAYS_FIRST = "#,[]{}&*!|>'\"%@`";

    private final String text;
    private boolean hasIndicator;
    private boolean hasBreak;
    private boolean hasSpecial;
    private boolean hasSpaceThenBreak;

    private YamlString(String text) {
        this.text = text;
        scan();
    }

    /**
     * @param column of the lines of a literal block
     * @param isKey whether it must stay on one line
     */
    static void append(StringBuilder out, String text, int column, boolean isKey) {
        new YamlString(text).write(out, column, isKey);
    }

    private void write(StringBuilder out, int column, boolean isKey) {
        boolean mayBeLiteral = !isKey && !hasSpecial && !hasSpaceThenBreak && !text.endsWith(" ");
        if (hasBreak && text.indexOf('\n') >= 0) {
            if (mayBeLiteral) {
                literal(out, column);
            } else {
                doubleQuoted(out);
            }
        } else if (YamlScalar.needsQuotes(text)) {
            doubleQuoted(out);
        } else if (isPlain()) {
            out.append(text);
        } else if (hasSpecial || hasBreak) {
            doubleQuoted(out);
        } else {
            out.append('\'').append(text.replace("'", "''")).append('\'');
        }
    }

    private boolean isPlain() {
        return !hasIndicator && !hasBreak && !hasSpecial && !text.startsWith(" ") && !text.endsWith(" ");
    }

    private void scan() {
        hasIndicator = text.startsWith("---") || text.startsWith("...");
        boolean afterBlank = true;
        char previous = 'x';
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            boolean beforeBlank = next >= text.length() || isBlank(text.charAt(next));
            hasIndicator |= isIndicator(c, i == 0, afterBlank, beforeBlank);
            hasSpecial |= !isPrintable(c);
            if (isBreak(c)) {
                hasBreak = true;
                hasSpaceThenBreak |= previous == ' ';
                previous = '\n';
            } else {
                previous = c == ' ' ? ' ' : 'x';
            }
            afterBlank = isBlank(c) || isBreak(c);
            i = next;
        }
    }

    private static boolean isIndicator(int c, boolean isFirst, boolean afterBlank, boolean beforeBlank) {
        if (isFirst && (ALWAYS_FIRST.indexOf(c) >= 0 || ((c == '?' || c == '-') && beforeBlank))) {
            return true;
        }
        return (c == ':' && beforeBlank) || (c == '#' && afterBlank);
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isBreak(int c) {
        return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    private static boolean isPrintable(int c) {
        return c == '\n' || (c >= 0x20 && c <= 0x7e) || (c >= 0xa0 && c <= 0xfffd && c != 0xfeff && !isSurrogate(c));
    }

    private static boolean isSurrogate(int c) {
        return c >= 0xd800 && c <= 0xdfff;
    }

    private void literal(StringBuilder out, int column) {
        out.append('|');
        if (text.charAt(0) == ' ' || isBreak(text.charAt(0))) {
            out.append('2');
        }
        int last = text.length() - 1;
        if (!isBreak(text.charAt(last))) {
            out.append('-');
        } else if (last == 0 || isBreak(text.charAt(last - 1))) {
            out.append('+');
        }
        String body = isBreak(text.charAt(last)) ? text.substring(0, last) : text;
        for (String line : body.split("\n", -1)) {
            out.append('\n');
            if (!line.isEmpty()) {
                out.repeat(' ', column).append(line);
            }
        }
    }

    private void doubleQuoted(StringBuilder out) {
        out.append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (isPrintable(c) && !isBreak(c)) {
                out.appendCodePoint(c);
            } else {
                escape(out, c);
            }
        });
        out.append('"');
    }

    private static void escape(StringBuilder out, int c) {
        out.append('\\');
        switch (c) {
            case 0 -> out.append('0');
            case 7 -> out.append('a');
            case 8 -> out.append('b');
            case 9 -> out.append('t');
            case 10 -> out.append('n');
            case 11 -> out.append('v');
            case 12 -> out.append('f');
            case 13 -> out.append('r');
            case 0x1b -> out.append('e');
            default -> out.append(hex(c));
        }
    }

    private static String hex(int c) {
        if (c <= 0xff) {
            return String.format(Locale.ROOT, "x%02X", c);
        }
        return c <= 0xffff ? String.format(Locale.ROOT, "u%04X", c) : String.format(Locale.ROOT, "U%08X", c);
    }
}
