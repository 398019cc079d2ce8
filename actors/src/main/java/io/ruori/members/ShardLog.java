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

    /** What lies at or after a place; empty where all is before it. */
    ShardLog after(long place) {
        return place <= from
                ? this
                : new ShardLog(
                        shard, place, events.subList((int) Math.min(place - from, events.size()), events.size()));
    }
}
