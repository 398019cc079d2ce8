package io.ruori.view;

import static io.ruori.view.TestObjects.KINDS;
import static io.ruori.view.TestObjects.NODES;
import static io.ruori.view.TestObjects.POD;
import static io.ruori.view.TestObjects.PODS;
import static io.ruori.view.TestObjects.at;
import static io.ruori.view.TestObjects.created;
import static io.ruori.view.TestObjects.createdSaying;
import static io.ruori.view.TestObjects.deleted;
import static io.ruori.view.TestObjects.pod;
import static io.ruori.view.TestObjects.podKey;
import static io.ruori.view.TestObjects.updated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The index equals a replay of the journal up to the closed revision, whatever order commits come in. */
class ObjectIndexTest {
    private static final ObjectIndex.Settings SMALL = new ObjectIndex.Settings(Duration.ofHours(1), 5, 3);

    private final SettableHorizon horizon = new SettableHorizon();
    private final List<Throwable> faults = new ArrayList<>();
    private final ObjectIndex index = index(SMALL);

    private ObjectIndex index(ObjectIndex.Settings settings) {
        return new ObjectIndex(KINDS, horizon, settings, Runnable::run, faults::add);
    }

    /** A horizon that tests move. */
    static final class SettableHorizon implements Horizon {
        @Nullable
        CompletableFuture<Revision> answer;

        volatile Revision closed = Revision.ZERO;
        volatile Revision written = Revision.ZERO;

        @Override
        public Revision closed() {
            return closed;
        }

        @Override
        public CompletionStage<Revision> lastWritten() {
            return answer == null ? CompletableFuture.completedFuture(written) : answer;
        }
    }

    private void closeAt(long revision) {
        horizon.closed = at(revision);
        index.closedAdvanced();
    }

    @Property(tries = 150)
    void theIndexEqualsAReplayInWhateverOrderEventsAreFed(@ForAll long seed) {
        Random random = new Random(seed);
        StoryOfPods story = StoryOfPods.random(random, 1 + random.nextInt(150));
        SettableHorizon moving = new SettableHorizon();
        ObjectIndex tested = new ObjectIndex(KINDS, moving, SMALL, Runnable::run, faults::add);
        List<View> views = new ArrayList<>();
        List<Change> heard = new ArrayList<>();
        tested.subscribe((view, changes) -> {
            views.add(view);
            heard.addAll(changes);
        });
        List<ObjectEvent> shuffled = new ArrayList<>(story.events());
        Collections.shuffle(shuffled, random);
        for (int i = 0; i < shuffled.size(); i++) {
            tested.committed(List.of(shuffled.get(i)));
            Revision closed = firstMissing(story, shuffled.subList(i + 1, shuffled.size()));
            moving.closed = closed;
            if (random.nextInt(3) == 0) {
                tested.closedAdvanced();
                assertEqualsReplay(tested.view(), story.replay(closed));
            }
        }
        moving.closed = at(story.end().value() + 7);
        tested.closedAdvanced();
        assertThat(faults).isEmpty();
        assertThat(tested.view().revision()).isEqualTo(moving.closed);
        assertEqualsReplay(tested.view(), story.replay(story.end()));
        for (View view : views) {
            assertEqualsReplay(view, story.replay(view.revision()));
        }
        assertThat(heard).extracting(Change::event).containsExactlyElementsOf(story.events());
        for (Change change : heard) {
            assertThat(change.before())
                    .isEqualTo(story.replay(at(change.revision().value() - 1)).get(change.key()));
            assertThat(change.after()).isEqualTo(story.replay(change.revision()).get(change.key()));
        }
    }

    /** Just below the smallest revision that was not fed yet. */
    private static Revision firstMissing(StoryOfPods story, List<ObjectEvent> missing) {
        long first = missing.stream()
                .mapToLong(e -> e.revision().value())
                .min()
                .orElse(story.end().value() + 1);
        return at(first - 1);
    }

