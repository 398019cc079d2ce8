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
import io.ruori.kind.Kind;
import io.ruori.schema.BuiltInSchemas;
import io.ruori.view.Horizon;
import io.ruori.view.ObjectIndex;
import io.ruori.view.OwnCommits;
import io.ruori.view.Revisions;
import io.ruori.view.Watches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContext;

/**
 * Brings one member up from its journal, in the order that safety asks for: a higher clock ceiling becomes durable before any
 * revision is issued, and the listener hears of commits before any write is accepted.
 */
public final class MemberStart {
    private static final Logger LOG = LoggerFactory.getLogger(MemberStart.class);
    private static final Duration CHECK_CEILING = Duration.ofSeconds(1);
    private static final Duration CHECK_WAYPOINTS = Duration.ofSeconds(2);

    private MemberStart() {}

    /** Blocks until the view is loaded, and with it every kind that a CustomResourceDefinition describes. */
    public static Member start(ActorSystem<?> system, Journal journal, MasterSettings settings, KindCatalog kinds) {
        CompletableFuture<Edits> edits = CompletableFuture.supplyAsync(() -> new Edits(BuiltInSchemas.load()));
        InstantSource time = InstantSource.system();
        Revision floor = max(journal.clockCeiling(), journal.newestRevision());
        Ceiling ceiling = Ceiling.NONE.raised(time.instant(), floor);
        journal.raiseClockCeiling(ceiling.value()).toCompletableFuture().join();
        Revisions revisions = Revisions.onSystemClock(0, floor, ceiling);
        // Threads of their own: whoever waits for the view must never wait for a busy dispatcher.
        Executor writer = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("ruori-view-", 0).factory());
        ObjectIndex index = new ObjectIndex(
                kinds.current(),
                Horizon.of(revisions),
                ObjectIndex.Settings.DEFAULT.withEventAge(settings.eventRetention()),
                writer,
                fault -> leave(system, "the view cannot go on", fault));
        load(journal, index, revisions, settings, time.instant());
        kinds.follow(index);
        Watches watches = Watches.of(index, Watches.Settings.DEFAULT, system.executionContext()::execute);
        kinds.onEnd(watches::end);
        revisions.onClosed(closed -> index.closedAdvanced());
        journal.setListener(listener(system, new OwnCommits(index, revisions), revisions));
        keepCeiling(system, journal, revisions);
        system.scheduler()
                .scheduleWithFixedDelay(
                        CHECK_CEILING, CHECK_CEILING, () -> index.trim(time.instant()), system.executionContext());
        keepWaypoints(system, journal, index, kinds);
        return new Member(kinds::current, edits.join(), revisions, index, watches, time);
    }

    private static void load(
            Journal journal, ObjectIndex index, Revisions revisions, MasterSettings settings, Instant now) {
        Revision since = Revision.upTo(now.minus(settings.eventRetention()));
        try (Stream<StoredObject> objects = journal.currentObjects();
                Stream<ObjectEvent> recent = journal.recentWithNotes(since)) {
            index.load(objects.toList(), recent.toList(), revisions.closed());
        }
    }

    private static CommitListener listener(ActorSystem<?> system, OwnCommits commits, Revisions revisions) {
        return new CommitListener() {
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
                leave(system, "the journal has stopped", why);
            }
        };
    }

    private static void keepCeiling(ActorSystem<?> system, Journal journal, Revisions revisions) {
        system.scheduler()
                .scheduleWithFixedDelay(
                        CHECK_CEILING,
                        CHECK_CEILING,
                        () -> {
                            Ceiling wanted = revisions.wantedCeiling();
                            journal.raiseClockCeiling(wanted.value()).whenComplete((durable, error) -> {
                                if (error == null) {
                                    revisions.raise(wanted);
                                }
                            });
                        },
                        system.executionContext());
    }

    /** On a thread of its own, as it waits for the disk; one at a time, so a slow disk does not pile them up. */
    private static void keepWaypoints(ActorSystem<?> system, Journal journal, ObjectIndex index, KindCatalog kinds) {
        Executor thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("ruori-waypoints").daemon().factory());
        system.scheduler()
                .scheduleWithFixedDelay(
                        CHECK_WAYPOINTS,
                        CHECK_WAYPOINTS,
                        () -> setWaypoints(journal, index, listed(kinds)),
                        ExecutionContext.fromExecutor(thread));
    }

    private static List<KindName> listed(KindCatalog kinds) {
        return kinds.current().all().stream()
                .map(Kind::name)
                .filter(MemberStart::hasVersions)
                .toList();
    }

    /** Kubernetes Events of the past are found by their age, and the view has some that the journal has not. */
    private static boolean hasVersions(KindName kind) {
        return !kind.equals(KindName.core("events"));
    }

    private static void setWaypoints(Journal journal, ObjectIndex index, List<KindName> kinds) {
        try {
            journal.setWaypoints(index.view(), kinds);
        } catch (RuntimeException e) {
            LOG.warn("no waypoint could be set; lists of the past are right without, but slower", e);
        }
    }

    /** A member that cannot trust its own memory must not go on answering from it. */
    private static void leave(ActorSystem<?> system, String what, Throwable why) {
        LOG.error("{}; this master stops", what, why);
        system.terminate();
    }

    private static Revision max(Revision a, Revision b) {
        return a.isAfter(b) ? a : b;
    }
}
