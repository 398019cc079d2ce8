package io.ruori.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.Write.FieldValidation;
import io.ruori.core.Write.PatchType;
import io.ruori.core.Write.Precondition;
import io.ruori.core.admission.Admission;
import io.ruori.core.admission.Facts;
import io.ruori.kind.ConfigMapKind;
import io.ruori.kind.DeploymentKind;
import io.ruori.kind.Kind;
import io.ruori.kind.PodKind;
import io.ruori.schema.BuiltInSchemas;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What writes come to: the rules every kind shares. */
class DeciderTest {
    private static final Edits EDITS = new Edits(BuiltInSchemas.load());
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Facts FACTS = facts(Facts.NamespaceLife.ACTIVE, Set.of("default"));

    private static Facts facts(Facts.NamespaceLife namespace, Set<String> accounts) {
        User user = new User("jane", "", List.of());
        return new Facts(Revision.ZERO, user, namespace, accounts, Duration.ofSeconds(30), Optional.empty());
    }

    private static Asking asking(Facts facts) {
        User user = new User("jane", "", List.of());
        return new Asking(new Origin(user, "test", "test", "", Revision.ZERO), facts, NOW, new Uid("u-1"));
    }

    private static Decision decide(Kind kind, ObjectState state, String name, Write write) {
        return decide(kind, state, name, write, FACTS);
    }

    private static Decision decide(Kind kind, ObjectState state, String name, Write write, Facts facts) {
        return new Decider(kind, EDITS, Admission.BUILT_IN)
                .decide(kind.key("default", name), state, write, asking(facts));
    }

    private static ObjectState stored(Kind kind, String json) {
        ObjectNode tree = Json.read(json);
        Json.child(tree, "metadata").put("namespace", "default").put("uid", "u-1");
        tree.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        StoredObject object = kind.store(tree, new Revision(7));
        return object.isTerminating() ? new ObjectState.Terminating(object) : new ObjectState.Live(object);
    }

    private static ObjectNode accepted(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        return ((Decision.Accepted) decision).tree();
    }

