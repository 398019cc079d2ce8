package io.ruori.runtime.docker;

import io.ruori.node.runtime.RuntimeFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** Runs blocking calls, each on a virtual thread, and turns what they throw into {@link RuntimeFault}s. */
final class VirtualThreads implements AutoCloseable {
    /** More connections at once would only queue inside the Engine. */
    private static final int AT_ONCE = 32;

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("docker-", 0).factory());

    <T> CompletionStage<T> call(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    result.complete(work.call());
                } catch (Throwable e) {
                    result.completeExceptionally(fault(e));
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new RuntimeFault(RuntimeFault.Reason.UNREACHABLE, "the runtime is closed", e));
        }
        return result;
    }

    /** Runs a bounded number at once and waits for all; the first failure is thrown. */
    <T> List<T> all(List<Callable<T>> work) {
        Semaphore turns = new Semaphore(AT_ONCE);
        List<CompletableFuture<T>> running = work.stream()
                .map(each -> call(() -> inTurn(turns, each)).toCompletableFuture())
                .toList();
        try {
            return running.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeFault known ? known : fault(e);
        }
    }

    private static <T> T inTurn(Semaphore turns, Callable<T> work) throws Exception {
        turns.acquire();
        try {
            return work.call();
        } finally {
            turns.release();
        }
    }

    static RuntimeFault fault(Throwable thrown) {
        return switch (thrown) {
            case RuntimeFault known -> known;
            case EngineRefusal refusal -> fault(refusal);
            case UncheckedIOException e ->
                new RuntimeFault(
                        RuntimeFault.Reason.OTHER, "a file of the runtime's state fails: " + e.getMessage(), e);
            case IOException e ->
                new RuntimeFault(
                        RuntimeFault.Reason.UNREACHABLE, "the Docker Engine does not answer: " + e.getMessage(), e);
            case Throwable e -> new RuntimeFault(RuntimeFault.Reason.OTHER, String.valueOf(e.getMessage()), e);
        };
    }

    private static RuntimeFault fault(EngineRefusal refusal) {
        RuntimeFault.Reason reason = switch (refusal.status()) {
            case 404 -> RuntimeFault.Reason.NOT_FOUND;
            case 409 -> RuntimeFault.Reason.CONFLICT;
            default -> RuntimeFault.Reason.OTHER;
        };
        return fault(reason, refusal);
    }

    static RuntimeFault fault(RuntimeFault.Reason reason, EngineRefusal refusal) {
        return new RuntimeFault(reason, String.valueOf(refusal.getMessage()), refusal);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