    private static void assertEqualsReplay(View view, TreeMap<ObjectKey, StoredObject> expected) {
        assertThat(view.list(PODS)).containsExactlyElementsOf(expected.values());
        assertThat(view.count(PODS, "")).isEqualTo(expected.size());
        for (String namespace : List.of("ns0", "ns1", "ns2", "ns")) {
            List<StoredObject> inNamespace =
                    where(expected, o -> o.key().namespace().equals(namespace));
            assertThat(view.list(PODS, namespace)).containsExactlyElementsOf(inNamespace);
            assertThat(view.count(PODS, namespace)).isEqualTo(inNamespace.size());
            ObjectKey middle = podKey(namespace, "p3");
            assertThat(view.listAfter(PODS, namespace, middle))
                    .containsExactlyElementsOf(where(
                            expected,
                            o -> o.key().namespace().equals(namespace)
                                    && o.key().compareTo(middle) > 0));
        }
        for (String owner : List.of("rs0", "rs1", "rs2", "other")) {
            assertThat(view.ownedBy(PODS, new Uid(owner)))
                    .containsExactlyElementsOf(where(expected, o -> o.isControlledBy(new Uid(owner))));
        }
        for (String node : List.of("node0", "node1", "node2", "", "node")) {
            assertThat(view.byField(PODS, "spec.nodeName", node))
                    .containsExactlyElementsOf(
                            where(expected, o -> o.field("spec.nodeName").equals(node)));
        }
        assertThat(view.byField(PODS, "status.phase", "")).containsExactlyElementsOf(expected.values());
        expected.forEach((key, object) -> assertThat(view.get(key)).isSameAs(object));
    }

    private static List<StoredObject> where(Map<ObjectKey, StoredObject> all, Predicate<StoredObject> keep) {
        return all.values().stream().filter(keep).toList();
    }

    @Test
    void aViewKeptStaysAsItWas() {
        index.committed(List.of(created(pod("ns", "a", at(5)))));
        closeAt(10);
        View before = index.view();
        index.committed(List.of(deleted(pod("ns", "a", at(15)))));
        closeAt(20);
        assertThat(before.get(podKey("ns", "a"))).isNotNull();
        assertThat(before.revision()).isEqualTo(at(10));
        assertThat(index.view().get(podKey("ns", "a"))).isNull();
        assertThat(index.view().list(NODES)).isEmpty();
    }

    @Test
    void listenersHearOnlyOfTheirKindsAndUntilTheyCancel() {
        List<Change> pods = new ArrayList<>();
        List<Change> nodes = new ArrayList<>();
        Subscription subscription = index.subscribe(Set.of(PODS), (view, changes) -> pods.addAll(changes));
        index.subscribe(Set.of(NODES), (view, changes) -> nodes.addAll(changes));
        index.committed(List.of(created(pod("ns", "a", at(5)))));
        closeAt(10);
        subscription.cancel();
        index.committed(List.of(created(pod("ns", "b", at(15)))));
        closeAt(20);
        assertThat(pods).extracting(Change::key).containsExactly(podKey("ns", "a"));
        assertThat(nodes).isEmpty();
    }

    @Test
    void aThrowingListenerIsReportedAndDoesNotStopTheIndex() {
        index.subscribe((view, changes) -> {
            throw new IllegalStateException("listener");
        });
        index.committed(List.of(created(pod("ns", "a", at(5)))));
        closeAt(10);
        assertThat(faults).hasSize(1);
        assertThat(index.fault()).isNull();
        assertThat(index.view().revision()).isEqualTo(at(10));
    }

