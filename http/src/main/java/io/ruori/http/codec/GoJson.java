package io.ruori.http.codec;

import io.ruori.api.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Says what is wrong with JSON in the words of Go's parser, which is what clients of Kubernetes know. It runs only over
 * text that another parser refused already, so it builds nothing.
 */
final class GoJson {
    private static final String END = "unexpected end of JSON input";

    private final byte[] text;
    private int at;

    private GoJson(byte[] text) {
        this.text = text;
    }

    static String complain(byte[] text) {
        GoJson scan = new GoJson(text);
        try {
            scan.value(0);
            scan.space();
            if (scan.at < text.length) {
                throw scan.invalid("after top-level value");
            }
        } catch (BadBody e) {
            return e.message();
        }
        return isUtf8(text) ? "exceeded max depth" : "invalid UTF-8 in string literal";
    }

    private static boolean isUtf8(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private BadBody invalid(String where) {
        // At the end Go's parser is fed one space more, which is wrong inside a literal and harmless elsewhere.
        boolean isInside = where.startsWith("in ") && !where.equals("in string literal");
        if (at >= text.length && !isInside && !where.startsWith("after decimal")) {
            return new BadBody(END);
        }
        int c = at < text.length ? text[at] & 0xff : ' ';
        String shown = switch (c) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            default -> {
                String quoted = GoText.quote(String.valueOf((char) c));
                yield "'" + quoted.substring(1, quoted.length() - 1) + "'";
            }
        };
        return new BadBody("invalid character " + shown + " " + where);
    }

    private void space() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) {
            at++;
        }
    }

    private int next() {
        return at < text.length ? text[at] & 0xff : -1;
    }

    private void value(int depth) {
        if (depth > Json.MAX_DEPTH) {
            throw new BadBody("exceeded max depth");
        }
        space();
        switch (next()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw invalid("looking for beginning of value");
        }
    }

    private void object(int depth) {
        at++;
        space();
        if (next() == '}') {
            at++;
            return;
        }
        while (true) {
            space();
            if (next() != '"') {
                throw invalid("looking for beginning of object key string");
            }
            string();
            space();
            if (next() != ':') {
                throw invalid("after object key");
            }
            at++;
            value(depth + 1);
            space();
            if (next() == '}') {
                at++;
                return;
            }
            if (next() != ',') {
                throw invalid("after object key:value pair");
            }
            at++;
        }
    }

    private void array(int depth) {
        at++;
        space();
        if (next() == ']') {
            at++;
            return;
        }
        while (true) {
            value(depth + 1);
            space();
            if (next() == ']') {
                at++;
                return;
            }
            if (next() != ',') {
                throw invalid("after array element");
            }
            at++;
        }
    }

    private void string() {
        at++;
        while (next() != '"') {
            if (next() == '\\') {
                at++;
                escape();
            } else if (next() < 0x20) {
                throw invalid("in string literal");
            } else {
                at++;
            }
        }
        at++;
    }

    private void escape() {
        switch (next()) {
            case 'b', 'f', 'n', 'r', 't', '\\', '/', '"' -> at++;
            case 'u' -> {
                at++;
                for (int i = 0; i < 4; i++) {
                    if (Character.digit(next(), 16) < 0) {
                        throw invalid("in \\u hexadecimal character escape");
                    }
                    at++;
                }
            }
            default -> throw invalid("in string escape code");
        }
    }

    private void literal(String word) {
        at++;
        for (int i = 1; i < word.length(); i++) {
            if (next() != word.charAt(i)) {
                throw invalid("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
            at++;
        }
    }

    private void number() {
        if (next() == '-') {
            at++;
        }
        if (next() == '0') {
            at++;
        } else {
            digits("in numeric literal");
        }
        if (next() == '.') {
            at++;
            digits("after decimal point in numeric literal");
        }
        if (next() == 'e' || next() == 'E') {
            at++;
            if (next() == '+' || next() == '-') {
                at++;
            }
            digits("in exponent of numeric literal");
        }
    }

    private void digits(String where) {
        if (next() < '0' || next() > '9') {
            throw invalid(where);
        }
        while (next() >= '0' && next() <= '9') {
            at++;
        }
    }
}
