package io.ruori.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.core.scheduling.Placement.Candidate;
import io.ruori.kind.PodDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where Pods go, and why they go nowhere. */
class PlacementTest {
    private static Candidate node(String name, String cpu, String more) {
        ObjectNode node = Json.read("""
            {"metadata":{"name":"%s","labels":{"kubernetes.io/hostname":"%s","disk":"ssd-%s"}},
             "status":{"allocatable":{"cpu":"%s","memory":"1Gi","pods":"3"}}}\
            """.formatted(name, name, name, cpu));
        if (!more.isEmpty()) {
            node.set("spec", Json.read(more));
        }
        return new Candidate(NodeCapacity.of(node), new NodeLoad());
    }

    private static PodDigest pod(String cpu, String more) {
        ObjectNode pod = Json.read("""
            {"metadata":{"name":"p","namespace":"default","labels":{"pod-template-hash":"h"}},
             "spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"%s"}}}]},"status":{}}\
            """.formatted(cpu));
        if (!more.isEmpty()) {
            ((ObjectNode) pod.path("spec")).setAll(Json.read(more));
        }
        return PodDigest.of(pod);
    }

    @Test
    void nothingWithoutNodes() {
        assertThat(Placement.place(pod("1", ""), List.of()))
                .isEqualTo(new Placement.Nowhere("no nodes available to schedule pods"));
    }

    @Test
    void theEmptierNodeWins() {
        Candidate busy = node("a", "4", "");
        busy.load().add(pod("3", ""));
        assertThat(Placement.place(pod("1", ""), List.of(busy, node("b", "4", ""))))
                .isEqualTo(new Placement.On("b"));
    }

    @Test
    void copiesOfATemplateSpread() {
        Candidate first = node("a", "64", "");
        first.load().add(pod("1", ""));
        assertThat(Placement.place(pod("1", ""), List.of(first, node("b", "32", ""))))
                .isEqualTo(new Placement.On("b"));
    }

    @Test
    void everyReasonIsCounted() {
        Candidate full = node("full", "4", "");
        List.of(1, 2, 3).forEach(i -> full.load().add(pod("1m", "")));
        List<Candidate> nodes = List.of(
                node("small", "1", ""),
                full,
                node("cordoned", "4", "{\"unschedulable\":true}"),
                node("tainted", "4", "{\"taints\":[{\"key\":\"k\",\"value\":\"v\",\"effect\":\"NoSchedule\"}]}"));
        assertThat(Placement.place(pod("2", ""), nodes))
                .isEqualTo(new Placement.Nowhere(
                        "0/4 nodes are available: 1 Insufficient cpu, 1 Too many pods, 1 node(s) had"
                                + " untolerated taint(s), 1 node(s) were unschedulable."));
    }

    @Test
    void tolerationsOpenTaintedNodes() {
        Candidate tainted = node("t", "4", "{\"taints\":[{\"key\":\"k\",\"value\":\"v\",\"effect\":\"NoSchedule\"}]}");
        PodDigest tolerant = pod("1", "{\"tolerations\":[{\"key\":\"k\",\"operator\":\"Equal\",\"value\":\"v\"}]}");
        assertThat(Placement.place(tolerant, List.of(tainted))).isEqualTo(new Placement.On("t"));
    }

    @Test
    void selectorsAndRequiredAffinityMustMatch() {
        List<Candidate> nodes = List.of(node("a", "4", ""), node("b", "4", ""));
        assertThat(Placement.place(pod("1", "{\"nodeSelector\":{\"disk\":\"ssd-b\"}}"), nodes))
                .isEqualTo(new Placement.On("b"));
        String notB = """
            {"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
            {"matchExpressions":[{"key":"disk","operator":"NotIn","values":["ssd-b"]}]}]}}}}\
            """;
        assertThat(Placement.place(pod("1", notB), nodes)).isEqualTo(new Placement.On("a"));
    }

    @Test
    void preferencesDecideAmongFittingNodes() {
        String likesA = """
            {"affinity":{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[
            {"weight":100,"preference":{"matchExpressions":[{"key":"disk","operator":"In","values":["ssd-a"]}]}}]}}}\
            """;
        assertThat(Placement.place(pod("1", likesA), List.of(node("a", "2", ""), node("b", "64", ""))))
                .isEqualTo(new Placement.On("a"));
    }
}
