package io.ruori.core.cel;

import io.ruori.core.structural.Formats;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An IP address, of version 4 or 6, as a number. */
record Address(BigInteger number, boolean isFour) {

    /** Null for what is none, and for an address of version 4 dressed up as one of version 6. */
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
        boolean isMapped = number.shiftRight(32).equals(BigInteger.valueOf(0xffff));
        return isMapped ? null : new Address(number, false);
    }

    private static String[] groups(String text) {
        return text.isEmpty() ? new String[0] : text.split(":");
    }

    long family() {
        return isFour ? 4 : 6;
    }

    boolean isLoopback() {
        return isFour ? top(8) == 127 : number.equals(BigInteger.ONE);
    }

    boolean isUnspecified() {
        return number.signum() == 0;
    }

    boolean isMulticast() {
        return isFour ? top(4) == 0xe : top(8) == 0xff;
    }

    boolean isLocalMulticast() {
        return isFour ? top(24) == 0xe00000 : top(8) == 0xff && (top(16) & 0x0f) == 2;
    }

    boolean isLocalUnicast() {
        return isFour ? top(16) == 0xa9fe : top(10) == 0xfe80 >> 6;
    }

    boolean isGlobalUnicast() {
        boolean isBroadcast = isFour && number.bitCount() == 32;
        return !isBroadcast && !isUnspecified() && !isLoopback() && !isMulticast() && !isLocalUnicast();
    }

    /** The first bits, as a number. */
    private int top(int bits) {
        return number.shiftRight(length() - bits).intValue();
    }

    private int length() {
        return isFour ? 32 : 128;
    }

    /** The canonical form: the longest run of zeros of version 6 is left out (RFC 5952). */
    @Override
    public String toString() {
        int group = isFour ? 8 : 16;
        int[] groups = new int[length() / group];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = number.shiftRight(length() - (i + 1) * group).intValue() & ((1 << group) - 1);
        }
        return isFour ? joined(groups, 0, 4, ".", 10) : shortened(groups);
    }

    private static String joined(int[] groups, int from, int to, String with, int radix) {
        return Arrays.stream(groups, from, to)
                .mapToObj(group -> Integer.toString(group, radix))
                .collect(Collectors.joining(with));
    }

    private static String shortened(int[] groups) {
        int start = 0;
        int longest = 1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                longest = end - i;
                start = i;
            }
        }
        return longest < 2
                ? joined(groups, 0, 8, ":", 16)
                : joined(groups, 0, start, ":", 16) + "::" + joined(groups, start + longest, 8, ":", 16);
    }

    /** All addresses that begin with the same bits. */
    record Range(Address address, int bits) {
        static @Nullable Range parse(String text) {
            int slash = text.indexOf('/');
            Address address = slash < 0 ? null : Address.parse(text.substring(0, slash));
            String digits = text.substring(slash + 1);
            if (address == null
                    || digits.isEmpty()
                    || digits.length() > 3
                    || !digits.chars().allMatch(Character::isDigit)) {
                return null;
            }
            int bits = Integer.parseInt(digits);
            return bits <= (address.isFour ? 32 : 128) ? new Range(address, bits) : null;
        }

        /** The range, beginning with its first address. */
        Range masked() {
            int shift = address.length() - bits;
            return new Range(new Address(address.number.shiftRight(shift).shiftLeft(shift), address.isFour), bits);
        }

        boolean contains(Range other) {
            return other.bits >= bits && contains(other.address);
        }

        @Override
        public String toString() {
            return address + "/" + bits;
        }

        boolean contains(Address other) {
            int shift = address.length() - bits;
            return other.isFour == address.isFour
                    && other.number.shiftRight(shift).equals(address.number.shiftRight(shift));
        }
    }
}
