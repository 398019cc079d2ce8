package io.ruori.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.scheduling.NodeReservations.Answer;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import io.ruori.view.Horizon;
import io.ruori.view.ObjectIndex;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A node is not filled twice by schedulers that do not see each other's choices. */
class NodeReservationsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final KindRegistry KINDS = new KindRegistry(Kinds.all("", List.of()));

    private final StoredObject node = node(2);
    private final NodeReservations reservations = new NodeReservations(Instant.MIN);

    @Test
    void whatWasPromisedIsTaken() {
        View view = view(NOW);
        assertThat(ask(pod("a", ""), view, NOW)).isInstanceOf(Answer.Granted.class);
        assertThat(ask(pod("b", ""), view, NOW)).isInstanceOf(Answer.Granted.class);
        assertThat(ask(pod("c", ""), view, NOW)).isEqualTo(new Answer.Refused("Too many pods"));
    }

    @Test
    void whoAsksAgainIsGivenTheSame() {
        View view = view(NOW);
        ask(pod("a", ""), view, NOW);
        ask(pod("a", ""), view, NOW);
        assertThat(ask(pod("b", ""), view, NOW)).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void whatIsBoundCountsOnce() {
        ask(pod("a", ""), view(NOW), NOW);
        View bound = view(NOW.plusSeconds(1), pod("a", "node-1"));
        assertThat(ask(pod("b", ""), bound, NOW)).isInstanceOf(Answer.Granted.class);
        assertThat(ask(pod("c", ""), bound, NOW)).isInstanceOf(Answer.Refused.class);
    }

    @Test
    void aPromiseEndsWhenTheViewIsPastAllThatCouldKeepIt() {
        View behind = view(NOW);
        ask(pod("a", ""), behind, NOW);
        ask(pod("b", ""), behind, NOW);
        Instant later = NOW.plusSeconds(60);
        assertThat(ask(pod("c", ""), behind, later)).isInstanceOf(Answer.Refused.class);
        assertThat(ask(pod("c", ""), view(later), later)).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void whoTakesOverWaitsForThePromisesOfTheOneBefore() {
        NodeReservations next = NodeReservations.after(NOW);
        StoredObject pod = pod("a", "");
        Instant over = NOW.plusSeconds(8);
        assertThat(next.reserve(node, pod, view(over), NOW.plusSeconds(7), at(over)))
                .isInstanceOf(Answer.Refused.class);
        assertThat(next.reserve(node, pod, view(over), over, at(over))).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void aViewThatIsAheadOfTheTimeOfDayDoesNotEndAnything() {
        NodeReservations next = NodeReservations.after(NOW);
        StoredObject pod = pod("a", "");
        Instant ahead = NOW.plusSeconds(20);
        assertThat(next.reserve(node, pod, view(ahead), NOW, at(ahead))).isInstanceOf(Answer.Refused.class);
        // Now it is late enough, but what was accepted until now may be ahead of this view.
        Instant over = NOW.plusSeconds(8);
        assertThat(next.reserve(node, pod, view(ahead), over, at(ahead.plusSeconds(1))))
                .isInstanceOf(Answer.Refused.class);
        assertThat(next.reserve(node, pod, view(ahead.plusSeconds(1)), over, at(ahead.plusSeconds(2))))
                .isInstanceOf(Answer.Granted.class);
    }

    private Answer ask(StoredObject pod, View view, Instant now) {
        return reservations.reserve(node, pod, view, now, at(now));
    }

    private static Revision at(Instant instant) {
        return Revision.upTo(instant);
    }

    private static StoredObject node(int pods) {
        ObjectNode tree = Json.object().put("kind", "Node").put("apiVersion", "v1");
        tree.putObject("metadata").put("name", "node-1").put("uid", "node-1");
        tree.putObject("status")
                .putObject("allocatable")
                .put("pods", Integer.toString(pods))
                .put("cpu", "4")
                .put("memory", "8Gi");
        return KINDS.get(KindName.core("nodes")).store(tree, new Revision(1));
    }

    private static StoredObject pod(String name, String boundTo) {
        ObjectNode tree = Json.object().put("kind", "Pod").put("apiVersion", "v1");
        tree.putObject("metadata").put("name", name).put("namespace", "default").put("uid", name);
        ObjectNode spec = tree.putObject("spec");
        spec.putArray("containers").addObject().put("name", "main");
        if (!boundTo.isEmpty()) {
            spec.put("nodeName", boundTo);
        }
        return KINDS.get(KindName.core("pods")).store(tree, new Revision(2));
    }

    private static View view(Instant at, StoredObject... pods) {
        Horizon horizon = new Horizon() {
            @Override
            public Revision closed() {
                return Revision.upTo(at);
            }

            @Override
            public CompletionStage<Revision> lastWritten() {
                return CompletableFuture.completedFuture(closed());
            }
        };
        ObjectIndex index = new ObjectIndex(
                KINDS,
                horizon,
                ObjectIndex.Settings.DEFAULT.withEventAge(Duration.ofHours(1)),
                Runnable::run,
                fault -> {});
        index.load(List.of(pods), List.of(), Revision.upTo(at));
        return index.view();
    }
}
