package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.api.Revision;
import io.ruori.kind.KindRegistry;
import io.ruori.view.History;
import io.ruori.view.ObjectIndex;
import io.ruori.view.PastView;
import io.ruori.view.View;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Where the past is read: views at revisions, and the threads that may wait for the disk. Threads of their own, a few, since a
 * read inside the journal's native code holds its thread whatever kind of thread it is; who finds too many waiting is told so.
 */
final class PastReads {
    private static final int THREADS = 4;
    private static final int WAITING = 1_000;

    private final ObjectIndex index;
    private final History history;
    private final PastKinds kinds;
    private final Duration eventAge;
    private final PinnedViews pinned;
    private final Executor readers;

    PastReads(ObjectIndex index, History history, PastKinds kinds, Duration eventAge, PinnedViews pinned) {
        this.index = index;
        this.history = history;
        this.kinds = kinds;
        this.eventAge = eventAge;
        this.pinned = pinned;
        this.readers = readers();
    }

    private static Executor readers() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().name("ruori-past-", 0).daemon().factory(),
                (task, full) -> {
                    throw new Refusal(ApiStatus.unavailable("too many requests read the journal"));
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    Executor executor() {
        return readers;
    }

    History history() {
        return history;
    }

    /** The view as it was at a revision. Waits a moment for one that is ahead; fails with {@link Refusal}. */
    CompletionStage<View> at(Revision revision) {
        return reached(revision)
                .thenCompose(now -> now.revision().equals(revision)
                        ? CompletableFuture.completedFuture(now)
                        : pinned.find(revision)
                                .map(CompletableFuture::completedFuture)
                                .orElseGet(() -> CompletableFuture.supplyAsync(() -> fromJournal(revision), readers)));
    }

    /** The kinds as they were at a revision. Waits and fails as {@link #at} does. */
    CompletionStage<KindRegistry> kinds(Revision revision) {
        return kinds.known(revision)
                .map(CompletableFuture::completedStage)
                .orElseGet(() -> reached(revision)
                        .thenCompose(now -> CompletableFuture.supplyAsync(() -> kindsFromJournal(revision), readers)));
    }

    private CompletionStage<View> reached(Revision revision) {
        return index.atLeast(revision, ReadRoutes.TOO_NEW_WAIT).exceptionally(late -> {
            throw new Refusal(ApiStatus.tooNew(revision, index.view().revision()));
        });
    }

    private KindRegistry kindsFromJournal(Revision revision) {
        requireKnown(revision);
        return kinds.at(revision);
    }

    private View fromJournal(Revision revision) {
        requireKnown(revision);
        return new PastView(history, kinds.at(revision), eventAge, revision);
    }

    private void requireKnown(Revision revision) {
        Revision oldest = history.oldest();
        if (oldest.isAfter(revision) || oldest.equals(Revision.ZERO)) {
            throw new Refusal(ApiStatus.expired(
                    "The resourceVersion for the provided list is too old: the journal begins at " + oldest + " ("
                            + oldest.instant() + ")",
                    ""));
        }
    }

    /** Reads from a view, on threads that may wait for the disk if it has to. */
    <T> CompletionStage<T> read(View view, Function<View, T> reading) {
        return view instanceof PastView
                ? CompletableFuture.supplyAsync(() -> reading.apply(view), readers)
                : CompletableFuture.completedFuture(reading.apply(view));
    }
}
