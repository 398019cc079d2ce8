package io.ruori.view;

/** Ends a subscription. */
@FunctionalInterface
public interface Subscription {
    /** A call under way may still finish. */
    void cancel();
}
