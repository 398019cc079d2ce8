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
import io.ruori.entity.Share;
import io.ruori.kind.Kind;
import io.ruori.members.SessionEnded;
import io.ruori.members.SharedJournal;
import io.ruori.schema.BuiltInSchemas;
import io.ruori.view.Horizon;
import io.ruori.view.ObjectIndex;
import io.ruori.view.OwnCommits;
import io.ruori.view.Revisions;
import io.ruori.view.Watches;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContext;

/**
 * Brings one member up from its journal, in the order that safety asks for: a higher clock ceiling becomes durable before any
 * revision is issued, and the listener hears of commits before any write is accepted.
 */
public class MemberStart {
    private static final Logger LOG = LoggerFactory.getLogger(MemberStart.class);
    private static final Duration CHECK_CEILING = Duration.ofSeconds(1);
    private static final Duration CHECK_WAYPOINTS = Duration.ofSeconds(2);

    final ActorSystem<?> system;
    final MasterSettings settings;
    final InstantSource time = InstantSource.system();
    private final Journal journal;
    private final KindCatalog kinds;
    private final CompletableFuture<Edits> edits =
            CompletableFuture.supplyAsync(() -> new Edits(BuiltInSchemas.load()));

    MemberStart(ActorSystem<?> system, Journal journal, MasterSettings settings, KindCatalog kinds) {
        this.system = system;
        this.journal = journal;
        this.settings = settings;
        this.kinds = kinds;
    }

    /**
     * Blocks until the view is loaded, and with it every kind that a CustomResourceDefinition describes; of a journal that
     * members share, until all of them count this one.
     */
    public static Member start(ActorSystem<?> system, Journal journal, MasterSettings settings, KindCatalog kinds) {
        return journal instanceof SharedJournal shared
                ? new SharedStart(system, shared, settings, kinds).start()
                : new MemberStart(system, journal, settings, kinds).alone();
    }

    /** The journal's only member. */
    private Member alone() {
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        Revision floor = max(journal.clockCeiling(), journal.newestRevision());
        Revisions revisions = revisions(0, floor);
        ObjectIndex index = index(Horizon.of(revisions));
        Revision since = Revision.upTo(time.instant().minus(settings.eventRetention()));
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
                leave("the journal has stopped", why);
            }
        });
        return member(revisions, index, Share.ALL);
    }

    /** A clock above {@code floor}, under a ceiling that is durable and is kept ahead of it from now on. */
    Revisions revisions(int slot, Revision floor) {
        Ceiling ceiling = Ceiling.NONE.raised(time.instant(), floor);
        journal.raiseClockCeiling(ceiling.value()).toCompletableFuture().join();
        Revisions revisions = Revisions.onSystemClock(slot, floor, ceiling);
        keepCeiling(revisions);
        return revisions;
    }

    ObjectIndex index(Horizon horizon) {
        // Threads of their own: whoever waits for the view must never wait for a busy dispatcher.
        Executor writer = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ruori-view-", 0).factory());
        return new ObjectIndex(
                kinds.current(),
                horizon,
                ObjectIndex.Settings.DEFAULT.withEventAge(settings.eventRetention()),
                writer,
                fault -> leave("the view cannot go on", fault));
    }

    /** What goes on as long as a member lives, over a view that is loaded. */
    Member member(Revisions revisions, ObjectIndex index, Share share) {
        kinds.follow(index);
        Watches watches = Watches.of(index, Watches.Settings.DEFAULT, system.executionContext()::execute);
        kinds.onEnd(watches::end);
        every(CHECK_CEILING, () -> index.trim(time.instant()), system.executionContext());
        keepWaypoints(index);
        return new Member(kinds::current, edits.join(), revisions, index, watches, time, share);
    }

    private void keepCeiling(Revisions revisions) {
        every(
                CHECK_CEILING,
                () -> {
                    Ceiling wanted = revisions.wantedCeiling();
                    journal.raiseClockCeiling(wanted.value()).whenComplete((durable, error) -> {
                        if (error == null) {
                            revisions.raise(wanted);
                        } else if (error instanceof SessionEnded || error.getCause() instanceof SessionEnded) {
                            leave("this member does not count any longer", error);
                        }
                    });
                },
                system.executionContext());
    }

    void every(Duration pause, Runnable task, ExecutionContext thread) {
        system.scheduler().scheduleWithFixedDelay(pause, pause, task, thread);
    }

    /** On a thread of its own, as it waits for the disk; one at a time, so a slow disk does not pile them up. */
    private void keepWaypoints(ObjectIndex index) {
        Executor thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("ruori-waypoints").daemon().factory());
        every(CHECK_WAYPOINTS, () -> setWaypoints(index), ExecutionContext.fromExecutor(thread));
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

    /** A member that cannot trust its own memory must not go on answering from it. */
    void leave(String what, Throwable why) {
        LOG.error("{}; this master stops", what, why);
        system.terminate();
    }

    private static Revision max(Revision a, Revision b) {
        return a.isAfter(b) ? a : b;
    }
}
