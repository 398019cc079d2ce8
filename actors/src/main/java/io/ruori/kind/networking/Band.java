package io.ruori.kind.networking;

import java.util.stream.LongStream;

/**
 * Consecutive numbers to choose from. The lowest are kept for those who choose for themselves, as upstream does, and given out
 * when nothing else is left.
 *
 * @param reserved how many of the lowest
 */
public record Band(long first, long last, long reserved) {
    private static final long LEAST = 16;

    /** @param most how many are reserved at most; of smaller bands one in {@code share} */
    static Band of(long first, long last, long size, long share, long most) {
        long reserved = size <= LEAST ? 0 : Math.clamp(size / share, LEAST, most);
        return new Band(first, last, reserved);
    }

    /** The ports of nodes. */
    public static Band nodePorts() {
        return of(NodePortKind.FIRST, NodePortKind.LAST, NodePortKind.LAST - NodePortKind.FIRST + 1, 32, 128);
    }

    public boolean contains(long number) {
        return first <= number && number <= last;
    }

    /** All numbers, in the order in which to try them. */
    public LongStream from(long seed) {
        return LongStream.concat(
                around(first + reserved, last - first + 1 - reserved, seed), around(first, reserved, seed));
    }

    private static LongStream around(long from, long count, long seed) {
        return LongStream.range(0, Math.max(0, count)).map(i -> from + Math.floorMod(seed + i, count));
    }
}
