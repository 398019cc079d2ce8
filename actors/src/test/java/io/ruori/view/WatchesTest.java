package io.ruori.view;

import static io.ruori.view.TestObjects.KINDS;
import static io.ruori.view.TestObjects.POD;
import static io.ruori.view.TestObjects.PODS;
import static io.ruori.view.TestObjects.at;
import static io.ruori.view.TestObjects.created;
import static io.ruori.view.TestObjects.createdSaying;
import static io.ruori.view.TestObjects.deleted;
import static io.ruori.view.TestObjects.pod;
import static io.ruori.view.TestObjects.updated;
import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.selector.FieldSelector;
import io.ruori.core.selector.LabelSelector;
import io.ruori.core.selector.Selection;
import io.ruori.kind.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A watch is the difference between views: gapless, ordered, resumable anywhere, and it follows a selection's borders. */
class WatchesTest {
    private static final Watches.Settings ROOMY = Watches.Settings.DEFAULT;
    private static final Watches.Settings TIGHT = new Watches.Settings(Duration.ZERO, 4, 8, Long.MAX_VALUE);

    private final ObjectIndexTest.SettableHorizon horizon = new ObjectIndexTest.SettableHorizon();
    private final ObjectIndex index =
            new ObjectIndex(KINDS, horizon, ObjectIndex.Settings.DEFAULT, Runnable::run, fault -> {
                throw new AssertionError(fault);
            });

    private static Selection selection(String namespace, String labels, String fields) {
        return new Selection(
                namespace, LabelSelector.parse(labels), FieldSelector.parse(fields, POD.selectableFields()));
    }

    private static final List<Selection> SELECTIONS = List.of(
            Selection.ALL,
            Selection.of("ns1"),
            selection("", "app=a0", ""),
            selection("ns0", "app", "spec.nodeName=node1"),
            selection("", "!app", "spec.nodeName!=node1"),
            selection("", "", "metadata.name=p3"));

    private static WatchCursor from(Watches watches, Revision revision, Selection selection) {
        return ((Resume.From) watches.since(POD, revision, selection)).cursor();
    }

    private static List<WatchEvent> poll(WatchCursor cursor, int most) {
        return ((WatchCursor.Polled.Events) cursor.poll(most)).events();
    }

    private void commit(ObjectEvent event) {
        index.committed(List.of(event));
        horizon.closed = event.revision();
        index.closedAdvanced();
    }

    @Property(tries = 100)
    void aWatchTurnsTheViewItBeganWithIntoAnyLaterOne(@ForAll long seed) {
        Random random = new Random(seed);
        StoryOfPods story = StoryOfPods.random(random, 120);
        ObjectIndexTest.SettableHorizon moving = new ObjectIndexTest.SettableHorizon();
        ObjectIndex tested = new ObjectIndex(
                KINDS, moving, new ObjectIndex.Settings(Duration.ofHours(1), 9, 4), Runnable::run, f -> {});
        Watches watches = Watches.of(tested, ROOMY, Runnable::run);
        Map<Selection, WatchCursor> fromStart = new java.util.HashMap<>();
        Map<Selection, List<WatchEvent>> all = new java.util.HashMap<>();
        for (Selection selection : SELECTIONS) {
            fromStart.put(selection, from(watches, Revision.ZERO, selection));
            all.put(selection, new ArrayList<>());
        }
        for (ObjectEvent event : story.events()) {
            tested.committed(List.of(event));
            moving.closed = event.revision();
            if (random.nextInt(4) == 0) {
                tested.closedAdvanced();
                fromStart.forEach((selection, cursor) -> {
                    Revision before = cursor.bookmark();
                    List<WatchEvent> some = poll(cursor, 1 + random.nextInt(5));
                    assertThat(cursor.bookmark()).isGreaterThanOrEqualTo(before);
                    all.get(selection).addAll(some);
                });
            }
        }
        tested.closedAdvanced();
        fromStart.forEach((selection, cursor) -> {
            all.get(selection).addAll(poll(cursor, Integer.MAX_VALUE));
            assertThat(cursor.bookmark()).isEqualTo(story.end());
        });
        all.forEach((selection, events) -> {
            assertFollowsTheViews(story, selection, events);
            for (ObjectEvent event : story.events()) {
                Revision revision = at(event.revision().value() - random.nextInt(2));
                assertThat(poll(from(watches, revision, selection), Integer.MAX_VALUE))
                        .containsExactlyElementsOf(events.stream()
                                .filter(e -> e.revision().isAfter(revision))
                                .toList());
            }
        });
    }

