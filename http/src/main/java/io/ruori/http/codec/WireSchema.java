package io.ruori.http.codec;

import io.ruori.http.codec.WireField.Shape;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every message of the Kubernetes API, from the table beside this class. Lines are indexed at start and turned into plans
 * when a kind is first asked for: a server uses a few dozen of the thousand messages.
 */
final class WireSchema {
    private static final String META = "meta/v1";
    private static final WireSchema KUBERNETES = load("kubernetes-1.36.wire");

    private final Map<String, String> lines = new HashMap<>();
    private final Map<String, String> packages = new HashMap<>();
    private final Set<String> kinds = new HashSet<>();
    private final Map<String, WireMessage> plans = new ConcurrentHashMap<>();

    static WireSchema kubernetes() {
        return KUBERNETES;
    }

    private static WireSchema load(String resource) {
        WireSchema schema = new WireSchema();
        try (InputStream in = Objects.requireNonNull(WireSchema.class.getResourceAsStream(resource), resource);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            schema.index(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schema;
    }

    private void index(BufferedReader reader) throws IOException {
        String current = "";
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("package ")) {
                String[] words = line.split(" ");
                current = words[1];
                packages.put(words[2], current);
            } else if (!line.isEmpty() && line.charAt(0) != '#') {
                indexMessage(current, line);
            }
        }
    }

    private void indexMessage(String owner, String line) {
        int space = line.indexOf(' ');
        String name = owner + "." + (space < 0 ? line : line.substring(0, space));
        String fields = space < 0 ? "" : line.substring(space + 1);
        if (fields.startsWith("@")) {
            kinds.add(name);
            fields = fields.substring(1).trim();
        }
        lines.put(name, fields);
    }

    /**
     * The message of a kind. Status, DeleteOptions and the other meta kinds belong to every group, so they are found under
     * any apiVersion.
     */
    Optional<WireMessage> kind(String apiVersion, String kind) {
        String owner = packages.get(apiVersion);
        if (owner != null && kinds.contains(owner + "." + kind)) {
            return Optional.of(message(owner + "." + kind));
        }
        return kinds.contains(META + "." + kind) ? Optional.of(message(META + "." + kind)) : Optional.empty();
    }

    Set<String> messageNames() {
        return lines.keySet();
    }

    /** The plan of a message, such as {@code core/v1.Pod}. */
    WireMessage message(String name) {
        WireMessage known = plans.get(name);
        return known != null ? known : compile(name);
    }

    private synchronized WireMessage compile(String name) {
        // Plans appear in the shared map only when all they reach is filled in, so readers need no lock.
        Map<String, WireMessage> made = new HashMap<>();
        WireMessage message = compile(name, made);
        plans.putAll(made);
        return message;
    }

    private WireMessage compile(String name, Map<String, WireMessage> made) {
        WireMessage known = plans.containsKey(name) ? plans.get(name) : made.get(name);
        if (known != null) {
            return known;
        }
        String line = lines.get(name);
        if (line == null) {
            throw new IllegalStateException("no message " + name);
        }
        WireMessage message = new WireMessage(name);
        made.put(name, message);
        String owner = name.substring(0, name.lastIndexOf('.'));
        String[] words = line.isEmpty() ? new String[0] : line.split(" ");
        WireField[] fields = new WireField[words.length];
        for (int i = 0; i < words.length; i++) {
            fields[i] = field(words[i], owner, made);
        }
        message.fill(fields);
        return message;
    }

    private WireField field(String word, String owner, Map<String, WireMessage> made) {
        int colon = word.indexOf(':');
        int at = colon + 1;
        int number = 0;
        while (Character.isDigit(word.charAt(at))) {
            number = number * 10 + word.charAt(at++) - '0';
        }
        WireType type = WireType.of(word.charAt(at++));
        WireMessage nested = null;
        if (type == WireType.MESSAGE) {
            int end = word.indexOf(')', at);
            String target = word.substring(at, end);
            nested = compile(target.indexOf('/') < 0 ? owner + "." + target : target, made);
            at = end + 1;
        } else if (isJsonSchema(type)) {
            nested = compile(owner + ".JSONSchemaProps", made);
        }
        String suffix = word.substring(at);
        Shape shape = suffix.startsWith("*") ? Shape.LIST : suffix.startsWith("%") ? Shape.MAP : Shape.ONE;
        int wire = shape == Shape.MAP ? Wire.BYTES : type.wire();
        return new WireField(
                word.substring(0, colon),
                number,
                Wire.tag(number, wire),
                type,
                shape,
                suffix.endsWith("!") || isJsonSchema(type),
                nested);
    }

    private static boolean isJsonSchema(WireType type) {
        return type == WireType.SCHEMA_OR_LIST || type == WireType.SCHEMA_OR_BOOL || type == WireType.SCHEMA_OR_STRINGS;
    }
}
