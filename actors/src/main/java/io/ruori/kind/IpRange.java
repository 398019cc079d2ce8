package io.ruori.kind;

import java.util.Optional;

/**
 * A range of addresses in CIDR form, and how it was written.
 *
 * @param first the network's address, with the bits beyond the prefix cleared
 * @param given the address as it was written
 * @param padded the prefix length was written with leading zeros
 */
public record IpRange(IpAddress first, int prefix, IpAddress given, boolean padded) {

    public static Optional<IpRange> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || text.indexOf('/', slash + 1) >= 0) {
            return Optional.empty();
        }
        String length = text.substring(slash + 1);
        if (length.isEmpty() || length.length() > 3 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        boolean padded = length.length() > 1 && length.charAt(0) == '0';
        return IpAddress.parse(text.substring(0, slash))
                .flatMap(address -> of(address, Integer.parseInt(length), padded));
    }

    private static Optional<IpRange> of(IpAddress address, int written, boolean padded) {
        int prefix = address.mapped() ? written - 96 : written;
        if (prefix < 0 || prefix > address.bytes().length * 8) {
            return Optional.empty();
        }
        return Optional.of(
                new IpRange(new IpAddress(masked(address.bytes(), prefix), false, false), prefix, address, padded));
    }

    private static byte[] masked(byte[] bytes, int prefix) {
        byte[] kept = bytes.clone();
        for (int bit = prefix; bit < kept.length * 8; bit++) {
            kept[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return kept;
    }

    public boolean contains(IpAddress address) {
        return address.bytes().length == first.bytes().length
                && first.equals(new IpAddress(masked(address.bytes(), prefix), false, false));
    }

    @Override
    public String toString() {
        return first + "/" + prefix;
    }
}
