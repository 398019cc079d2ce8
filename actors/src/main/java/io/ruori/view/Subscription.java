package io.ruori.view;

/** Ends a subscription. */
@FunctionalInterface
public interface Subscription {
    /** A call under way may still finish. */
    void cancel();

    /** Both end together. */
    default Subscription and(Subscription other) {
        return () -> {
            cancel();
            other.cancel();
        };
    }
}
