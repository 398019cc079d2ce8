package io.ruori.core.cel;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An absolute URI or an absolute path, taken apart for rules.
 *
 * @param host with its port and brackets
 * @param path as it was written, perhaps with letters that ought to be escaped
 */
record Url(String scheme, String host, String path, String rawQuery) {

    /** Null for what is neither. */
    static @Nullable Url parse(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 127)) {
            return null;
        }
        String bare = text.indexOf('#') < 0 ? text : text.substring(0, text.indexOf('#'));
        int question = bare.indexOf('?');
        String query = question < 0 ? "" : bare.substring(question + 1);
        String rest = question < 0 ? bare : bare.substring(0, question);
        if (rest.startsWith("/")) {
            return new Url("", "", rest, query);
        }
        int colon = rest.indexOf(':');
        String scheme = colon < 0 ? "" : rest.substring(0, colon);
        if (scheme.isEmpty()
                || !Character.isLetter(scheme.charAt(0))
                || !scheme.chars().allMatch(Url::isSchemeLetter)) {
            return null;
        }
        String after = rest.substring(colon + 1);
        if (!after.startsWith("//")) {
            return after.isEmpty() ? null : new Url(scheme, "", "", query);
        }
        int slash = after.indexOf('/', 2);
        String authority = slash < 0 ? after.substring(2) : after.substring(2, slash);
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        Url url = new Url(scheme, host, slash < 0 ? "" : after.substring(slash), query);
        boolean isFine = host.indexOf(' ') < 0 && url.port().chars().allMatch(Character::isDigit);
        return isFine ? url : null;
    }

    private static boolean isSchemeLetter(int c) {
        return Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
    }

    String escapedPath() {
        StringBuilder escaped = new StringBuilder(path.length());
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && "\"<>\\^`{|}".indexOf(b) < 0) {
                escaped.append((char) b);
            } else {
                escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return escaped.toString();
    }

    String hostname() {
        int port = portAt();
        String name = port < 0 ? host : host.substring(0, port);
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    String port() {
        int port = portAt();
        return port < 0 ? "" : host.substring(port + 1);
    }

    private int portAt() {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? colon : -1;
    }

    Map<String, List<String>> query() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : rawQuery.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                add(values, name, equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return values;
    }

    /** What cannot be unescaped is left out, as upstream does. */
    private static void add(Map<String, List<String>> values, String name, String value) {
        try {
            String plain = URLDecoder.decode(value, StandardCharsets.UTF_8);
            values.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), n -> new ArrayList<>())
                    .add(plain);
        } catch (IllegalArgumentException notEscapedWell) {
            return;
        }
    }
}