    @Test
    void anEventThatCannotBeAppliedStopsTheIndexAndFailsWhoeverWaits() {
        CompletableFuture<View> waiting =
                index.atLeast(at(30), Duration.ofMinutes(1)).toCompletableFuture();
        index.committed(List.of(updated(pod("ns", "never-created", at(5)))));
        closeAt(40);
        assertThat(index.fault()).hasMessageContaining("never-created");
        assertThat(faults).hasSize(1);
        assertThat(waiting).isCompletedExceptionally();
        assertThat(index.atLeast(at(30), Duration.ofMinutes(1)).toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(index.view().revision()).isEqualTo(Revision.ZERO);
    }

    @Test
    void anEventAtOrBelowWhatWasCalledClosedIsAFault() {
        closeAt(10);
        index.committed(List.of(created(pod("ns", "late", at(9)))));
        closeAt(20);
        assertThat(index.fault()).hasMessageContaining("late");
    }

    @Test
    void whoeverAsksForARevisionWaitsForIt() {
        assertThat(index.atLeast(Revision.ZERO, Duration.ZERO).toCompletableFuture())
                .isCompleted();
        CompletableFuture<View> waiting =
                index.atLeast(at(10), Duration.ofMinutes(1)).toCompletableFuture();
        closeAt(9);
        assertThat(waiting).isNotDone();
        closeAt(11);
        assertThat(waiting.join().revision()).isEqualTo(at(11));
    }

    @Test
    void aRevisionThatDoesNotComeInTimeFailsWithBothRevisions() {
        closeAt(5);
        CompletableFuture<View> waiting =
                index.atLeast(at(10), Duration.ofMillis(20)).toCompletableFuture();
        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RevisionAhead.class)
                .cause()
                .extracting(e -> ((RevisionAhead) e).asked(), e -> ((RevisionAhead) e).current())
                .containsExactly(at(10), at(5));
    }

    @Test
    void waitersAreServedAlsoWhenTheClosedRevisionMovesWithoutASign() throws Exception {
        CompletableFuture<View> waiting =
                index.atLeast(at(10), Duration.ofMinutes(1)).toCompletableFuture();
        horizon.closed = at(12);
        assertThat(waiting.get(10, TimeUnit.SECONDS).revision()).isEqualTo(at(12));
    }

