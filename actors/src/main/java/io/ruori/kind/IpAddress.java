package io.ruori.kind;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IP address and how it was written. Read leniently, as Kubernetes always has: octets may have leading zeros, and an
 * IPv4-mapped IPv6 address counts as the IPv4 address it holds. Names are never looked up.
 *
 * @param bytes four or sixteen
 * @param mapped written as {@code ::ffff:a.b.c.d}
 * @param padded some octet was written with leading zeros
 */
public record IpAddress(byte[] bytes, boolean mapped, boolean padded) {
    private static final int LONGEST = 64;

    public static Optional<IpAddress> parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        return Optional.ofNullable(text.indexOf(':') < 0 ? v4(text) : v6(text));
    }

    public boolean isV4() {
        return bytes.length == 4;
    }

    /** {@code IPv4} or {@code IPv6}, as families are called in specs. */
    public String family() {
        return isV4() ? "IPv4" : "IPv6";
    }

    public boolean isUnspecified() {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    public boolean isLoopback() {
        byte[] one = new byte[16];
        one[15] = 1;
        return isV4() ? bytes[0] == 127 : Arrays.equals(bytes, one);
    }

    public boolean isLinkLocal() {
        return isV4() ? unsigned(0) == 169 && unsigned(1) == 254 : unsigned(0) == 0xfe && (unsigned(1) & 0xc0) == 0x80;
    }

    public boolean isLinkLocalMulticast() {
        return isV4()
                ? unsigned(0) == 224 && bytes[1] == 0 && bytes[2] == 0
                : unsigned(0) == 0xff && (unsigned(1) & 0x0f) == 2;
    }

    private int unsigned(int i) {
        return bytes[i] & 0xff;
    }

    /** As RFC 5952 writes it: lower case, no leading zeros, the longest run of zeros shortened. */
    @Override
    public String toString() {
        return isV4() ? unsigned(0) + "." + unsigned(1) + "." + unsigned(2) + "." + unsigned(3) : shortened();
    }

    private String shortened() {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = unsigned(2 * i) << 8 | unsigned(2 * i + 1);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    private static @Nullable IpAddress v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        boolean padded = false;
        for (int i = 0; i < 4; i++) {
            int value = digits(parts[i], 10);
            if (value < 0 || value > 255) {
                return null;
            }
            padded |= parts[i].length() > 1 && parts[i].charAt(0) == '0';
            bytes[i] = (byte) value;
        }
        return new IpAddress(bytes, false, padded);
    }

    private static @Nullable IpAddress v6(String text) {
        String plain = text;
        boolean padded = false;
        int last = text.lastIndexOf(':');
        if (text.indexOf('.') >= 0) {
            IpAddress tail = v4(text.substring(last + 1));
            if (tail == null) {
                return null;
            }
            padded = tail.padded;
            plain = text.substring(0, last + 1) + hex(tail.bytes, 0) + ":" + hex(tail.bytes, 2);
        }
        byte @Nullable [] bytes = groups(plain);
        if (bytes == null) {
            return null;
        }
        boolean mapped = bytes[10] == -1 && bytes[11] == -1;
        for (int i = 0; i < 10; i++) {
            mapped &= bytes[i] == 0;
        }
        return new IpAddress(mapped ? Arrays.copyOfRange(bytes, 12, 16) : bytes, mapped, padded);
    }

    private static String hex(byte[] bytes, int at) {
        return Integer.toHexString((bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff));
    }

    private static byte @Nullable [] groups(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        String[] left = parts(gap < 0 ? text : text.substring(0, gap));
        String[] right = parts(gap < 0 ? "" : text.substring(gap + 2));
        if (gap < 0 ? left.length != 8 : left.length + right.length > 7) {
            return null;
        }
        byte[] bytes = new byte[16];
        return fill(bytes, left, 0) && fill(bytes, right, 8 - right.length) ? bytes : null;
    }

    private static String[] parts(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    private static boolean fill(byte[] bytes, String[] parts, int from) {
        for (int i = 0; i < parts.length; i++) {
            int value = parts[i].length() > 4 ? -1 : digits(parts[i], 16);
            if (value < 0) {
                return false;
            }
            bytes[2 * (from + i)] = (byte) (value >> 8);
            bytes[2 * (from + i) + 1] = (byte) value;
        }
        return true;
    }

    private static int digits(String text, int radix) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0 || text.charAt(i) > 'f' || value > 0xffff) {
                return -1;
            }
            value = value * radix + digit;
        }
        return text.isEmpty() ? -1 : value;
    }
}
