package io.ruori.core.cel;

/**
 * How many elements a list or map has, how many characters a text: the fewest and the most there can be. What grows beyond
 * all numbers stays at {@link #ENDLESS}.
 */
record Size(long min, long max) {
    static final long ENDLESS = Long.MAX_VALUE;
    static final Size UNKNOWN = new Size(0, ENDLESS);

    static Size of(long exactly) {
        return new Size(exactly, exactly);
    }

    static Size upTo(long max) {
        return new Size(0, max);
    }

    Size plus(Size other) {
        return new Size(sum(min, other.min), sum(max, other.max));
    }

    Size times(Size other) {
        return new Size(product(min, other.min), product(max, other.max));
    }

    /** What holds for either of them. */
    Size or(Size other) {
        return new Size(Math.min(min, other.min), Math.max(max, other.max));
    }

    /** The cost of going through the most there can be. */
    long cost(double perElement) {
        return scaled(max, perElement);
    }

    static long sum(long a, long b) {
        return a > ENDLESS - b ? ENDLESS : a + b;
    }

    static long product(long a, long b) {
        return a != 0 && b > ENDLESS / a ? ENDLESS : a * b;
    }

    /** Rounded up. */
    static long scaled(long amount, double factor) {
        return (long) Math.ceil(amount * factor);
    }
}
