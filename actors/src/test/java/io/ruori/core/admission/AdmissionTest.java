package io.ruori.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.core.admission.PriorityClasses.PriorityClass;
import io.ruori.kind.Kind;
import io.ruori.kind.KindCase;
import io.ruori.kind.PersistentVolumeClaimKind;
import io.ruori.kind.PodKind;
import io.ruori.kind.scheduling.PriorityClassKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the chain completes in an object about to be made, and what it refuses, in upstream's words. */
class AdmissionTest {
    private static final PriorityClasses NO_DEFAULT = new PriorityClasses(List.of(
            new PriorityClass("high", 1000, "PreemptLowerPriority", false),
            new PriorityClass("polite", 500, "Never", false)));
    private static final PriorityClasses WITH_DEFAULT =
            new PriorityClasses(List.of(new PriorityClass("usual", 10, "Never", true)));

    private static Facts facts(PriorityClasses classes, String... limitRanges) {
        List<List<Limit>> limits = List.of(limitRanges).stream()
                .map(text -> Limit.listOf(KindCase.tree("{spec: {limits: [" + text + "]}}")))
                .toList();
        return new Facts(
                Revision.ZERO,
                new User("jane", "", List.of()),
                Facts.NamespaceLife.ACTIVE,
                Set.of("default"),
                Duration.ofSeconds(30),
                Optional.empty(),
                classes,
                limits,
                Grant.NONE);
    }

    private static ObjectNode pod(String spec) {
        return KindCase.tree("{metadata: {name: 'web', namespace: 'shop'}, spec: " + spec + "}");
    }

    private static ObjectNode admitted(ObjectNode pod, Facts facts) {
        Admission.BUILT_IN.mutateCreate(PodKind.KIND, pod, facts);
        assertThat(Admission.BUILT_IN.validateCreate(PodKind.KIND, PodKind.KIND.keyOf(pod), pod, facts))
                .isEmpty();
        return pod;
    }

    private static String refused(Kind kind, ObjectNode object, Facts facts) {
        Admission.BUILT_IN.mutateCreate(kind, object, facts);
        return Admission.BUILT_IN
                .validateCreate(kind, kind.keyOf(object), object, facts)
                .map(ApiStatus::message)
                .orElse("admitted");
    }

    // ---- priority

    @Test
    void aPodHasThePriorityOfItsClass() {
        ObjectNode spec = Json.child(admitted(pod("{priorityClassName: 'polite'}"), facts(NO_DEFAULT)), "spec");
        assertThat(spec.path("priority").asInt()).isEqualTo(500);
        assertThat(Json.text(spec, "preemptionPolicy")).isEqualTo("Never");
    }

    @Test
    void aPodWithoutAClassHasEverybodysOrNone() {
        ObjectNode usual = Json.child(admitted(pod("{}"), facts(WITH_DEFAULT)), "spec");
        assertThat(Json.text(usual, "priorityClassName")).isEqualTo("usual");
        assertThat(usual.path("priority").asInt()).isEqualTo(10);
        ObjectNode none = Json.child(admitted(pod("{}"), facts(NO_DEFAULT)), "spec");
        assertThat(none.has("priorityClassName")).isFalse();
        assertThat(none.path("priority").asInt(-1)).isZero();
        assertThat(Json.text(none, "preemptionPolicy")).isEqualTo("PreemptLowerPriority");
    }

    @Test
    void aPodNamesNoUnknownClassAndNoPriorityOfItsOwn() {
        assertThat(refused(PodKind.KIND, pod("{priorityClassName: 'nosuch'}"), facts(NO_DEFAULT)))
                .isEqualTo("pods \"web\" is forbidden: no PriorityClass with name nosuch was found");
        assertThat(refused(PodKind.KIND, pod("{priorityClassName: 'high', priority: 7}"), facts(NO_DEFAULT)))
                .isEqualTo(
                        "pods \"web\" is forbidden: the integer value of priority (7) must not be provided in pod spec;"
                                + " priority admission controller computed 1000 from the given PriorityClass name");
        assertThat(refused(
                        PodKind.KIND, pod("{priorityClassName: 'high', preemptionPolicy: 'Never'}"), facts(NO_DEFAULT)))
                .contains("the string value of PreemptionPolicy (Never) must not be provided in pod spec");
        assertThat(refused(PodKind.KIND, pod("{priorityClassName: 'high', priority: 1000}"), facts(NO_DEFAULT)))
                .isEqualTo("admitted");
    }

    @Test
    void onlyOneClassIsEverybodys() {
        ObjectNode second = KindCase.tree("{metadata: {name: 'second'}, value: 5, globalDefault: true}");
        assertThat(refused(PriorityClassKind.KIND, second, facts(WITH_DEFAULT)))
                .isEqualTo("priorityclasses.scheduling.k8s.io \"second\" is forbidden: PriorityClass usual is already"
                        + " marked as default. Only one default can exist");
        assertThat(refused(PriorityClassKind.KIND, second, facts(NO_DEFAULT))).isEqualTo("admitted");
    }

