package io.ruori.guardian;

import io.ruori.entity.Host;
import io.ruori.members.Post;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What a member is started on: besides what its actors see, threads, and the cluster of actors. */
public interface MemberHost extends Host, Post {
    @Override
    Instant instant();

    @Override
    long nanos();

    @Override
    Cancellable after(Duration pause, Runnable task);

    /** Where other members reach this one. */
    String address();

    /** Runs short tasks. */
    Executor tasks();

    /** Runs the view's writer and whoever waits for it or for the journal: threads that nobody else can keep busy. */
    Executor views();

    /** As {@link #views}, and 10 ms later. */
    Executor soon();

    /** Does something again and again for as long as the member lives, with a pause after each. */
    void every(Duration pause, Runnable task);

    /** The same for a task that waits for a disk. */
    void everyBlocking(Duration pause, Runnable task);

    /** Joins the cluster of actors at another member, or begins it at this member's own address. */
    void join(String address);

    /** Whether it got in. */
    default boolean hasJoined() {
        return true;
    }

    /** Another member is gone for certain; what it was home to gets another. */
    void down(String address);

    /** What is still to be done when this member ends in order, after its entities have stopped. */
    void onLeaving(Supplier<CompletionStage<?>> last);

    /** A member that cannot trust its own memory must not go on answering from it: it ends. */
    void leave(String what, Throwable why);
}
