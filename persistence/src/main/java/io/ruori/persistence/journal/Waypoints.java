package io.ruori.persistence.journal;

import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.persistence.journal.Database.Family;
import io.ruori.view.History.Version;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Places from which the past is soon reached. Which objects of a kind there were at a revision could be found with one seek for
 * every object there ever was, but most of those are long gone. So every now and then the journal notes which versions there are
 * of a kind, and a list of the past starts at the note before it and follows the changes from there.
 *
 * <pre>
 *   waypoint ── changes of the kind, by the index ──▶ the revision asked for
 *   (versions)   newer versions in, deletions out      (versions)
 * </pre>
 *
 * <p>A waypoint is due after as many changes as there are objects, but not after a few: then following the changes costs no more
 * than the list itself, however far back, and waypoints take a row for each record. They are derived: a list is right without
 * them, only slower (ADR 0010).
 */
final class Waypoints {
    /** Following so many changes takes a few milliseconds. */
    private static final int LEAST_CHANGES = 2_000;

    /** One synced batch takes so many rows, so that nobody's write waits long behind them. */
    private static final int ROWS_AT_ONCE = 1_000;

    private final Database database;
    private final Committer committer;

    /** Changes of a kind since its last waypoint; unknown until the first look. */
    private final Map<KindName, AtomicLong> changes = new ConcurrentHashMap<>();

    Waypoints(Database database, Committer committer) {
        this.database = database;
        this.committer = committer;
    }

    /** After every commit, on the committer's thread. */
    void count(KindName kind) {
        AtomicLong known = changes.get(kind);
        if (known != null) {
            known.incrementAndGet();
        }
    }

    /** Sets the waypoint of a kind if it is due, and returns when it is durable. */
    void setIfDue(KindName kind, View view) throws RocksDBException {
        AtomicLong since = changes.get(kind);
        if (since == null) {
            since = new AtomicLong();
            changes.put(kind, since);
            since.addAndGet(changesSinceLast(Keys.kind(kind)));
        }
        long due = since.get();
        if (due >= Math.max(LEAST_CHANGES, view.count(kind, ""))) {
            set(Keys.kind(kind), view.revision(), view.list(kind));
            since.addAndGet(-due);
        }
    }

    private long changesSinceLast(byte[] kind) throws RocksDBException {
        Revision last = lastAtOrBefore(kind, new Revision(Long.MAX_VALUE));
        long count = 0;
        try (RocksIterator index = database.iterator(Family.KINDS, false)) {
            byte[] start = Keys.withLong(kind, last == null ? 0 : last.value() + 1);
            for (index.seek(start); index.isValid() && Keys.startsWith(index.key(), kind); index.next()) {
                count++;
            }
            index.status();
        }
        return count;
    }

    /** The head comes last: a waypoint without one does not exist. */
    private void set(byte[] kind, Revision revision, Iterable<StoredObject> objects) {
        List<byte[][]> rows = new ArrayList<>();
        for (StoredObject object : objects) {
            rows.add(new byte[][] {
                Keys.waypointRow(kind, revision, Keys.object(object.key())), Keys.time(object.revision())
            });
            if (rows.size() == ROWS_AT_ONCE) {
                committer.putWaypoint(rows).join();
                rows = new ArrayList<>();
            }
        }
        rows.add(new byte[][] {Keys.waypoint(kind, revision), new byte[0]});
        committer.putWaypoint(rows).join();
    }

    @Nullable
    Revision lastAtOrBefore(byte[] kind, Revision revision) throws RocksDBException {
        try (RocksIterator heads = database.iterator(Family.WAYPOINTS, false)) {
            heads.seekForPrev(Keys.waypoint(kind, revision));
            heads.status();
            byte[] prefix = Keys.waypoints(kind);
            return heads.isValid() && Keys.startsWith(heads.key(), prefix)
                    ? new Revision(Keys.lastLong(heads.key()))
                    : null;
        }
    }

    long count(byte[] kind) throws RocksDBException {
        byte[] prefix = Keys.waypoints(kind);
        long count = 0;
        try (RocksIterator heads = database.iterator(Family.WAYPOINTS, false)) {
            for (heads.seek(prefix); heads.isValid() && Keys.startsWith(heads.key(), prefix); heads.next()) {
                count++;
            }
            heads.status();
        }
        return count;
    }

    /**
     * The versions at a revision, from a waypoint at or before it.
     *
     * @param prefix of the objects wanted: a kind, or a namespace of it
     */
    List<Version> versions(byte[] kind, byte[] prefix, Revision waypoint, Revision revision) throws RocksDBException {
        TreeMap<byte[], Long> versions = new TreeMap<>(Arrays::compareUnsigned);
        try (RocksIterator rows = database.iterator(Family.WAYPOINTS, false)) {
            byte[] start = Keys.waypointRow(kind, waypoint, prefix);
            for (rows.seek(start); rows.isValid() && Keys.startsWith(rows.key(), start); rows.next()) {
                versions.put(Keys.objectOfWaypointRow(kind, rows.key()), Keys.lastLong(rows.value()));
            }
            rows.status();
        }
        try (RocksIterator index = database.iterator(Family.KINDS, false)) {
            index.seek(Keys.kindAt(kind, new Revision(waypoint.value() + 1)));
            for (; index.isValid() && Keys.startsWith(index.key(), kind); index.next()) {
                long changed = Keys.lastLong(index.key());
                if (changed > revision.value()) {
                    break;
                }
                follow(versions, prefix, index.value(), changed);
            }
            index.status();
        }
        List<Version> found = new ArrayList<>(versions.size());
        versions.forEach((object, at) -> found.add(new Version(Keys.parse(object), new Revision(at))));
        return found;
    }

    private static void follow(Map<byte[], Long> versions, byte[] prefix, byte[] pointer, long changed) {
        byte[] object = Committer.objectOf(pointer);
        if (!Keys.startsWith(object, prefix)) {
            return;
        }
        if (Committer.isDeletion(pointer)) {
            versions.remove(object);
        } else {
            versions.put(object, changed);
        }
    }
}