    private static void assertFollowsTheViews(StoryOfPods story, Selection selection, List<WatchEvent> events) {
        TreeMap<ObjectKey, StoredObject> state = new TreeMap<>();
        Revision last = Revision.ZERO;
        for (WatchEvent event : events) {
            assertThat(event.revision()).isGreaterThan(last);
            last = event.revision();
            StoredObject object = event.object();
            assertThat(object.tree().path("metadata").path("resourceVersion").asText())
                    .isEqualTo(last.toString());
            switch (event.type()) {
                case ADDED -> assertThat(state.put(object.key(), object)).isNull();
                case MODIFIED -> assertThat(state.put(object.key(), object)).isNotNull();
                case DELETED -> {
                    StoredObject before = state.remove(object.key());
                    assertThat(before).isNotNull();
                    assertThat(object.labels()).isEqualTo(before.labels());
                    assertThat(object.fields()).isEqualTo(before.fields());
                }
            }
            assertThat(state.values())
                    .containsExactlyElementsOf(story.replay(last).values().stream()
                            .filter(selection::matches)
                            .toList());
        }
        assertThat(state.values())
                .containsExactlyElementsOf(story.replay(story.end()).values().stream()
                        .filter(selection::matches)
                        .toList());
    }

    @Test
    void leavingASelectionIsADeletionWithTheOldStateUnderTheNewRevision() {
        Watches watches = Watches.of(index, ROOMY, Runnable::run);
        WatchCursor cursor = from(watches, Revision.ZERO, selection("", "app=web", ""));
        commit(created(pod("ns", "a", at(5), Map.of("app", "web"), "n1", "")));
        commit(updated(pod("ns", "a", at(6), Map.of("app", "other"), "n2", "")));
        commit(updated(pod("ns", "a", at(7), Map.of("app", "web"), "n3", "")));
        List<WatchEvent> events = poll(cursor, 10);
        assertThat(events).extracting(e -> e.type().name()).containsExactly("ADDED", "DELETED", "ADDED");
        StoredObject left = events.get(1).object();
        assertThat(left.revision()).isEqualTo(at(6));
        assertThat(left.field("spec.nodeName")).isEqualTo("n1");
        assertThat(Json.text(left.tree(), "metadata", "labels", "app")).isEqualTo("web");
        assertThat(Json.text(left.tree(), "metadata", "resourceVersion")).isEqualTo("6");
    }

