package io.ruori.core.cel;

import io.ruori.core.structural.Formats;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** An IP address, of version 4 or 6, as a number. */
record Address(BigInteger number, boolean isFour) {

    /** Null for what is none. */
    static @Nullable Address parse(String text) {
        if (Formats.isIpv4(text)) {
            return four(text);
        }
        return Formats.isIpv6(text) ? six(text) : null;
    }

    private static @Nullable Address four(String text) {
        BigInteger number = BigInteger.ZERO;
        for (String part : text.split("\\.")) {
            if (part.isEmpty() || (part.length() > 1 && part.startsWith("0"))) {
                return null;
            }
            number = number.shiftLeft(8).or(BigInteger.valueOf(Integer.parseInt(part)));
        }
        return new Address(number, true);
    }

    private static @Nullable Address six(String text) {
        String left = text;
        int last = text.lastIndexOf(':');
        if (text.indexOf('.') >= 0) {
            Address tail = four(text.substring(last + 1));
            if (tail == null) {
                return null;
            }
            long bits = tail.number.longValue();
            left = text.substring(0, last + 1) + Long.toHexString(bits >> 16) + ":" + Long.toHexString(bits & 0xffff);
        }
        int gap = left.indexOf("::");
        String[] head = groups(gap < 0 ? left : left.substring(0, gap));
        String[] end = gap < 0 ? new String[0] : groups(left.substring(gap + 2));
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < 8; i++) {
            int fromEnd = i - (8 - end.length);
            String group = i < head.length ? head[i] : fromEnd >= 0 ? end[fromEnd] : "0";
            number = number.shiftLeft(16).or(BigInteger.valueOf(Integer.parseInt(group, 16)));
        }
        return new Address(number, false);
    }

    private static String[] groups(String text) {
        return text.isEmpty() ? new String[0] : text.split(":");
    }

    long family() {
        return isFour ? 4 : 6;
    }

    boolean isLoopback() {
        return isFour ? number.shiftRight(24).intValue() == 127 : number.equals(BigInteger.ONE);
    }

    boolean isUnspecified() {
        return number.signum() == 0;
    }

    /** All addresses that begin with the same bits. */
    record Range(Address address, int bits) {
        static @Nullable Range parse(String text) {
            int slash = text.indexOf('/');
            Address address = slash < 0 ? null : Address.parse(text.substring(0, slash));
            String digits = text.substring(slash + 1);
            if (address == null || digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(Character::isDigit)) {
                return null;
            }
            int bits = Integer.parseInt(digits);
            return bits <= (address.isFour ? 32 : 128) ? new Range(address, bits) : null;
        }

        boolean contains(Address other) {
            int shift = (address.isFour ? 32 : 128) - bits;
            return other.isFour == address.isFour
                    && other.number.shiftRight(shift).equals(address.number.shiftRight(shift));
        }
    }
}
