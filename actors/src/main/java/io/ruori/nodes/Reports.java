package io.ruori.nodes;

import io.ruori.api.ObjectKey;
import io.ruori.entity.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says about its objects, on the way to them: of each object one write at a time, and after it only the newest.
 * An agent says things once, so a write that got lost with a master on its way is done again until it is known what became of
 * it. Belongs to one actor.
 */
final class Reports {
    private static final int SERVER_FAULT = 500;
    private static final int TOO_MANY = 429;

    private final Map<ObjectKey, Report> reports = new HashMap<>();
    private final Sender sender;

    /** Does a write and brings its outcome back to {@link #ended}. */
    interface Sender {
        void send(ObjectKey key, CompletionStage<Outcome> write);
    }

    private static final class Report {
        @Nullable
        Supplier<CompletionStage<Outcome>> next;

        @Nullable
        Supplier<CompletionStage<Outcome>> underWay;
    }

    Reports(Sender sender) {
        this.sender = sender;
    }

    /** @param write may be called more than once, and each time writes what there is to be said */
    void say(ObjectKey key, Supplier<CompletionStage<Outcome>> write) {
        Report report = reports.computeIfAbsent(key, k -> new Report());
        report.next = write;
        if (report.underWay == null) {
            send(key, report, write);
        }
    }

    /**
     * A write has come to its end.
     *
     * @param outcome null where it is unknown
     * @return whether {@link #again} is to be called after a pause
     */
    boolean ended(ObjectKey key, @Nullable Outcome outcome) {
        Report report = reports.get(key);
        if (report == null) {
            return false;
        }
        Supplier<CompletionStage<Outcome>> newer = report.next;
        if (newer == null && isCertain(outcome)) {
            reports.remove(key);
            return false;
        }
        if (newer != null && isCertain(outcome)) {
            send(key, report, newer);
            return false;
        }
        return true;
    }

    /** Tries what did not get through, or what is newer. */
    void again(ObjectKey key) {
        Report report = reports.get(key);
        if (report != null) {
            send(key, report, report.next != null ? report.next : java.util.Objects.requireNonNull(report.underWay));
        }
    }

    private void send(ObjectKey key, Report report, Supplier<CompletionStage<Outcome>> write) {
        report.next = null;
        report.underWay = write;
        sender.send(key, write.get());
    }

    private static boolean isCertain(@Nullable Outcome outcome) {
        return outcome instanceof Outcome.Refused no
                ? no.status().code() < SERVER_FAULT && no.status().code() != TOO_MANY
                : outcome != null;
    }
}
