package io.ruori.persistence.format;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Hands out one string for equal bytes, as far as it remembers. Resource names, label keys, owners and users repeat in nearly
 * every record, so a view loaded through this pool holds them once and most reads allocate no string at all. A lost race or a
 * forgotten entry only costs a copy.
 */
final class StringPool {
    private static final int SLOTS = 1 << 13;
    private static final int LONGEST = 64;
    private static final @Nullable String[] POOL = new @Nullable String[SLOTS];

    private StringPool() {}

    static String read(byte[] bytes, int from, int length) {
        if (length == 0) {
            return "";
        }
        if (length > LONGEST) {
            return new String(bytes, from, length, StandardCharsets.UTF_8);
        }
        int hash = 0;
        for (int i = from; i < from + length; i++) {
            hash = hash * 31 + bytes[i];
        }
        int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
        String known = POOL[slot];
        if (known != null && isSame(known, bytes, from, length)) {
            return known;
        }
        String fresh = new String(bytes, from, length, StandardCharsets.UTF_8);
        POOL[slot] = fresh;
        return fresh;
    }

    /** Only ASCII strings are ever found equal; others are made anew. */
    private static boolean isSame(String known, byte[] bytes, int from, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = bytes[from + i];
            if (b < 0 || known.charAt(i) != b) {
                return false;
            }
        }
        return true;
    }
}
