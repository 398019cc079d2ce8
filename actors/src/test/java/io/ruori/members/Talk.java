package io.ruori.members;

import io.ruori.api.Json;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import io.ruori.core.clock.Ceiling;
import io.ruori.kind.Kind;
import io.ruori.members.Incoming.Gap;
import io.ruori.view.Revisions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Members that write and talk, on one thread and from one seed: messages are lost, doubled and reordered, shards change hands,
 * members die between any two steps and new ones come. After every step each member's closed revision must be true: it has
 * every event at or below it, and none comes later.
 */
final class Talk {
    private static final long NOW = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
    private static final int SHARDS = 5;
    private static final Kind KIND =
            Kind.of("", "v1", "ConfigMap", "configmaps", "x").build();
    private static final Origin ORIGIN = new Origin(User.component("test"), "test", "test", "", Revision.ZERO);

    private final Random random;
    private final Flaw flaw;
    private final List<List<ObjectEvent>> logs = new ArrayList<>();
    private final Party[] owners = new Party[SHARDS];
    private final List<Party> alive = new ArrayList<>();
    private final List<Party> dead = new ArrayList<>();
    private final List<Letter> post = new ArrayList<>();
    private final AtomicLong millis = new AtomicLong(NOW);
    private int sessions;

    /** A mistake planted on purpose, to see that it is found. */
    enum Flaw {
        NONE,
        /** The closed revision is read after what it should cover was taken. */
        CLOSED_READ_LATE,
        /** What an announcement asks for is believed to be there. */
        ENDS_IGNORED,
        /** A dead member is left out before its logs are read. */
        DEAD_FORGOTTEN,
        /** A joiner begins with its own clock. */
        JOINER_DEAF,
        /** Nobody's clock follows what a dead member wrote, with a clock that was ahead. */
        LOGS_UNHEARD,
        /** A joiner is not counted. */
        JOINER_UNCOUNTED
    }

    private record Letter(Party to, Announcement text) {}

    private record Flight(int shard, Revision revision) {}

    /** Somebody's closed revision was not true. */
    static final class Untrue extends AssertionError {
        private static final long serialVersionUID = 1;

        Untrue(String what) {
            super(what);
        }
    }

