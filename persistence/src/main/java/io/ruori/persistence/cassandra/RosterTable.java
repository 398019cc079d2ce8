package io.ruori.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.ruori.api.Revision;
import io.ruori.members.Roster;
import io.ruori.members.Session;
import io.ruori.members.SessionEnded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The register of members: one partition, every change a compare-and-set. All methods block, fail with the driver's exception
 * when the database does not answer, and lead to the same end when they are repeated.
 */
final class RosterTable {
    private static final String ALL = "SELECT * FROM $roster WHERE cluster = 0";
    private static final int SLOTS = 1 << Revision.SLOT_BITS;

    private final Cql cql;

    RosterTable(Cql cql) {
        this.cql = cql;
    }

    Roster read() {
        return roster(cql.readSerially(cql.bind(ALL)));
    }

    private static Roster roster(ResultSet found) {
        long version = 0;
        List<Roster.Row> rows = new ArrayList<>();
        for (Row row : found) {
            version = row.getLong("version");
            if (!row.isNull("slot") && !row.isNull("session")) {
                rows.add(new Roster.Row(
                        new Session(row.getInt("slot"), text(row, "session"), text(row, "address")),
                        Roster.State.valueOf(text(row, "state")),
                        row.getLong("since"),
                        new Revision(row.getLong("ceiling"))));
            }
        }
        return new Roster(version, rows);
    }

    private static String text(Row row, String column) {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    /** Takes the lowest slot that is free. */
    Session join(String address) {
        String id = UUID.randomUUID().toString();
        while (true) {
            Roster roster = read();
            Optional<Session> joined = roster.rows().stream()
                    .map(Roster.Row::session)
                    .filter(session -> session.id().equals(id))
                    .findFirst();
            if (joined.isPresent()) {
                return joined.get();
            }
            Session session = new Session(freeSlot(roster), id, address);
            change(
                    roster.version(),
                    cql.conditional(
                            "UPDATE $roster SET session = ?, address = ?, state = ?, since = ?, ceiling = ?"
                                    + " WHERE cluster = 0 AND slot = ?",
                            id,
                            address,
                            Roster.State.ACTIVE.name(),
                            roster.version() + 1,
                            ceiling(roster, session.slot()),
                            session.slot()));
        }
    }

    /**
     * The lowest slot that no active session has and whose ceiling is no longer ahead of the clock: a session begins above the
     * ceiling of its slot, and members that come and go quickly would push everybody's clock ahead.
     */
    private static int freeSlot(Roster roster) {
        Revision now = Revision.upTo(Instant.now());
        for (int slot = 0; slot < SLOTS; slot++) {
            int wanted = slot;
            if (roster.rows().stream()
                    .filter(row -> row.session().slot() == wanted)
                    .noneMatch(row -> row.isActive() || row.ceiling().isAfter(now))) {
                return slot;
            }
        }
        throw new IllegalStateException("all " + SLOTS + " slots are taken");
    }

    private static long ceiling(Roster roster, int slot) {
        return roster.rows().stream()
                .filter(row -> row.session().slot() == slot)
                .mapToLong(row -> row.ceiling().value())
                .max()
                .orElse(0);
    }

    /**
     * Ends a session, unless it has ended. Every change raises the roster's version and is conditional on it, so {@code by}
     * still counts at the moment of the change.
     *
     * @param by who ends it
     * @throws SessionEnded if that one counts no longer itself
     */
    void end(Session session, Roster.State how, Session by) {
        while (true) {
            Roster roster = read();
            if (!roster.isActive(session)) {
                return;
            }
            if (!roster.isActive(by)) {
                throw new SessionEnded(by);
            }
            change(
                    roster.version(),
                    cql.conditional(
                            "UPDATE $roster SET state = ? WHERE cluster = 0 AND slot = ?", how.name(), session.slot()));
        }
    }

    /** Whether it happened is for the next reading to say. */
    private void change(long version, BoundStatement change) {
        cql.write(BatchStatement.newInstance(
                        BatchType.LOGGED,
                        cql.conditional(
                                "UPDATE $roster SET version = ? WHERE cluster = 0 IF version = ?",
                                version + 1,
                                version),
                        change)
                .setIdempotent(false));
    }

    /**
     * Raises the ceiling of an active session's slot; never lowers it.
     *
     * @return the ceiling reached
     * @throws SessionEnded if the session counts no longer
     */
    Revision raiseCeiling(Session session, Revision ceiling) {
        boolean raised = cql.write(cql.conditional(
                        "UPDATE $roster SET ceiling = ? WHERE cluster = 0 AND slot = ?"
                                + " IF session = ? AND state = ? AND ceiling < ?",
                        ceiling.value(),
                        session.slot(),
                        session.id(),
                        Roster.State.ACTIVE.name(),
                        ceiling.value()))
                .wasApplied();
        if (raised) {
            return ceiling;
        }
        return read().find(session)
                .filter(Roster.Row::isActive)
                .orElseThrow(() -> new SessionEnded(session))
                .ceiling();
    }

    /**
     * Whether a session counts: every change that was completed before is seen, without the cost of a serial read, of which
     * many at once get into each other's way.
     */
    boolean isActive(Session session) {
        return roster(cql.write(cql.bind(ALL))).isActive(session);
    }

    /** Fails with {@link SessionEnded} when the session counts no longer. */
    void requireActive(Session session) {
        if (!isActive(session)) {
            throw new SessionEnded(session);
        }
    }
}
