package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What tells one Pod template from another. The hash is short and goes into names and labels, so two templates may share one;
 * the fingerprint does not collide and decides whether two templates are the same. Both ignore the label the hash itself is
 * kept in, the order of fields, and fields that say nothing.
 */
final class TemplateHash {
    static final String LABEL = "pod-template-hash";

    /** Letters and digits that spell no words and are not mistaken for each other. */
    static final String SAFE_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final Set<String> MEANINGLESS_EMPTY = Set.of("labels", "annotations", "metadata");

    private TemplateHash() {}

    /**
     * @param collisions how often this hash met another template's ReplicaSet
     */
    static String of(JsonNode template, long collisions) {
        int hash = fnv(0x811c9dc5, canonical(template).getBytes(StandardCharsets.UTF_8));
        if (collisions > 0) {
            hash = fnv(hash, Long.toString(collisions).getBytes(StandardCharsets.UTF_8));
        }
        StringBuilder safe = new StringBuilder();
        for (char digit : Integer.toUnsignedString(hash).toCharArray()) {
            safe.append(SAFE_ALPHABET.charAt(digit % SAFE_ALPHABET.length()));
        }
        return safe.toString();
    }

    static String fingerprint(JsonNode template) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(canonical(template).getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** 32-bit FNV-1a. */
    static int fnv(int seed, byte[] bytes) {
        int hash = seed;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return hash;
    }

    private static String canonical(JsonNode template) {
        StringBuilder text = new StringBuilder(512);
        write(template, text);
        return text.toString();
    }

    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            List<String> names = new ArrayList<>();
            node.fieldNames().forEachRemaining(names::add);
            names.sort(null);
            text.append('{');
            for (String name : names) {
                JsonNode value = node.get(name);
                if (says(name, value)) {
                    text.append(name).append(':');
                    write(value, text);
                }
            }
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            node.forEach(element -> {
                write(element, text);
                text.append(',');
            });
            text.append(']');
        } else {
            text.append(node).append(';');
        }
    }

    private static boolean says(String name, JsonNode value) {
        if (value.isNull() || name.equals(LABEL) || (value.isArray() && value.isEmpty())) {
            return false;
        }
        boolean onlyHash = value.size() == 1 && value.has(LABEL);
        return !(MEANINGLESS_EMPTY.contains(name) && value.isObject() && (value.isEmpty() || onlyHash));
    }
}
