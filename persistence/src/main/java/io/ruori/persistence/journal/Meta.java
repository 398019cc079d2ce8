package io.ruori.persistence.journal;

import java.nio.charset.StandardCharsets;

/** The keys of the small family about the journal itself. */
final class Meta {
    static final byte[] FORMAT = key("format");
    static final byte[] CLUSTER = key("cluster");
    static final byte[] CLOCK_CEILING = key("clock-ceiling");

    private Meta() {}

    static byte[] epoch(int shard) {
        return key("epoch/" + shard);
    }

    /** The fingerprint of a key that Secrets are sealed with. */
    static byte[] key(int number) {
        return key("secrets-key/" + number);
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
