package io.ruori.guardian;

import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.config.MasterSettings;
import io.ruori.core.Edits;
import io.ruori.core.ObjectEvent;
import io.ruori.core.clock.Ceiling;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Journal;
import io.ruori.entity.Member;
import io.ruori.entity.Past;
import io.ruori.entity.Share;
import io.ruori.kind.Kind;
import io.ruori.members.SessionEnded;
import io.ruori.members.SharedJournal;
import io.ruori.schema.BuiltInSchemas;
import io.ruori.view.History;
import io.ruori.view.Horizon;
import io.ruori.view.ObjectIndex;
import io.ruori.view.OwnCommits;
import io.ruori.view.Revisions;
import io.ruori.view.Watches;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one member up from its journal, in the order that safety asks for: a higher clock ceiling becomes durable before any
 * revision is issued, and the listener hears of commits before any write is accepted.
 */
public class MemberStart {
    private static final Logger LOG = LoggerFactory.getLogger(MemberStart.class);
    private static final Duration CHECK_CEILING = Duration.ofSeconds(1);
    private static final Duration CHECK_WAYPOINTS = Duration.ofSeconds(2);

    final MemberHost host;
    final MasterSettings settings;
    private final Journal journal;
    private final KindCatalog kinds;
    private final CompletableFuture<Edits> edits;
    private final AtomicBoolean raisingFails = new AtomicBoolean();

    MemberStart(
            MemberHost host,
            Journal journal,
            MasterSettings settings,
            KindCatalog kinds,
            CompletableFuture<Edits> edits) {
        this.host = host;
        this.journal = journal;
        this.settings = settings;
        this.kinds = kinds;
        this.edits = edits;
    }

    /**
     * Blocks until the view is loaded, and with it every kind that a CustomResourceDefinition describes; of a journal that
     * members share, until all of them count this one.
     */
    public static Member start(ActorSystem<?> system, Journal journal, MasterSettings settings, KindCatalog kinds) {
        CompletableFuture<Edits> edits = CompletableFuture.supplyAsync(() -> new Edits(BuiltInSchemas.load()));
        return start(new ClusterHost(system), journal, settings, kinds, edits)
                .toCompletableFuture()
                .join();
    }

    /** The same on any host, without waiting for it; {@code edits} must be there before the view is. */
    public static CompletionStage<Member> start(
            MemberHost host,
            Journal journal,
            MasterSettings settings,
            KindCatalog kinds,
            CompletableFuture<Edits> edits) {
        MemberStart start = new MemberStart(host, journal, settings, kinds, edits);
        return journal instanceof SharedJournal shared ? new SharedStart(shared, start).start() : start.alone();
    }

    /** The journal's only member. */
    private CompletionStage<Member> alone() {
        host.join(host.address());
        Revision floor = max(journal.clockCeiling(), journal.newestRevision());
        return revisions(0, floor).thenApply(this::alone);
    }

    private Member alone(Revisions revisions) {
        ObjectIndex index = index(Horizon.of(revisions));
        Revision since = Revision.upTo(host.instant().minus(settings.eventRetention()));
        try (Stream<StoredObject> objects = journal.currentObjects();
                Stream<ObjectEvent> recent = journal.recentWithNotes(since)) {
            index.load(objects.toList(), recent.toList(), revisions.closed());
        }
        revisions.onClosed(closed -> index.closedAdvanced());
        OwnCommits commits = new OwnCommits(index, revisions);
        journal.setListener(new CommitListener() {
            @Override
            public void written(List<ObjectEvent> events) {
                commits.committed(events);
            }

            @Override
            public void notWritten(List<Revision> lost) {
                lost.forEach(revisions::settleNotWritten);
            }

            @Override
            public void stopped(Throwable why) {
                host.leave("the journal has stopped", why);
            }
        });
        return member(revisions, index, Share.ALL);
    }

    /** A clock above {@code floor}, under a ceiling that is durable and is kept ahead of it from now on. */
    CompletionStage<Revisions> revisions(int slot, Revision floor) {
        Ceiling ceiling = Ceiling.NONE.raised(host.instant(), floor);
        return journal.raiseClockCeiling(ceiling.value()).thenApply(durable -> {
            Revisions revisions = new Revisions(slot, floor, ceiling, host::millis, host::nanos);
            host.every(CHECK_CEILING, () -> raiseCeiling(revisions));
            return revisions;
        });
    }

    private void raiseCeiling(Revisions revisions) {
        Ceiling wanted = revisions.wantedCeiling();
        journal.raiseClockCeiling(wanted.value()).whenComplete((durable, error) -> {
            if (error == null) {
                revisions.raise(wanted);
                raisingFails.set(false);
            } else if (error instanceof SessionEnded || error.getCause() instanceof SessionEnded) {
                host.leave("this member does not count any longer", error);
            } else if (!raisingFails.getAndSet(true)) {
                LOG.warn("the journal does not confirm the clock's ceiling; it is asked again every second", error);
            }
        });
    }

    ObjectIndex index(Horizon horizon) {
        return new ObjectIndex(
                kinds.current(),
                horizon,
                ObjectIndex.Settings.DEFAULT.withEventAge(settings.eventRetention()),
                host.views(),
                host.soon(),
                host::nanos,
                fault -> host.leave("the view cannot go on", fault));
    }

    /** What goes on as long as a member lives, over a view that is loaded. */
    Member member(Revisions revisions, ObjectIndex index, Share share) {
        kinds.follow(index);
        Watches watches = Watches.of(index, Watches.Settings.DEFAULT, host.tasks());
        kinds.onEnd(watches::end);
        host.every(CHECK_CEILING, () -> index.trim(host.instant()));
        host.everyBlocking(CHECK_WAYPOINTS, () -> setWaypoints(index));
        return new Member(
                kinds::current, edits.join(), revisions, index, watches, host, share, past(journal.history()));
    }

    /** Reads on threads that may wait for the disk. */
    private Past past(History history) {
        return (key, after) -> CompletableFuture.supplyAsync(
                () -> {
                    try (Stream<ObjectEvent> events = history.history(key, new Revision(Long.MAX_VALUE))) {
                        return events.takeWhile(event -> event.revision().isAfter(after))
                                .toList();
                    }
                },
                host.views());
    }

    private List<KindName> listed() {
        return kinds.current().all().stream()
                .map(Kind::name)
                .filter(MemberStart::hasVersions)
                .toList();
    }

    /** Kubernetes Events of the past are found by their age, and the view has some that the journal has not. */
    private static boolean hasVersions(KindName kind) {
        return !kind.equals(KindName.core("events"));
    }

    private void setWaypoints(ObjectIndex index) {
        try {
            journal.setWaypoints(index.view(), listed());
        } catch (RuntimeException e) {
            LOG.warn("no waypoint could be set; lists of the past are right without, but slower", e);
        }
    }

    private static Revision max(Revision a, Revision b) {
        return a.isAfter(b) ? a : b;
    }
}
