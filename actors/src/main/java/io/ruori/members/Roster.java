package io.ruori.members;

import io.ruori.api.Revision;
import java.util.List;
import java.util.Optional;

/**
 * Who counts, as the journal says; gossip is only a hint.
 *
 * @param version raised by every change
 * @param rows at most one a slot: its last session
 */
public record Roster(long version, List<Row> rows) {

    /** What has become of a session. Only {@code ACTIVE} can change, and once. */
    public enum State {
        /** Its closed revision counts for everybody's. */
        ACTIVE,
        /** It was silent: whatever it held is taken from it. */
        FENCED,
        /** It ended in order, after its shards were handed over. */
        LEFT
    }

    /**
     * @param since the roster's version that its joining made
     * @param ceiling no revision above it was issued by this session or one before it in its slot
     */
    public record Row(Session session, State state, long since, Revision ceiling) {
        public boolean isActive() {
            return state == State.ACTIVE;
        }
    }

    public Roster {
        rows = List.copyOf(rows);
    }

    /** The sessions that count. */
    public List<Session> active() {
        return rows.stream().filter(Row::isActive).map(Row::session).toList();
    }

    public Optional<Row> find(Session session) {
        return rows.stream().filter(row -> row.session().equals(session)).findFirst();
    }

    public boolean isActive(Session session) {
        return find(session).map(Row::isActive).orElse(false);
    }

    /** The active session that joined first: the one whose word others follow where one must begin. */
    public Optional<Session> eldest() {
        return rows.stream()
                .filter(Row::isActive)
                .min((a, b) -> Long.compare(a.since(), b.since()))
                .map(Row::session);
    }
}