    @Test
    void watchersShareEventsAndTheirEncodings() {
        Watches watches = Watches.of(index, ROOMY, Runnable::run);
        WatchCursor one = from(watches, Revision.ZERO, Selection.ALL);
        WatchCursor other = from(watches, Revision.ZERO, Selection.of("ns"));
        StoredObject pod = pod("ns", "a", at(5));
        commit(created(pod));
        WatchEvent event = poll(one, 10).getFirst();
        assertThat(poll(other, 10).getFirst()).isSameAs(event);
        assertThat(event.line()).isSameAs(event.line());
        assertThat(new String(event.line(), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"ADDED\",\"object\":" + new String(pod.json(), StandardCharsets.UTF_8) + "}\n");
        byte[] rows = event.encoded("table", e -> new byte[] {1});
        assertThat(event.encoded("table", e -> new byte[] {2})).isSameAs(rows);
        assertThat(event.line()).isNotSameAs(rows);
    }

    @Test
    void aWatchOlderThanTheWindowIsToldWhereItBegins() {
        Watches watches = Watches.of(index, TIGHT, Runnable::run);
        for (int i = 1; i <= 20; i++) {
            commit(created(pod("ns", "p" + i, at(i))));
        }
        assertThat(watches.since(POD, at(11), Selection.ALL)).isEqualTo(new Resume.TooOld(at(12)));
        assertThat(poll(from(watches, at(16), Selection.ALL), 10)).hasSize(4);
        assertThat(poll(from(watches, at(99), Selection.ALL), 10)).isEmpty();
    }

    @Test
    void changesStayForTheirAgeUnlessThereAreTooManyOrTheyWeighTooMuch() {
        Instant start = Instant.parse("2026-03-01T10:00:00Z");
        List<Change> changes = new ArrayList<>();
        for (int second = 0; second < 100; second++) {
            StoredObject pod = pod(
                    "ns", "p" + second, Revision.of(start.plusSeconds(second).toEpochMilli(), 0, 1));
            changes.add(new Change(pod.key(), pod.revision(), null, pod, null));
        }
        Instant end = start.plusSeconds(100);
        assertThat(sizeAfter(changes, end, new WatchWindow.Limits(Duration.ofSeconds(75), 10, 1000, 1 << 20)))
                .isEqualTo(75);
        assertThat(sizeAfter(changes, end, new WatchWindow.Limits(Duration.ofSeconds(75), 90, 1000, 1 << 20)))
                .isEqualTo(90);
        assertThat(sizeAfter(changes, end, new WatchWindow.Limits(Duration.ofSeconds(75), 10, 33, 1 << 20)))
                .isEqualTo(33);
        assertThat(sizeAfter(changes, end, new WatchWindow.Limits(Duration.ofSeconds(75), 10, 1000, 4096)))
                .isLessThan(20)
                .isPositive();
    }

    private static int sizeAfter(List<Change> changes, Instant now, WatchWindow.Limits limits) {
        WatchWindow window = new WatchWindow(limits, Revision.ZERO);
        changes.forEach(change -> window.append(List.of(change), now));
        return window.size();
    }

    @Test
    void aWatchDoesNotSeeWhatCameBeforeItsStartEvenIfItStartsAhead() {
        Watches watches = Watches.of(index, ROOMY, Runnable::run);
        WatchCursor ahead = from(watches, at(10), Selection.ALL);
        commit(created(pod("ns", "a", at(9))));
        commit(created(pod("ns", "b", at(10))));
        commit(created(pod("ns", "c", at(11))));
        assertThat(poll(ahead, 10)).extracting(e -> e.object().key().name()).containsExactly("c");
    }

    @Test
    void theWindowBeginsWhereTheIndexWasLoaded() {
        index.load(List.of(pod("ns", "a", at(5))), List.of(), at(8));
        Watches watches = Watches.of(index, ROOMY, Runnable::run);
        assertThat(watches.since(POD, at(7), Selection.ALL)).isEqualTo(new Resume.TooOld(at(8)));
        WatchCursor cursor = from(watches, at(8), Selection.ALL);
        commit(deleted(pod("ns", "a", at(9))));
        assertThat(poll(cursor, 10)).extracting(e -> e.type().name()).containsExactly("DELETED");
    }

    @Test
    void aSlowWatcherIsCutOff() {
        Watches watches = Watches.of(index, TIGHT, Runnable::run);
        WatchCursor slow = from(watches, Revision.ZERO, Selection.ALL);
        for (int i = 1; i <= 20; i++) {
            commit(created(pod("ns", "p" + i, at(i))));
        }
        assertThat(slow.poll(10)).isEqualTo(new WatchCursor.Polled.CutOff(at(12)));
        AtomicInteger woken = new AtomicInteger();
        slow.onReady(woken::incrementAndGet);
        assertThat(woken).hasValue(1);
    }

    @Test
    void aParkedWatcherIsWokenOnceAndOnlyByWhatConcernsIt() {
        Watches watches = Watches.of(index, ROOMY, Runnable::run);
        WatchCursor cursor = from(watches, Revision.ZERO, Selection.of("ns1"));
        AtomicInteger woken = new AtomicInteger();
        cursor.onReady(woken::incrementAndGet);
        commit(created(pod("ns0", "a", at(5))));
        assertThat(woken).hasValue(0);
        assertThat(cursor.bookmark()).isEqualTo(at(5));
        commit(created(pod("ns1", "a", at(6))));
        commit(created(pod("ns1", "b", at(7))));
        assertThat(woken).hasValue(1);
        assertThat(cursor.bookmark()).isEqualTo(at(5));
        assertThat(poll(cursor, 1)).hasSize(1);
        cursor.onReady(woken::incrementAndGet);
        assertThat(woken).hasValue(2);
        assertThat(poll(cursor, 10)).hasSize(1);
        cursor.onReady(woken::incrementAndGet);
        cursor.close();
        commit(created(pod("ns1", "c", at(8))));
        assertThat(woken).hasValue(2);
    }

    /** What is told ahead of a view ends watches after that view, and only those of editions before. */
    @Test
    void anEarlierEditionEndsWithAllUpToThen() {
        AtomicReference<Watches> watches = new AtomicReference<>();
        index.subscribeAhead(Set.of(PODS), (view, changes) -> {
            if (view.revision().equals(at(6))) {
                watches.get().end(PODS, new Revision(POD.edition().value() + 1));
            }
        });
        watches.set(Watches.of(index, ROOMY, Runnable::run));
        WatchCursor cursor = from(watches.get(), Revision.ZERO, Selection.ALL);
        List<WatchCursor.Polled> polled = new ArrayList<>();
        commit(created(pod("ns", "a", at(5))));
        assertThat(poll(cursor, 10)).hasSize(1);
        cursor.onReady(() -> polled.add(cursor.poll(10)));
        commit(created(pod("ns", "b", at(6))));
        assertThat(polled).hasSize(1);
        assertThat(((WatchCursor.Polled.Events) polled.getFirst()).events()).hasSize(1);
        assertThat(cursor.poll(10)).isEqualTo(new WatchCursor.Polled.Ended());
        // It began after the end, with the kind as it was before.
        assertThat(from(watches.get(), at(6), Selection.ALL).poll(10)).isEqualTo(new WatchCursor.Polled.Ended());
        Kind later = Kind.of("", "v1", "Pod", "pods", "io.k8s.api.core.v1.Pod")
                .completing(new Revision(POD.edition().value() + 1), tree -> tree)
                .build();
        Resume resumed = watches.get().since(later, at(6), Selection.ALL);
        assertThat(poll(((Resume.From) resumed).cursor(), 10)).isEmpty();
    }

    @Test
    void aBookmarkNeverSplitsChangesOfOneRevision() {
        Watches watches = Watches.of(index, ROOMY, Runnable::run);
        WatchCursor cursor = ((Resume.From) watches.since(TestObjects.EVENT, Revision.ZERO, Selection.ALL)).cursor();
        commit(createdSaying(pod("ns", "a", at(50)), "One", "Two"));
        assertThat(poll(cursor, 1)).hasSize(1);
        assertThat(cursor.bookmark()).isEqualTo(at(49));
        assertThat(poll(cursor, 1)).hasSize(1);
        assertThat(cursor.bookmark()).isEqualTo(at(50));
    }

    @Test
    void manyWatchersOnManyThreadsAllGetTheSameWhileItIsWritten() throws Exception {
        Revisions revisions = Revisions.onSystemClock(
                1, Revision.ZERO, new io.ruori.core.clock.Ceiling(new Revision(Long.MAX_VALUE)));
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            ObjectIndex live = new ObjectIndex(
                    KINDS, Horizon.of(revisions), ObjectIndex.Settings.DEFAULT, pool, Throwable::printStackTrace);
            revisions.onClosed(closed -> live.closedAdvanced());
            Watches watches = Watches.of(live, ROOMY, pool);
            CommitFeed commits = new OwnCommits(live, revisions);
            int writers = 4;
            int each = 1_000;
            List<CompletableFuture<List<WatchEvent>>> watchers = new ArrayList<>();
            for (int w = 0; w < 30; w++) {
                watchers.add(collect(from(watches, Revision.ZERO, Selection.ALL), writers * each));
            }
            List<CompletableFuture<Void>> writing = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                String namespace = "ns" + w;
                writing.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < each; i++) {
                                StoredObject pod = pod(namespace, "p" + i, revisions.issue(Revision.ZERO));
                                commits.committed(List.of(created(pod)));
                            }
                        },
                        pool));
            }
            for (CompletableFuture<Void> done : writing) {
                done.get(60, TimeUnit.SECONDS);
            }
            View view = live.consistent(Duration.ofSeconds(30))
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            assertThat(view.count(PODS, "")).isEqualTo(writers * each);
            List<WatchEvent> first = watchers.getFirst().get(60, TimeUnit.SECONDS);
            assertThat(first).isSortedAccordingTo(java.util.Comparator.comparing(WatchEvent::revision));
            for (CompletableFuture<List<WatchEvent>> watcher : watchers) {
                assertThat(watcher.get(60, TimeUnit.SECONDS)).isEqualTo(first);
            }
        }
    }

    private static CompletableFuture<List<WatchEvent>> collect(WatchCursor cursor, int wanted) {
        CompletableFuture<List<WatchEvent>> all = new CompletableFuture<>();
        List<WatchEvent> events = new ArrayList<>();
        cursor.onReady(new Runnable() {
            @Override
            public void run() {
                switch (cursor.poll(64)) {
                    case WatchCursor.Polled.Events some -> {
                        events.addAll(some.events());
                        if (events.size() >= wanted) {
                            all.complete(events);
                        } else {
                            cursor.onReady(this);
                        }
                    }
                    case WatchCursor.Polled.CutOff cut -> all.completeExceptionally(new AssertionError(cut));
                    case WatchCursor.Polled.Ended end -> all.completeExceptionally(new AssertionError(end));
                }
            }
        });
        return all;
    }
}
