package io.ruori.guardian;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.config.MasterSettings;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Member;
import io.ruori.entity.Sharding;
import io.ruori.entity.Share;
import io.ruori.members.MemberLink;
import io.ruori.members.Roster;
import io.ruori.members.Session;
import io.ruori.members.SharedJournal;
import io.ruori.view.ObjectIndex;
import io.ruori.view.Revisions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings up one of several members that share a journal. In this order: a session and its slot; the word of every active
 * member that it counts this one; the places where the shards' logs end; the objects; and a view closed past all clocks at
 * the end of that reading. From the second step on it hears of all writes. See docs/architecture/members.md.
 */
final class SharedStart {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStart.class);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Beyond a ceiling that reached ten seconds ahead. */
    private static final Duration CUT_OFF = Duration.ofSeconds(10);

    private final ActorSystem<?> system;
    private final SharedJournal journal;
    private final MasterSettings settings;
    private final MemberStart common;
    private final Cluster cluster;

    SharedStart(ActorSystem<?> system, SharedJournal journal, MasterSettings settings, KindCatalog kinds) {
        this.system = system;
        this.journal = journal;
        this.settings = settings;
        this.common = new MemberStart(system, journal, settings, kinds);
        this.cluster = Cluster.get(system);
    }

    Member start() {
        Session self = await(journal.join(cluster.selfMember().address().toString()));
        LOG.info("this is member {}", self);
        endFormerLives(self);
        Revisions revisions = common.revisions(self.slot(), journal.clockCeiling());
        ViewLoading loading = new ViewLoading();
        Hearing hearing = new Hearing();
        MemberLink link = new MemberLink(self, journal, revisions, settings.shards(), loading, hearing);
        ObjectIndex index = common.index(link);
        hearing.index = index;
        journal.setListener(listener(link, revisions));
        revisions.onClosed(closed -> {
            link.settled();
            index.closedAdvanced();
        });
        await(link.start(system));
        load(link, loading, index);
        joinCluster(self);
        leaveInOrder();
        common.every(LOOK, () -> endWhereCutOff(link, revisions), system.executionContext());
        return common.member(revisions, index, new Held(link, hearing));
    }

    /** Nobody else can be where this process listens. */
    private void endFormerLives(Session self) {
        for (Session other : await(journal.roster()).active()) {
            if (other.address().equals(self.address()) && !other.equals(self)) {
                await(journal.fence(other));
            }
        }
    }

    private void load(MemberLink link, ViewLoading loading, ObjectIndex index) {
        link.incoming().startAt(await(journal.shards()));
        // What was in a log by now and not yet where objects are read from is settled once this is closed.
        await(link.closedPast(await(link.clocks())));
        Revision since = Revision.upTo(common.time.instant().minus(settings.eventRetention()));
        List<StoredObject> objects;
        List<ObjectEvent> recent;
        try (Stream<StoredObject> found = journal.currentObjects();
                Stream<ObjectEvent> told = journal.recentWithNotes(since)) {
            objects = found.toList();
            recent = told.toList();
        }
        Revision read = await(link.clocks());
        await(link.closedPast(read));
        loading.load(index, objects, recent, link.closed());
        LOG.info("{} objects are loaded, as of {}", objects.size(), index.view().revision());
    }

    /** The eldest member begins the cluster of actors, and all others join it there. */
    private void joinCluster(Session self) {
        Roster roster = await(journal.roster());
        Session eldest = roster.eldest().orElse(self);
        if (eldest.equals(self)) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            cluster.manager().tell(new JoinSeedNodes(List.of(address(eldest))));
        }
    }

    /**
     * The others raise their ceilings in the journal and this member cannot: it is the one that is cut off, and they all wait
     * for it. Where nobody can, all wait for the journal.
     */
    private void endWhereCutOff(MemberLink link, Revisions revisions) {
        Instant others = link.incoming().closed().instant();
        boolean alone = link.incoming().counted().isEmpty();
        if (!alone && others.isAfter(revisions.ceiling().instant().plus(CUT_OFF))) {
            common.leave(
                    "this member cannot get to the journal and the others can",
                    new IllegalStateException("no ceiling above " + revisions.ceiling() + " could be made durable"));
        }
    }

    private void leaveInOrder() {
        CoordinatedShutdown.get(system)
                .addTask(
                        CoordinatedShutdown.PhaseClusterShutdown(),
                        "leave-the-roster",
                        () -> journal.leave().handle((done, error) -> Done.getInstance()));
    }

    /** The shards whose epochs this session holds. */
    private final class Held implements Share {
        private final Set<Integer> wanted = ConcurrentHashMap.newKeySet();
        private final AtomicLong taken = new AtomicLong();
        private final MemberLink link;
        private final Hearing hearing;

        Held(MemberLink link, Hearing hearing) {
            this.link = link;
            this.hearing = hearing;
        }

        @Override
        public Optional<Standing> standing() {
            int held = (int)
                    IntStream.range(0, settings.shards()).filter(journal::holds).count();
            int members = 1 + link.incoming().counted().size();
            return Optional.of(new Standing(members, held, taken.get(), hearing.ended.get(), link.closed()));
        }

        @Override
        public boolean isMine(ObjectKey key) {
            return journal.holds(Sharding.shardOf(key.entityId(), settings.shards()));
        }

        @Override
        public CompletionStage<Done> take(int shard) {
            wanted.add(shard);
            return journal.claim(shard).thenApply(head -> {
                taken.incrementAndGet();
                if (!wanted.contains(shard)) {
                    journal.release(shard);
                }
                return Done.getInstance();
            });
        }

        @Override
        public void release(int shard) {
            wanted.remove(shard);
            journal.release(shard);
        }
    }

    private CommitListener listener(MemberLink link, Revisions revisions) {
        return new CommitListener() {
            @Override
            public void written(int shard, long first, List<ObjectEvent> events) {
                link.written(shard, first, events);
            }

            @Override
            public void written(List<ObjectEvent> events) {
                throw new IllegalStateException("events of a shared journal have places");
            }

            @Override
            public void notWritten(List<Revision> lost) {
                lost.forEach(revisions::settleNotWritten);
            }

            @Override
            public void stopped(Throwable why) {
                common.leave("the journal has stopped", why);
            }
        };
    }

    private final class Hearing implements MemberLink.Listener {
        private final AtomicLong ended = new AtomicLong();
        private volatile @Nullable ObjectIndex index;

        @Override
        public void closedAdvanced() {
            ObjectIndex told = index;
            if (told != null) {
                told.closedAdvanced();
            }
        }

        /** What the roster says is certain; the failure detector would only come to suspect it. */
        @Override
        public void ended(Session session) {
            ended.incrementAndGet();
            if (!session.address().equals(cluster.selfMember().address().toString())) {
                cluster.manager().tell(new Down(address(session)));
            }
        }

        @Override
        public void over(Throwable why) {
            common.leave("this member does not count any longer", why);
        }
    }

    private static Address address(Session session) {
        return AddressFromURIString.parse(session.address());
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
