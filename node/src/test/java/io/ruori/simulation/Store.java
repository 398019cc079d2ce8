package io.ruori.simulation;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.members.Roster;
import io.ruori.members.Roster.Row;
import io.ruori.members.Roster.State;
import io.ruori.members.Session;
import io.ruori.members.SessionEnded;
import io.ruori.members.ShardHead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the database holds, and the steps it takes as one, as docs/adr/0015 describes them: logs by shard with their epochs, what is
 * derived from them, and the roster.
 */
final class Store {
    private final SimThread thread;
    private final Flaw flaw;
    private final List<Shard> shards = new ArrayList<>();
    private final Map<ObjectKey, TreeMap<Revision, ObjectEvent>> records = new LinkedHashMap<>();
    private final Map<Integer, Row> rows = new TreeMap<>();
    private long version;
    private int sessions;

    /**
     * @param batch by whose attempt it was written, and which
     * @param at virtual time
     */
    record Entry(ObjectEvent event, long batch, long at) {}

    /** What came of an append. */
    enum Appended {
        WRITTEN,
        REFUSED
    }

    private static final class Shard {
        final List<Entry> log = new ArrayList<>();
        long epoch;
        String owner = "";
        int derived;
    }

    Store(SimThread thread, int count, Flaw flaw) {
        this.thread = thread;
        this.flaw = flaw;
        for (int shard = 0; shard < count; shard++) {
            shards.add(new Shard());
        }
    }

    // --- logs

    /** One conditional batch: all of it or nothing, once however often it is asked for. */
    Appended append(int number, long epoch, long place, long batch, List<ObjectEvent> events) {
        Shard shard = shards.get(number);
        if (place < shard.log.size() && shard.log.get((int) place).batch == batch) {
            return Appended.WRITTEN;
        }
        boolean fits = place == shard.log.size() && epoch == shard.epoch;
        if (!fits && flaw != Flaw.UNFENCED) {
            return Appended.REFUSED;
        }
        events.forEach(event -> shard.log.add(new Entry(event, batch, thread.nanos())));
        return Appended.WRITTEN;
    }

    /** Writes what follows from the log. May stop in the middle, and be done again. */
    void derive(int number, int most) {
        Shard shard = shards.get(number);
        int end = shard.log.size();
        int stop = (int) Math.min(end, shard.derived + (long) most);
        for (int place = shard.derived; place < stop; place++) {
            ObjectEvent event = shard.log.get(place).event;
            records.computeIfAbsent(event.key(), key -> new TreeMap<>()).put(event.revision(), event);
        }
        if (stop == end) {
            shard.derived = end;
        }
    }

    private void deriveAll(int number) {
        if (flaw != Flaw.ROWS_LEFT_BEHIND) {
            derive(number, Integer.MAX_VALUE);
        }
    }

    ShardHead head(int number) {
        deriveAll(number);
        Shard shard = shards.get(number);
        return new ShardHead(number, shard.epoch, shard.owner, shard.log.size());
    }

    List<ShardHead> heads() {
        List<ShardHead> heads = new ArrayList<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            heads.add(head(shard));
        }
        return heads;
    }

    /** Compare-and-set of the epoch. */
    ShardHead raise(int number, long from, String owner) {
        Shard shard = shards.get(number);
        if (shard.epoch != from) {
            throw new IllegalStateException("shard " + number + " was claimed by another");
        }
        shard.epoch++;
        shard.owner = owner;
        return head(number);
    }

    List<ObjectEvent> log(int number, long from, int limit) {
        deriveAll(number);
        List<Entry> log = shards.get(number).log;
        int first = (int) Math.min(from, log.size());
        int end = (int) Math.min(log.size(), from + (long) limit);
        return log.subList(first, Math.max(first, end)).stream()
                .map(Entry::event)
                .toList();
    }

    /** Everything that is durable, in the order of each shard. */
    List<List<Entry>> all() {
        return shards.stream().map(shard -> List.copyOf(shard.log)).toList();
    }

    // --- the past

    Revision newest() {
        return records.values().stream()
                .map(TreeMap::lastKey)
                .max(Revision::compareTo)
                .orElse(Revision.ZERO);
    }

    List<ObjectEvent> of(ObjectKey key) {
        TreeMap<Revision, ObjectEvent> found = records.get(key);
        return found == null ? List.of() : List.copyOf(found.values());
    }

    List<StoredObject> current() {
        List<StoredObject> objects = new ArrayList<>();
        records.values().forEach(versions -> {
            if (!(versions.lastEntry().getValue() instanceof ObjectEvent.Deleted)) {
                objects.add(versions.lastEntry().getValue().object());
            }
        });
        return objects;
    }

    List<ObjectEvent> withNotes(Revision since) {
        return records.values().stream()
                .map(TreeMap::values)
                .flatMap(Collection::stream)
                .filter(event ->
                        event.revision().isAfter(since) && !event.notes().isEmpty())
                .sorted((a, b) -> a.revision().compareTo(b.revision()))
                .toList();
    }

    // --- the roster

    Session join(String address) {
        int slot = 0;
        while (rows.containsKey(slot) && rows.get(slot).isActive()) {
            slot++;
        }
        Row before = rows.get(slot);
        Session session = new Session(slot, "s" + sessions++, address);
        version++;
        Revision ceiling = before == null ? Revision.ZERO : before.ceiling();
        rows.put(slot, new Row(session, State.ACTIVE, version, ceiling));
        return session;
    }

    Roster roster() {
        return new Roster(version, List.copyOf(rows.values()));
    }

    void end(Session session, State state) {
        Row row = rows.get(session.slot());
        if (row != null && row.session().equals(session) && row.isActive()) {
            version++;
            rows.put(session.slot(), new Row(session, state, row.since(), row.ceiling()));
        }
    }

    Revision raiseCeiling(Session session, Revision ceiling) {
        check(session);
        Row row = java.util.Objects.requireNonNull(rows.get(session.slot()));
        if (ceiling.isAfter(row.ceiling())) {
            rows.put(session.slot(), new Row(session, row.state(), row.since(), ceiling));
        }
        return ceiling;
    }

    void check(Session session) {
        if (!roster().isActive(session)) {
            throw new SessionEnded(session);
        }
    }
}
