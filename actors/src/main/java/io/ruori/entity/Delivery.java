package io.ruori.entity;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One write on its way to its object. Sharding loses messages when a shard moves or its master dies, so the write is sent
 * again for as long as nobody answers; the object recognises it by its {@linkplain io.ruori.api.RequestId request} and
 * carries it out once.
 *
 * <p>"Written" is believed whichever copy it answers. "Not written" is final only when every copy was answered: one that is
 * still on its way could be carried out later, and whoever asked would have been told otherwise. Where a copy was lost, the
 * outcome stays unknown. ADR 0017 tells why.
 */
final class Delivery {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** By which pauses grow. Copies cost work just where there is too much of it. */
    private static final double GROWTH = 1.5;

    /** Sends one copy; the stage fails when that is not answered in time. */
    interface Copy {
        CompletionStage<Outcome> send(Duration patience);
    }

    private final Copy copy;
    private final Host host;
    private final Duration patience;
    private final long begun;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private volatile Host.@Nullable Cancellable timer;

    // Guarded by this.
    private int sent;
    private int unanswered;
    private boolean isRefused;

    private Delivery(Copy copy, Host host, Duration patience) {
        this.copy = copy;
        this.host = host;
        this.begun = host.nanos();
        this.patience = patience;
    }

    /** The stage fails with {@link TimeoutException} when the outcome is unknown. */
    static CompletionStage<Outcome> of(Copy copy, Host host, Duration patience) {
        Delivery delivery = new Delivery(copy, host, patience);
        delivery.send(patience);
        return delivery.outcome;
    }

    private void send(Duration left) {
        synchronized (this) {
            sent++;
            unanswered++;
        }
        copy.send(left).whenComplete(this::answered);
        wait(left);
    }

    private void wait(Duration left) {
        if (!outcome.isDone()) {
            Duration pause = pause();
            Host.Cancellable next = host.after(left.compareTo(pause) < 0 ? left : pause, this::again);
            timer = next;
            if (outcome.isDone()) {
                next.cancel();
            }
        }
    }

    private synchronized Duration pause() {
        return Duration.ofNanos((long) (FIRST_PAUSE.toNanos() * Math.pow(GROWTH, sent - 1)));
    }

    private void again() {
        Duration left = patience.minusNanos(host.nanos() - begun);
        if (left.isNegative() || left.isZero()) {
            outcome.completeExceptionally(new TimeoutException("no answer within " + patience));
        } else if (isRefused()) {
            wait(left);
        } else if (!outcome.isDone()) {
            send(left);
        }
    }

    private synchronized boolean isRefused() {
        return isRefused;
    }

    private void answered(@Nullable Outcome answer, @Nullable Throwable error) {
        if (answer == null) {
            return;
        }
        boolean isLast;
        synchronized (this) {
            unanswered--;
            isRefused |= !answer.hasEffect();
            isLast = unanswered == 0;
        }
        if (answer.hasEffect() || isLast) {
            outcome.complete(answer);
            Host.Cancellable next = timer;
            if (next != null) {
                next.cancel();
            }
        }
    }
}
