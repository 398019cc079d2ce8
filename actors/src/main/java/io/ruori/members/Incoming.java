package io.ruori.members;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.view.CommitFeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this member has heard of the others' writes, and how far it is complete. Thread-safe.
 *
 * <pre>
 *   announcements ──▶ places of shards' logs, each handed on once ──▶ feed (any order)
 *   logs read      ─▶        │ what an announcement's ends ask for is all there
 *                            ▼
 *                    its closed revision counts ──▶ closed(): the smallest of all who count
 * </pre>
 *
 * <p>A lost announcement leaves a hole between what was heard and what the next one asks for; {@link #gaps} names it, and the
 * shard's log fills it. What comes twice is handed on once. Events are handed on before the closed revision that covers
 * them is.
 */
public final class Incoming {
    private final Places[] shards;
    private final CommitFeed feed;
    private final Map<Session, Heard> counted = new LinkedHashMap<>();
    private final Map<Session, Map<Integer, Long>> ending = new HashMap<>();
    private Revision largest = Revision.ZERO;
    private boolean hasStarted;

    /** A stretch of a shard's log that is needed and was not heard. */
    public record Gap(int shard, long from, long to) {}

    /**
     * @param shards how many there are
     * @param feed hears of every event once, in no order
     */
    public Incoming(int shards, CommitFeed feed) {
        this.shards = new Places[shards];
        for (int shard = 0; shard < shards; shard++) {
            this.shards[shard] = new Places();
        }
        this.feed = feed;
    }

    /** Everything before these places is known already, and what lies after them is missed from now on. */
    public synchronized void startAt(List<ShardHead> heads) {
        hasStarted = true;
        for (ShardHead head : heads) {
            shards[head.shard()].startAt(head.end());
        }
    }

    /** From now on nothing is closed that this member has not closed. */
    public synchronized void count(Session member) {
        counted.putIfAbsent(member, new Heard());
    }

    public synchronized Set<Session> counted() {
        return new LinkedHashSet<>(counted.keySet());
    }

    /**
     * Takes in what another member tells.
     *
     * @return false if that member does not count
     */
    public synchronized boolean announced(Announcement told) {
        Heard heard = counted.get(told.from());
        if (heard == null) {
            return false;
        }
        told.written().forEach(this::take);
        if (told.number() > heard.number) {
            heard.number = told.number();
            heard.told = told.closed();
            heard.needs = told.ends();
            heard.ceiling = told.ceiling();
        }
        settle();
        return true;
    }

    /** What was read of a shard's log, or written to it: of both the second is nothing new. */
    public synchronized void known(ShardLog piece) {
        take(piece);
        settle();
    }

    /**
     * A member writes no more. It goes on counting until everything before these places is known.
     *
     * @param heads of all shards, read after its session had ended and what it held was sealed
     */
    public synchronized void ended(Session member, List<ShardHead> heads) {
        if (counted.containsKey(member)) {
            Map<Integer, Long> needs = new HashMap<>();
            heads.forEach(head -> needs.put(head.shard(), head.end()));
            ending.put(member, needs);
            settle();
        }
    }

    /** What must be read from logs, as far as it is known now. */
    public synchronized List<Gap> gaps() {
        if (!hasStarted) {
            return List.of();
        }
        Map<Integer, Long> needs = new HashMap<>();
        counted.values().forEach(heard -> heard.needs.forEach((shard, end) -> needs.merge(shard, end, Math::max)));
        ending.values().forEach(ends -> ends.forEach((shard, end) -> needs.merge(shard, end, Math::max)));
        List<Gap> gaps = new ArrayList<>();
        needs.forEach((shard, end) -> {
            long next = shards[shard].next();
            if (next < end) {
                gaps.add(new Gap(shard, next, Math.min(end, shards[shard].heardAfter(next))));
            }
        });
        return gaps;
    }

    /** Nothing at or below it is still to come from any other member; the greatest revision there is where nobody else counts. */
    public synchronized Revision closed() {
        Revision smallest = new Revision(Long.MAX_VALUE);
        for (Heard heard : counted.values()) {
            if (smallest.isAfter(heard.closed)) {
                smallest = heard.closed;
            }
        }
        return smallest;
    }

    /**
     * How far the others said last that they have closed, each for itself; the smallest of it, whether or not all before is known
     * here.
     */
    public synchronized Revision told() {
        Revision smallest = new Revision(Long.MAX_VALUE);
        for (Heard heard : counted.values()) {
            if (smallest.isAfter(heard.told)) {
                smallest = heard.told;
            }
        }
        return smallest;
    }

    /** The highest of the others' ceilings, as each said last; zero where nobody else counts, or says it. */
    public synchronized Revision ceiling() {
        Revision highest = Revision.ZERO;
        for (Heard heard : counted.values()) {
            highest = heard.ceiling.isAfter(highest) ? heard.ceiling : highest;
        }
        return highest;
    }

    /** The largest revision of any event that was handed on: of members, too, that count no longer. */
    public synchronized Revision largest() {
        return largest;
    }

    private void take(ShardLog piece) {
        Places places = shards[piece.shard()];
        for (ShardLog part : places.missing(piece)) {
            feed.committed(part.events());
            places.add(part.from(), part.end());
            for (ObjectEvent event : part.events()) {
                largest = event.revision().isAfter(largest) ? event.revision() : largest;
            }
        }
    }

    private void settle() {
        for (Heard heard : counted.values()) {
            if (heard.told.isAfter(heard.closed) && isKnown(heard.needs)) {
                heard.closed = heard.told;
            }
        }
        ending.entrySet().removeIf(end -> {
            boolean known = isKnown(end.getValue());
            if (known) {
                counted.remove(end.getKey());
            }
            return known;
        });
    }

    private boolean isKnown(Map<Integer, Long> ends) {
        for (Map.Entry<Integer, Long> end : ends.entrySet()) {
            if (shards[end.getKey()].next() < end.getValue()) {
                return false;
            }
        }
        return true;
    }

    /** What one member said last, and the last of it that holds here. */
    private static final class Heard {
        private long number;
        private Revision told = Revision.ZERO;
        private Revision ceiling = Revision.ZERO;
        private Map<Integer, Long> needs = Map.of();
        private Revision closed = Revision.ZERO;
    }
}
