package io.ruori.guardian;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Member;
import io.ruori.entity.Sharding;
import io.ruori.entity.Share;
import io.ruori.members.MemberLink;
import io.ruori.members.Roster;
import io.ruori.members.Session;
import io.ruori.members.ShardHead;
import io.ruori.members.SharedJournal;
import io.ruori.view.ObjectIndex;
import io.ruori.view.Revisions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
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

    /** A little longer than the cluster takes to find that a seed does not answer. */
    private static final Duration JOIN_AGAIN = Duration.ofSeconds(6);

    private final SharedJournal journal;
    private final MemberStart common;
    private final MemberHost host;
    private final int shards;

    SharedStart(SharedJournal journal, MemberStart common) {
        this.journal = journal;
        this.common = common;
        this.host = common.host;
        this.shards = common.settings.shards();
    }

    CompletionStage<Member> start() {
        return journal.join(host.address()).thenCompose(self -> {
            LOG.info("this is member {}", self);
            return endFormerLives(self)
                    .thenCompose(done -> common.revisions(self.slot(), journal.clockCeiling()))
                    .thenCompose(revisions -> start(self, revisions));
        });
    }

    private CompletionStage<Member> start(Session self, Revisions revisions) {
        ViewLoading loading = new ViewLoading();
        Hearing hearing = new Hearing();
        MemberLink link = new MemberLink(self, host, journal, revisions, shards, loading, hearing);
        ObjectIndex index = common.index(link);
        hearing.index = index;
        journal.setListener(listener(link, revisions));
        revisions.onClosed(closed -> {
            link.settled();
            index.closedAdvanced();
        });
        return link.start(common.settings.silence())
                .thenCompose(counted -> load(link, loading, index))
                .thenCompose(loaded -> journal.roster())
                .thenApplyAsync(
                        roster -> {
                            join(self, roster);
                            host.every(JOIN_AGAIN, () -> joinAgain(self));
                            host.onLeaving(() -> journal.leave().thenRun(link::left));
                            CutOff cutOff = new CutOff();
                            host.every(LOOK, () -> endWhereCutOff(link, revisions, cutOff));
                            host.every(LOOK, () -> endWhereHeldUp(link, revisions));
                            return common.member(revisions, index, new Held(link, hearing));
                        },
                        host.views());
    }

    /** The eldest member begins the cluster of actors, and all others join it there. */
    private void join(Session self, Roster roster) {
        host.join(roster.eldest().orElse(self).address());
    }

    /** The eldest may end before it has let this member in; then there is another eldest. */
    private void joinAgain(Session self) {
        if (!host.hasJoined()) {
            journal.roster().thenAccept(roster -> join(self, roster));
        }
    }

    /** Nobody else can be where this process listens. */
    private CompletionStage<?> endFormerLives(Session self) {
        return journal.roster()
                .thenCompose(roster -> CompletableFuture.allOf(roster.active().stream()
                        .filter(other -> other.address().equals(self.address()) && !other.equals(self))
                        .map(other -> journal.fence(other).toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
    }

    private CompletionStage<?> load(MemberLink link, ViewLoading loading, ObjectIndex index) {
        return settledShards(link)
                .thenCompose(heads -> {
                    link.incoming().startAt(heads);
                    return link.clocks();
                })
                // What was in a log by now and not yet where objects are read from is settled once this is closed.
                .thenCompose(link::closedPast)
                .thenComposeAsync(
                        settled -> {
                            loading.readsAfter(link.closed());
                            Found found = read();
                            return link.clocks()
                                    .thenCompose(link::closedPast)
                                    .thenAcceptAsync(
                                            done -> loading.load(index, found.objects, found.recent, link.closed()),
                                            host.views());
                        },
                        host.views())
                .thenRun(() -> LOG.info(
                        "the objects are loaded, as of {}", index.view().revision()));
    }

    /**
     * Where the logs end, of which nobody goes on writing who does not count. Others seal what an ended session held; but
     * those may have ended, too, before they did, and sessions that this member never counted are nobody else's to seal.
     */
    private CompletionStage<List<ShardHead>> settledShards(MemberLink link) {
        return journal.shards()
                .thenCompose(heads -> journal.roster().thenCompose(roster -> {
                    Set<String> active =
                            roster.active().stream().map(Session::id).collect(Collectors.toSet());
                    CompletableFuture<?>[] seals = heads.stream()
                            .filter(head -> !head.owner().isEmpty() && !active.contains(head.owner()))
                            .map(head -> journal.seal(head.shard(), new Session(0, head.owner(), ""))
                                    .toCompletableFuture())
                            .toArray(CompletableFuture[]::new);
                    return CompletableFuture.allOf(seals)
                            .thenCompose(done ->
                                    seals.length == 0 ? CompletableFuture.completedFuture(heads) : journal.shards())
                            .thenApplyAsync(
                                    settled -> {
                                        // Who ended may have been ahead of all that are left.
                                        link.heard(journal.newestRevision());
                                        return settled;
                                    },
                                    host.views());
                }));
    }

    private record Found(List<StoredObject> objects, List<ObjectEvent> recent) {}

    private Found read() {
        Revision since = Revision.upTo(host.instant().minus(common.settings.eventRetention()));
        try (Stream<StoredObject> objects = journal.currentObjects();
                Stream<ObjectEvent> recent = journal.recentWithNotes(since)) {
            return new Found(objects.toList(), recent.toList());
        }
    }

    /**
     * Others raise their ceilings in the journal and this member cannot: it is the one that is cut off, and they all wait for
     * it. Where nobody can, all wait for the journal.
     */
    private void endWhereCutOff(MemberLink link, Revisions revisions, CutOff cutOff) {
        boolean alone = link.incoming().counted().isEmpty();
        if (cutOff.look(revisions.sinceRaised(), link.incoming().ceiling(), host.nanos()) && !alone) {
            link.giveUp(
                    "this member cannot get to the journal and the others can",
                    new IllegalStateException("no ceiling above " + revisions.ceiling() + " could be made durable"));
        }
    }

    /** A write of this member's own stays in flight while the others go on: nothing closes past it anywhere. */
    private void endWhereHeldUp(MemberLink link, Revisions revisions) {
        boolean alone = link.incoming().counted().isEmpty();
        if (!alone
                && HeldUp.isWorthAMember(
                        revisions.oldestInFlight(),
                        revisions.closed(),
                        link.incoming().told())) {
            link.giveUp(
                    "a write of this member stays in flight and the others go on",
                    new IllegalStateException("nothing closes past " + revisions.closed()));
        }
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
            Set<Integer> held =
                    IntStream.range(0, shards).filter(journal::holds).boxed().collect(Collectors.toUnmodifiableSet());
            int members = 1 + link.incoming().counted().size();
            return Optional.of(new Standing(
                    members, held, taken.get(), hearing.ended.get(), journal.fencedAppends(), link.closed()));
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public boolean isMine(ObjectKey key) {
            return journal.holds(Sharding.shardOf(key.entityId(), shards));
        }

        @Override
        public boolean holds(int shard) {
            return journal.holds(shard);
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
                host.leave("the journal has stopped", why);
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
        public void ended(Session session, boolean isFollowed) {
            ended.incrementAndGet();
            // Who follows there makes the cluster forget who was there before, and must not be taken for it.
            if (!isFollowed && !session.address().equals(host.address())) {
                host.down(session.address());
            }
        }

        @Override
        public void over(String what, Throwable why) {
            host.leave(what, why);
        }
    }
}
