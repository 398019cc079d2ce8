package io.ruori.api;

import java.time.Instant;

/**
 * A {@code resourceVersion}: a hybrid logical clock reading, so that revisions order all changes and each is also a time.
 * 41 bits of milliseconds since 2020-01-01 UTC, 12 bits of logical counter, 10 bits of member slot; written as a decimal
 * integer. The layout is decided in ADR 0001.
 */
public record Revision(long value) implements Comparable<Revision> {
    public static final Revision ZERO = new Revision(0);

    /** 2020-01-01T00:00:00Z. */
    public static final long EPOCH_MILLIS = 1_577_836_800_000L;

    public static final int SLOT_BITS = 10;
    public static final int COUNTER_BITS = 12;

    public static Revision of(long millisSinceUnixEpoch, int counter, int slot) {
        return new Revision(((millisSinceUnixEpoch - EPOCH_MILLIS) << (COUNTER_BITS + SLOT_BITS))
                | ((long) counter << SLOT_BITS)
                | slot);
    }

    /** The largest revision any member can have issued up to and including this instant. */
    public static Revision upTo(Instant instant) {
        long ticks = Math.max(0, instant.toEpochMilli() - EPOCH_MILLIS + 1);
        return ticks > Long.MAX_VALUE >>> (COUNTER_BITS + SLOT_BITS)
                ? new Revision(Long.MAX_VALUE)
                : new Revision((ticks << (COUNTER_BITS + SLOT_BITS)) - 1);
    }

    /** The reverse of {@link #toString}; fails with {@link NumberFormatException}. What is too large to be one never happens. */
    public static Revision parse(String wire) {
        long value = Long.parseUnsignedLong(wire);
        return new Revision(value < 0 ? Long.MAX_VALUE : value);
    }

    public Instant instant() {
        return Instant.ofEpochMilli((value >>> (COUNTER_BITS + SLOT_BITS)) + EPOCH_MILLIS);
    }

    public boolean isAfter(Revision other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Revision other) {
        return Long.compare(value, other.value);
    }

    /** The wire form. */
    @Override
    public String toString() {
        return Long.toString(value);
    }
}
