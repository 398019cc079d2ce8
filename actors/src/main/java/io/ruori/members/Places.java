package io.ruori.members;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The places of one shard's log that are known: all before {@link #next}, and stretches after it. */
final class Places {
    private long next;
    private final TreeMap<Long, Long> later = new TreeMap<>();

    /** The first place that is not known. */
    long next() {
        return next;
    }

    /** The first known place after one that is not. */
    long heardAfter(long place) {
        Map.Entry<Long, Long> after = later.higherEntry(place);
        return after == null ? Long.MAX_VALUE : after.getKey();
    }

    void startAt(long place) {
        add(0, place);
    }

    void add(long from, long to) {
        if (from >= to) {
            return;
        }
        long start = from;
        long end = to;
        Map.Entry<Long, Long> touching = later.floorEntry(end);
        while (touching != null && touching.getValue() >= start) {
            start = Math.min(start, touching.getKey());
            end = Math.max(end, touching.getValue());
            later.remove(touching.getKey());
            touching = later.floorEntry(end);
        }
        if (start <= next) {
            next = Math.max(next, end);
        } else {
            later.put(start, end);
        }
    }

    /** The parts of a piece that are not known. */
    List<ShardLog> missing(ShardLog piece) {
        List<ShardLog> parts = new ArrayList<>();
        long from = Math.max(piece.from(), next);
        while (from < piece.end()) {
            Map.Entry<Long, Long> known = later.floorEntry(from);
            if (known != null && known.getValue() > from) {
                from = known.getValue();
            } else {
                long to = Math.min(piece.end(), heardAfter(from));
                parts.add(piece.between(from, to));
                from = to;
            }
        }
        return parts;
    }
}