    private static String rejected(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Rejected.class);
        var status = ((Decision.Rejected) decision).status();
        return status.code() + " " + status.message();
    }

    private static Write create(String json) {
        return new Write.Create(Json.read(json), FieldValidation.STRICT);
    }

    private static Write merge(String json, Precondition precondition) {
        return new Write.Patch(PatchType.MERGE, Json.read(json), "", false, precondition, FieldValidation.STRICT);
    }

    @Test
    void aBindingIsNoNewGeneration() {
        ObjectState pod = stored(
                PodKind.KIND,
                "{\"metadata\":{\"name\":\"p\",\"generation\":1},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        ObjectNode bound = accepted(decide(
                PodKind.KIND,
                pod,
                "p",
                new Write.Replace(Json.read("{\"target\":{\"name\":\"n\"}}"), "binding", FieldValidation.STRICT)));
        assertThat(Json.text(bound, "spec", "nodeName")).isEqualTo("n");
        assertThat(Json.number(bound, 0, "metadata", "generation")).isEqualTo(1);
    }

    @Test
    void aCreateGetsItsIdentityFromTheServer() {
        ObjectNode made = accepted(decide(
                ConfigMapKind.KIND,
                ObjectState.Absent.NEVER,
                "c",
                create("{\"metadata\":{\"uid\":\"mine\"},\"data\":{\"a\":\"b\"}}")));
        assertThat(Json.text(made, "metadata", "uid")).isEqualTo("u-1");
        assertThat(Json.text(made, "metadata", "creationTimestamp")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(Json.text(made, "metadata", "name")).isEqualTo("c");
        assertThat(Json.text(made.path("metadata").path("managedFields").path(0), "manager"))
                .isEqualTo("test");
    }

    @Test
    void aSecondCreateAndAWrongNamespaceAreRefusedAsUpstreamWordsIt() {
        ObjectState live = stored(ConfigMapKind.KIND, "{\"metadata\":{\"name\":\"c\"}}");
        assertThat(rejected(decide(ConfigMapKind.KIND, live, "c", create("{}"))))
                .isEqualTo("409 configmaps \"c\" already exists");
        assertThat(rejected(decide(ConfigMapKind.KIND, live, "c", create("{\"data\":{\"a/b\":\"\"}}"))))
                .startsWith("422 ConfigMap \"c\" is invalid: data[a/b]");
        Facts none = facts(Facts.NamespaceLife.ABSENT, Set.of());
        assertThat(rejected(decide(ConfigMapKind.KIND, ObjectState.Absent.NEVER, "c", create("{}"), none)))
                .isEqualTo("404 namespaces \"default\" not found");
    }

    @Test
    void staleWritersAreToldSo() {
        ObjectState live = stored(ConfigMapKind.KIND, "{\"metadata\":{\"name\":\"c\"}}");
        Write stale = new Write.Replace(
                Json.read("{\"metadata\":{\"name\":\"c\",\"resourceVersion\":\"6\"}}"), "", FieldValidation.STRICT);
        assertThat(rejected(decide(ConfigMapKind.KIND, live, "c", stale)))
                .startsWith("409 Operation cannot be fulfilled");
        assertThat(rejected(
                        decide(ConfigMapKind.KIND, live, "c", merge("{}", new Precondition(new Uid("other"), null)))))
                .contains("UID in precondition: other, UID in object meta: u-1");
    }

    @Test
    void aPatchThatChangesNothingStoresNothing() {
        ObjectState live = stored(ConfigMapKind.KIND, "{\"metadata\":{\"name\":\"c\"},\"data\":{\"a\":\"b\"}}");
        assertThat(decide(ConfigMapKind.KIND, live, "c", merge("{\"data\":{\"a\":\"b\"}}", Precondition.NONE)))
                .isInstanceOf(Decision.Unchanged.class);
    }

    @Test
    void generationCountsSpecAndStatusPathsTouchOnlyStatus() {
        ObjectNode deployment = accepted(decide(DeploymentKind.KIND, ObjectState.Absent.NEVER, "d", create("""
            {"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
             "spec":{"containers":[{"name":"c","image":"i"}]}}}}\
            """)));
        assertThat(deployment.path("metadata").path("generation").asInt()).isEqualTo(1);
        ObjectState live = new ObjectState.Live(DeploymentKind.KIND.store(deployment, new Revision(7)));
        ObjectNode scaled = accepted(
                decide(DeploymentKind.KIND, live, "d", merge("{\"spec\":{\"replicas\":5}}", Precondition.NONE)));
        assertThat(scaled.path("metadata").path("generation").asInt()).isEqualTo(2);
        Write status = new Write.Patch(
                PatchType.MERGE,
                Json.read("{\"spec\":{\"replicas\":9},\"status\":{\"observedGeneration\":1}}"),
                "status",
                false,
                Precondition.NONE,
                FieldValidation.STRICT);
        ObjectNode reported = accepted(decide(DeploymentKind.KIND, live, "d", status));
        assertThat(reported.path("metadata").path("generation").asInt()).isEqualTo(1);
        assertThat(reported.path("spec").path("replicas").asInt()).isEqualTo(1);
        assertThat(reported.path("status").path("observedGeneration").asInt()).isEqualTo(1);
    }

    @Test
    void anUnscheduledPodGoesAtOnceAndARunningOneAfterItsGrace() {
        String pending =
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"terminationGracePeriodSeconds\":20,\"containers\":[]}}";
        Write delete = new Write.Delete(-1, "", Precondition.NONE);
        Decision gone = decide(PodKind.KIND, stored(PodKind.KIND, pending), "p", delete);
        assertThat(((Decision.Accepted) gone).outcome()).isEqualTo(Decision.Outcome.DELETED);

        ObjectState bound =
                stored(PodKind.KIND, pending.replace("\"containers\"", "\"nodeName\":\"n\",\"containers\""));
        ObjectNode terminating = accepted(decide(PodKind.KIND, bound, "p", delete));
        assertThat(Json.text(terminating, "metadata", "deletionTimestamp")).isEqualTo("2026-01-02T03:04:25Z");
        assertThat(terminating
                        .path("metadata")
                        .path("deletionGracePeriodSeconds")
                        .asInt())
                .isEqualTo(20);
    }

    @Test
    void finalizersHoldUntilTheLastIsTakenAway() {
        ObjectState live = stored(ConfigMapKind.KIND, "{\"metadata\":{\"name\":\"c\",\"finalizers\":[\"x/y\"]}}");
        ObjectNode held = accepted(decide(ConfigMapKind.KIND, live, "c", new Write.Delete(-1, "", Precondition.NONE)));
        ObjectState terminating = new ObjectState.Terminating(ConfigMapKind.KIND.store(held, new Revision(8)));
        Decision freed = decide(
                ConfigMapKind.KIND, terminating, "c", merge("{\"metadata\":{\"finalizers\":null}}", Precondition.NONE));
        assertThat(((Decision.Accepted) freed).outcome()).isEqualTo(Decision.Outcome.DELETED);
    }

    @Test
    void applyingCreatesAndAppliedAgainChangesNothing() {
        Write apply = new Write.Patch(
                PatchType.APPLY,
                Json.read(
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"},\"data\":{\"a\":\"b\"}}"),
                "",
                false,
                Precondition.NONE,
                FieldValidation.STRICT);
        ObjectNode made = accepted(decide(ConfigMapKind.KIND, ObjectState.Absent.NEVER, "c", apply));
        ObjectState live = new ObjectState.Live(ConfigMapKind.KIND.store(made, new Revision(7)));
        assertThat(decide(ConfigMapKind.KIND, live, "c", apply)).isInstanceOf(Decision.Unchanged.class);
    }

    @Test
    void badInputNamesEveryField() {
        Decision refused = decide(DeploymentKind.KIND, ObjectState.Absent.NEVER, "d", create("""
            {"spec":{"replicas":-1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
             "spec":{"containers":[{"name":"c"}]}}}}\
            """));
        assertThat(((Decision.Rejected) refused).status().causes())
                .extracting(cause -> cause.field())
                .contains("spec.replicas", "spec.template.spec.containers[0].image");
        assertThat(rejected(decide(DeploymentKind.KIND, ObjectState.Absent.NEVER, "d", create("{\"spec\":{\"x\":1}}"))))
                .isEqualTo("400 Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: "
                        + "unknown field \"spec.x\"");
    }
}
