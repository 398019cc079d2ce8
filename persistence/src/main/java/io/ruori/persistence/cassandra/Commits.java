package io.ruori.persistence.cassandra;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.persistence.journal.JournalFault.Stopped;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Tells the listener. One that fails has missed something, so then the journal stops for good. */
final class Commits {
    private volatile CommitListener listener = Silent.LISTENER;
    private final LongAdder fenced = new LongAdder();
    private volatile @Nullable Stopped stopped;

    void setListener(CommitListener newListener) {
        listener = newListener;
    }

    /** Why nothing more is accepted; null while it is. */
    @Nullable
    Stopped stopped() {
        return stopped;
    }

    /** Fails with {@link Stopped}. */
    void written(int shard, long first, List<ObjectEvent> events) {
        tell(() -> listener.written(shard, first, events));
    }

    /** Fails with {@link Stopped}. */
    void notWritten(List<Revision> revisions) {
        if (!revisions.isEmpty()) {
            tell(() -> listener.notWritten(revisions));
        }
    }

    /** So many appends were refused since another holds their shard. */
    void fenced(int appends) {
        fenced.add(appends);
    }

    long fencedAppends() {
        return fenced.sum();
    }

    private void tell(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            throw stop(e);
        }
    }

    synchronized Stopped stop(Throwable why) {
        Stopped known = stopped;
        if (known != null) {
            return known;
        }
        Stopped fault = new Stopped("the journal has stopped: " + why.getMessage(), why);
        stopped = fault;
        try {
            listener.stopped(fault);
        } catch (RuntimeException e) {
            fault.addSuppressed(e);
        }
        return fault;
    }

    /** The journal is closed in order: the listener need not hear of it. */
    synchronized void close() {
        if (stopped == null) {
            stopped = new Stopped("the journal is closed", null);
        }
    }

    /** Before anybody listens. */
    private enum Silent implements CommitListener {
        LISTENER;

        @Override
        public void written(List<ObjectEvent> events) {}

        @Override
        public void notWritten(List<Revision> revisions) {}
    }
}