    @Test
    void aConsistentViewIsNotWaitedForLongerThanTheLimit() {
        horizon.answer = new CompletableFuture<>();
        CompletableFuture<View> view = index.consistent(Duration.ofMillis(20)).toCompletableFuture();
        assertThatThrownBy(() -> view.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(RevisionAhead.class);
        CompletableFuture<View> next = index.consistent(Duration.ofMinutes(1)).toCompletableFuture();
        horizon.answer.complete(at(5));
        assertThat(next).isNotDone();
        closeAt(6);
        assertThat(next.join().revision()).isEqualTo(at(6));
    }

    @Test
    void aConsistentViewShowsWhatWasWrittenBefore() {
        index.committed(List.of(created(pod("ns", "a", at(5)))));
        horizon.written = at(5);
        CompletableFuture<View> view = index.consistent(Duration.ofMinutes(1)).toCompletableFuture();
        assertThat(view).isNotDone();
        closeAt(6);
        assertThat(view.join().get(podKey("ns", "a"))).isNotNull();
    }

    @Test
    void notesAreEventsOfTheSameRevision() {
        Revision revision =
                Revision.of(Instant.parse("2026-03-01T10:00:00.500Z").toEpochMilli(), 0, 1);
        List<Change> heard = new ArrayList<>();
        index.subscribe(Set.of(EventProjection.EVENTS), (view, changes) -> heard.addAll(changes));
        index.committed(List.of(createdSaying(pod("ns", "web", revision), "Scheduled", "Pulled")));
        closeAt(revision.value());
        List<StoredObject> events = new ArrayList<>();
        index.view().list(EventProjection.EVENTS, "ns").forEach(events::add);
        assertThat(events).hasSize(2).allMatch(e -> e.revision().equals(revision));
        assertThat(events).extracting(StoredObject::uid).doesNotHaveDuplicates();
        assertThat(heard).hasSize(2).allMatch(change -> change.event() == null && change.before() == null);
        ObjectNode first = events.getFirst().tree();
        String name = "web." + Long.toHexString(revision.value()) + "00";
        assertThat(first.path("metadata").path("uid").asText()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        ((ObjectNode) first.path("metadata")).remove("uid");
        assertThat(first).isEqualTo(Json.read("""
            {"kind":"Event","apiVersion":"v1","metadata":{"name":"%s","namespace":"ns",
            "creationTimestamp":"2026-03-01T10:00:00Z","resourceVersion":"%s"},
            "involvedObject":{"kind":"Pod","namespace":"ns","name":"web","uid":"uid-web",
            "apiVersion":"v1","resourceVersion":"%s"},"reason":"Scheduled","message":"Said Scheduled",
            "source":{"component":"tester"},"firstTimestamp":"2026-03-01T10:00:00Z",
            "lastTimestamp":"2026-03-01T10:00:00Z","count":1,"type":"Normal","eventTime":null,
            "reportingComponent":"tester","reportingInstance":""}
            """.formatted(name, revision, revision)));
        StoredObject readBack =
                KINDS.get(EventProjection.EVENTS).load(events.getFirst().json());
        assertThat(events.getFirst().field("involvedObject.name")).isEqualTo("web");
        assertThat(events.getFirst().field("involvedObject.fieldPath")).isEmpty();
        assertThat(events.getFirst().field("message")).isEmpty();
        assertThat(events.getFirst().fields()).isEqualTo(readBack.fields());
        assertThat(readBack.key()).isEqualTo(events.getFirst().key());
        assertThat(readBack.uid()).isEqualTo(events.getFirst().uid());
    }

    @Test
    void eventsLeaveTheViewWhenTheyAreTooOldOrTooMany() {
        Instant start = Instant.parse("2026-03-01T10:00:00Z");
        for (int i = 0; i < 4; i++) {
            Revision revision = Revision.of(start.plusSeconds(60L * i).toEpochMilli(), 0, 1);
            index.committed(List.of(createdSaying(pod("ns", "p" + i, revision), "Told")));
        }
        List<Change> heard = new ArrayList<>();
        index.subscribe(Set.of(EventProjection.EVENTS), (view, changes) -> heard.addAll(changes));
        closeAt(Revision.upTo(start.plusSeconds(3600)).value());
        assertThat(index.view().count(EventProjection.EVENTS, "ns")).isEqualTo(4);
        heard.clear();
        horizon.closed = Revision.upTo(start.plusSeconds(3700));
        index.trim(start.plusSeconds(3661));
        assertThat(index.view().count(EventProjection.EVENTS, "ns")).isEqualTo(2);
        assertThat(heard)
                .hasSize(2)
                .allMatch(c -> c.after() == null && c.revision().equals(horizon.closed));
        for (int i = 0; i < 6; i++) {
            Revision revision = Revision.of(start.plusSeconds(3800 + i).toEpochMilli(), 0, 1);
            index.committed(List.of(createdSaying(pod("ns", "more" + i, revision), "Told")));
        }
        closeAt(Revision.upTo(start.plusSeconds(4000)).value());
        assertThat(index.view().count(EventProjection.EVENTS, "ns")).isEqualTo(5);
        assertThat(index.view().count(PODS, "ns")).isEqualTo(10);
    }

    @Test
    void loadingGivesTheSameViewAsHavingBeenThere() {
        StoryOfPods story = StoryOfPods.random(new Random(3), 100);
        Revision closed = at(story.end().value() + 1);
        ObjectIndex loaded = index(SMALL);
        ObjectEvent recent = createdSaying(pod("ns0", "p0", at(story.end().value())), "Told");
        loaded.load(story.replay(story.end()).values(), List.of(recent), closed);
        assertEqualsReplay(loaded.view(), story.replay(story.end()));
        assertThat(loaded.view().revision()).isEqualTo(closed);
        assertThat(loaded.view().count(EventProjection.EVENTS, "")).isEqualTo(1);
    }

    @Test
    void replacedKindsBringTheirIndexes() {
        index.committed(List.of(created(pod("ns", "a", at(5), Map.of(), "n1", ""))));
        closeAt(10);
        Kind bare = Kind.of("", "v1", "Pod", "pods", POD.schemaName()).build();
        index.kinds(new KindRegistry(List.of(bare)));
        closeAt(20);
        assertThat(index.view().byField(PODS, "spec.nodeName", "n1")).hasSize(1);
        index.kinds(KINDS);
        closeAt(30);
        assertThat(index.view().byField(PODS, "spec.nodeName", "n1")).hasSize(1);
    }
}