    // ---- limits

    @Test
    void aContainerThatDoesNotAskGetsWhatTheNamespaceGives() {
        Facts facts = facts(
                PriorityClasses.NONE,
                "{type: 'Container', default: {cpu: '500m', memory: '1Gi'}, defaultRequest: {cpu: '100m'}}");
        ObjectNode pod = admitted(
                pod("{containers: [{name: 'a'}, {name: 'b', resources: {requests: {cpu: '2'}, limits: {cpu: '3'}}}],"
                        + " initContainers: [{name: 'i'}]}"),
                facts);
        assertThat(pod.path("spec").path("containers").path(0).path("resources"))
                .isEqualTo(KindCase.tree("{requests: {cpu: '100m'}, limits: {cpu: '500m', memory: '1Gi'}}"));
        assertThat(pod.path("spec").path("containers").path(1).path("resources"))
                .isEqualTo(KindCase.tree("{requests: {cpu: '2'}, limits: {cpu: '3', memory: '1Gi'}}"));
        assertThat(Json.text(pod, "metadata", "annotations", "kubernetes.io/limit-ranger"))
                .isEqualTo("LimitRanger plugin set: cpu request for container a; cpu, memory limit for container a;"
                        + " memory limit for container b; cpu request for init container i; cpu, memory limit for init"
                        + " container i");
    }

    @Test
    void containersStayWithinTheirBounds() {
        Facts facts = facts(
                PriorityClasses.NONE,
                "{type: 'Container', min: {cpu: '100m'}, max: {cpu: '1'}, maxLimitRequestRatio: {cpu: '2'}}");
        assertThat(refused(PodKind.KIND, asking("requests: {cpu: '50m'}, limits: {cpu: '90m'}"), facts))
                .isEqualTo("pods \"web\" is forbidden: minimum cpu usage per Container is 100m, but request is 50m");
        assertThat(refused(PodKind.KIND, asking("requests: {cpu: '600m'}, limits: {cpu: '1100m'}"), facts))
                .isEqualTo("pods \"web\" is forbidden: maximum cpu usage per Container is 1, but limit is 1100m");
        assertThat(refused(PodKind.KIND, asking("requests: {cpu: '200m'}, limits: {cpu: '500m'}"), facts))
                .isEqualTo("pods \"web\" is forbidden: cpu max limit to request ratio per Container is 2, but provided"
                        + " ratio is 2.500000");
        assertThat(refused(PodKind.KIND, asking(""), facts))
                .isEqualTo("pods \"web\" is forbidden: [minimum cpu usage per Container is 100m.  No request is"
                        + " specified, maximum cpu usage per Container is 1.  No limit is specified, cpu max limit to"
                        + " request ratio per Container is 2, but no request is specified or request is 0]");
        assertThat(refused(PodKind.KIND, asking("requests: {cpu: '500m'}, limits: {cpu: '1'}"), facts))
                .isEqualTo("admitted");
    }

    private static ObjectNode asking(String resources) {
        return pod("{containers: [{name: 'a', resources: {" + resources + "}}]}");
    }

    @Test
    void aPodAsAWholeStaysWithinItsBounds() {
        Facts facts = facts(PriorityClasses.NONE, "{type: 'Pod', max: {memory: '1Gi'}}");
        String two = "{containers: [{name: 'a', resources: {limits: {memory: '600Mi'}}},"
                + " {name: 'b', resources: {limits: {memory: '%s'}}}]}";
        assertThat(refused(PodKind.KIND, pod(two.formatted("600Mi")), facts))
                .isEqualTo("pods \"web\" is forbidden: maximum memory usage per Pod is 1Gi, but limit is 1200Mi");
        assertThat(refused(PodKind.KIND, pod(two.formatted("400Mi")), facts)).isEqualTo("admitted");
    }

    @Test
    void aClaimStaysWithinItsBounds() {
        Facts facts = facts(
                PriorityClasses.NONE, "{type: 'PersistentVolumeClaim', min: {storage: '1Gi'}, max: {storage: '5Gi'}}");
        ObjectNode claim = KindCase.tree(
                "{metadata: {name: 'data', namespace: 'shop'}," + " spec: {resources: {requests: {storage: '10Gi'}}}}");
        assertThat(refused(PersistentVolumeClaimKind.KIND, claim, facts))
                .isEqualTo(
                        "persistentvolumeclaims \"data\" is forbidden: maximum storage usage per PersistentVolumeClaim"
                                + " is 5Gi, but request is 10Gi");
    }
}
