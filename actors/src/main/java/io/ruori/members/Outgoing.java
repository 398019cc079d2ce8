package io.ruori.members;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.view.Revisions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What this member has written and not yet told the others. Thread-safe.
 *
 * <p>An event is noted here <em>before</em> its revision is settled, and an announcement reads the closed revision
 * <em>before</em> it takes what was noted: so everything at or below the closed revision it tells is in it, or was in one
 * before it.
 */
final class Outgoing {
    private final Session self;
    private final Revisions revisions;
    private final int bytesAtOnce;

    // All below are guarded by this.
    private final Deque<ShardLog> waiting = new ArrayDeque<>();
    private final Map<Integer, Long> ends = new HashMap<>();
    private long number;
    private Revision told = Revision.ZERO;

    /**
     * @param bytesAtOnce about how much one announcement carries at most; at least one event
     */
    Outgoing(Session self, Revisions revisions, int bytesAtOnce) {
        this.self = self;
        this.revisions = revisions;
        this.bytesAtOnce = bytesAtOnce;
    }

    synchronized void written(ShardLog piece) {
        waiting.add(piece);
        ends.merge(piece.shard(), piece.end(), Math::max);
    }

    /** The next thing to tell. Where more is left it does not close any further, and {@link #hasMore} says so. */
    synchronized Announcement next() {
        Revision closed = revisions.closed();
        List<ShardLog> taken = new ArrayList<>();
        long bytes = 0;
        while (!waiting.isEmpty() && (taken.isEmpty() || bytes < bytesAtOnce)) {
            ShardLog piece = waiting.remove();
            taken.add(piece);
            bytes += bytes(piece);
        }
        if (waiting.isEmpty()) {
            told = closed;
        }
        number++;
        return new Announcement(self, number, told, revisions.issued(), taken, ends, revisions.ceiling());
    }

    synchronized boolean hasMore() {
        return !waiting.isEmpty();
    }

    private static long bytes(ShardLog piece) {
        long bytes = 0;
        for (ObjectEvent event : piece.events()) {
            bytes += event.object().json().length;
        }
        return bytes;
    }
}
