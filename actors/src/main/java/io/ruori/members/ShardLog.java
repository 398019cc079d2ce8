package io.ruori.members;

import io.ruori.core.ObjectEvent;
import java.util.List;

/**
 * Neighbouring events of a shard's log.
 *
 * @param from the place of the first event
 */
public record ShardLog(int shard, long from, List<ObjectEvent> events) {
    public ShardLog {
        events = List.copyOf(events);
    }

    /** The place after the last event. */
    public long end() {
        return from + events.size();
    }

    /** A part of it, places before {@code to}. */
    ShardLog between(long first, long to) {
        return new ShardLog(shard, first, events.subList((int) (first - from), (int) (to - from)));
    }
}