    Talk(long seed, Flaw flaw) {
        this.random = new Random(seed);
        this.flaw = flaw;
        for (int shard = 0; shard < SHARDS; shard++) {
            logs.add(new ArrayList<>());
        }
        join();
        join();
        join();
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
            alive.forEach(Party::check);
        }
        settle();
    }

    /** Everybody talks without loss until all know everything, which must come to an end. */
    private void settle() {
        dead.forEach(this::bury);
        dead.clear();
        for (Party party : alive) {
            new ArrayList<>(party.flights).forEach(party::commit);
            party.answerAll();
        }
        for (int round = 0; round < 4; round++) {
            millis.incrementAndGet();
            List<Letter> letters = new ArrayList<>();
            alive.forEach(party -> letters.addAll(party.speak()));
            letters.forEach(letter -> letter.to.hear(letter.text));
            alive.forEach(Party::readAllGaps);
        }
        Revision last = logs.stream()
                .flatMap(List::stream)
                .map(ObjectEvent::revision)
                .max(Revision::compareTo)
                .orElse(Revision.ZERO);
        for (Party party : alive) {
            party.check();
            if (last.isAfter(party.closed())) {
                throw new Untrue(party + " never closes past " + last + ": it is at " + party.closed());
            }
        }
    }

    private void step() {
        Party party = alive.get(random.nextInt(alive.size()));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> party.issue();
            case 4, 5, 6, 7 -> party.commitOne();
            case 8, 9, 10 -> post.addAll(party.speak());
            case 11, 12, 13, 14 -> deliver();
            case 15 -> party.readGaps();
            case 16 -> {
                millis.addAndGet(random.nextInt(3));
                party.answerAll();
            }
            case 17 -> handOver();
            case 18 -> dieOrBury();
            case 19 -> {
                if (alive.size() < 4 && dead.isEmpty() && random.nextInt(4) == 0) {
                    join();
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    private void deliver() {
        if (post.isEmpty()) {
            return;
        }
        Letter letter = post.remove(random.nextInt(post.size()));
        int fate = random.nextInt(10);
        if (fate == 0) {
            return;
        }
        if (fate == 1) {
            post.add(letter);
        }
        if (alive.contains(letter.to)) {
            letter.to.hear(letter.text);
        }
    }

    private void handOver() {
        int shard = random.nextInt(SHARDS);
        Party owner = owners[shard];
        if (owner == null || owner.flights.stream().noneMatch(flight -> flight.shard == shard)) {
            owners[shard] = alive.get(random.nextInt(alive.size()));
        }
    }

    private void dieOrBury() {
        if (!dead.isEmpty()) {
            bury(dead.removeFirst());
        } else if (alive.size() > 2 && random.nextInt(4) == 0) {
            Party party = alive.remove(random.nextInt(alive.size()));
            // The store may have what its writer never heard of.
            for (Flight flight : party.flights) {
                if (random.nextBoolean()) {
                    logs.get(flight.shard).add(event(flight));
                }
            }
            dead.add(party);
        }
    }

    private void bury(Party gone) {
        for (int shard = 0; shard < SHARDS; shard++) {
            if (owners[shard] == gone) {
                owners[shard] = null;
            }
        }
        List<ShardHead> heads = flaw == Flaw.DEAD_FORGOTTEN ? List.of() : heads();
        alive.forEach(party -> party.incoming.ended(gone.session, heads));
    }

    private void join() {
        Party joiner = new Party(new Session(sessions, "s" + sessions, ""), random.nextInt(50));
        sessions++;
        for (Party other : alive) {
            if (flaw != Flaw.JOINER_UNCOUNTED) {
                other.incoming.count(joiner.session);
            }
            if (flaw != Flaw.JOINER_DEAF) {
                joiner.revisions.heard(other.revisions.issued());
            }
            joiner.incoming.count(other.session);
        }
        joiner.incoming.startAt(heads());
        logs.forEach(log -> log.forEach(event -> joiner.known.add(event.revision())));
        alive.add(joiner);
    }

    private List<ShardHead> heads() {
        List<ShardHead> heads = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            heads.add(new ShardHead(shard, 1, "", logs.get(shard).size()));
        }
        return heads;
    }

    private static ObjectEvent event(Flight flight) {
        var tree = Json.object().put("kind", "ConfigMap").put("apiVersion", "v1");
        tree.putObject("metadata")
                .put("name", "of-" + flight.revision)
                .put("namespace", "default")
                .put("uid", "u");
        return new ObjectEvent.Created(KIND.store(tree, flight.revision), ORIGIN, List.of());
    }

    private final class Party {
        private final Session session;
        private final Revisions revisions;
        private final Set<Revision> known = new HashSet<>();
        private final Incoming incoming;
        private final Outgoing outgoing;
        private final List<Flight> flights = new ArrayList<>();
        private final List<ShardLog> unanswered = new ArrayList<>();
        private Revision closed = Revision.ZERO;

        Party(Session session, long skew) {
            this.session = session;
            Ceiling ceiling =
                    new Ceiling(Revision.upTo(Instant.ofEpochMilli(NOW).plusSeconds(3_600)));
            this.revisions = new Revisions(session.slot(), Revision.ZERO, ceiling, () -> millis.get() + skew, () -> 0);
            this.incoming = new Incoming(SHARDS, this::fed);
            this.outgoing = new Outgoing(session, revisions, 1);
        }

        private void fed(List<ObjectEvent> events) {
            for (ObjectEvent event : events) {
                if (!event.revision().isAfter(closed)) {
                    throw new Untrue(this + " had closed " + closed + " when " + event.revision() + " came");
                }
                if (!known.add(event.revision())) {
                    throw new Untrue(this + " was told of " + event.revision() + " twice");
                }
            }
        }

        Revision closed() {
            Revision own = revisions.closed();
            Revision others = incoming.closed();
            Revision now = own.isAfter(others) ? others : own;
            closed = now.isAfter(closed) ? now : closed;
            return closed;
        }

        void check() {
            Revision all = closed();
            for (List<ObjectEvent> log : logs) {
                for (ObjectEvent event : log) {
                    if (!event.revision().isAfter(all) && !known.contains(event.revision())) {
                        throw new Untrue(this + " has closed " + all + " without " + event.revision());
                    }
                }
            }
        }

        void issue() {
            int shard = random.nextInt(SHARDS);
            if (owners[shard] == this) {
                flights.add(new Flight(shard, revisions.issue(Revision.ZERO)));
            }
        }

        void commitOne() {
            if (!flights.isEmpty()) {
                Flight flight = flights.get(random.nextInt(flights.size()));
                if (random.nextInt(5) == 0) {
                    flights.remove(flight);
                    revisions.settleNotWritten(flight.revision);
                } else {
                    commit(flight);
                }
            }
        }

        void commit(Flight flight) {
            flights.remove(flight);
            List<ObjectEvent> log = logs.get(flight.shard);
            ShardLog piece = new ShardLog(flight.shard, log.size(), List.of(event(flight)));
            log.add(piece.events().getFirst());
            unanswered.add(piece);
            if (random.nextInt(4) > 0) {
                answered(unanswered.removeLast());
            }
        }

        /** The log may have it, and others may read it there, for a while before its writer knows. */
        private void answered(ShardLog piece) {
            incoming.known(piece);
            outgoing.written(piece);
            revisions.settleWritten(piece.events());
        }

        void answerAll() {
            unanswered.forEach(this::answered);
            unanswered.clear();
        }

        List<Letter> speak() {
            List<Letter> letters = new ArrayList<>();
            do {
                Announcement told = outgoing.next();
                if (flaw == Flaw.CLOSED_READ_LATE && !flights.isEmpty()) {
                    commit(flights.getFirst());
                    told = closing(told, revisions.closed());
                }
                for (Party other : alive) {
                    if (other != this) {
                        letters.add(new Letter(other, told));
                    }
                }
            } while (outgoing.hasMore());
            return letters;
        }

        private Announcement closing(Announcement told, Revision later) {
            return new Announcement(
                    told.from(), told.number(), later, told.clock(), told.written(), told.ends(), told.ceiling());
        }

        void hear(Announcement told) {
            Announcement heard = flaw == Flaw.ENDS_IGNORED
                    ? new Announcement(
                            told.from(),
                            told.number(),
                            told.closed(),
                            told.clock(),
                            told.written(),
                            Map.of(),
                            told.ceiling())
                    : told;
            if (incoming.announced(heard)) {
                revisions.heard(told.clock());
            }
        }

        void readAllGaps() {
            while (!incoming.gaps().isEmpty()) {
                readGaps();
            }
        }

        void readGaps() {
            for (Gap gap : incoming.gaps()) {
                List<ObjectEvent> log = logs.get(gap.shard());
                int from = (int) gap.from();
                int to = Math.min(log.size(), from + 1 + random.nextInt(3));
                if (from < to) {
                    incoming.known(new ShardLog(gap.shard(), from, log.subList(from, to)));
                    if (flaw != Flaw.LOGS_UNHEARD) {
                        revisions.heard(incoming.largest());
                    }
                }
            }
        }

        @Override
        public String toString() {
            return session.id();
        }
    }
}
