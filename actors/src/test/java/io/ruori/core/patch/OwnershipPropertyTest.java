package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.object;
import static io.ruori.core.patch.SampleSchemas.DEPLOYMENT;
import static io.ruori.core.patch.SampleSchemas.SCHEMAS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Whatever managers do to an object in whatever order, ownership stays in step with its fields. */
class OwnershipPropertyTest {
    private static final Instant T0 = Instant.parse("2026-11-23T06:00:00Z");

    /** One write: a whole configuration to apply, or to store as an update. */
    record Step(String manager, boolean applies, ObjectNode object) {}

    @Property(tries = 300)
    void everyLeafThatIsThereIsOwnedAndNothingElse(@ForAll("stories") List<Step> story) {
        @Nullable ObjectNode live = null;
        for (int i = 0; i < story.size(); i++) {
            live = perform(live, story.get(i), i);
            assertThat(ownedLeaves(live)).isEqualTo(leaves(live));
        }
    }

    @Property(tries = 300)
    void applyingTwiceIsApplyingOnce(@ForAll("stories") List<Step> story, @ForAll("objects") ObjectNode config) {
        @Nullable ObjectNode live = null;
        for (int i = 0; i < story.size(); i++) {
            live = perform(live, story.get(i), i);
        }
        Step step = new Step("alice", true, config);
        ObjectNode once = perform(live, step, 50);
        assertThat((Object) perform(once, step, 60)).isSameAs(once);
    }

    @Property(tries = 300)
    void anApplierGetsAndKeepsWhatItAskedFor(@ForAll("stories") List<Step> story) {
        @Nullable ObjectNode live = null;
        for (int i = 0; i < story.size(); i++) {
            Step step = story.get(i);
            live = perform(live, step, i);
            if (step.applies) {
                SpecifiedFields specified = new SpecifiedFields(new FieldTypes(SCHEMAS));
                FieldSet asked = specified.of(step.object, DEPLOYMENT);
                assertThat(asked.minus(specified.withStructs(specified.of(live, DEPLOYMENT), DEPLOYMENT))
                                .isEmpty())
                        .as("all it mentions is there")
                        .isTrue();
                FieldComparison difference = FieldComparison.of(live, step.object, DEPLOYMENT, SCHEMAS);
                assertThat(difference.changed().intersection(asked).isEmpty())
                        .as("with the values it gave")
                        .isTrue();
            }
        }
    }

    @Property(tries = 300)
    void withoutForceNobodyLosesAnAppliedField(
            @ForAll("objects") ObjectNode first, @ForAll("objects") ObjectNode second) {
        ObjectNode live = perform(null, new Step("alice", true, first), 0);
        PatchResult result = apply(live, new Step("bob", true, second), 1, false);
        if (result instanceof PatchResult.Patched patched) {
            assertThat(owned(patched.object(), "alice")).isEqualTo(owned(live, "alice"));
        }
    }

    @Property(tries = 300)
    void theResultSharesNothingWithTheConfiguration(
            @ForAll("objects") ObjectNode first, @ForAll("objects") ObjectNode second) {
        ObjectNode untouched = second.deepCopy();
        ObjectNode live = perform(null, new Step("alice", true, first), 0);
        scribble(perform(live.deepCopy(), new Step("bob", true, second), 1));
        scribble(perform(null, new Step("bob", true, second), 1));
        scribble(PatchAssertions.patched(MergePatch.apply(live.deepCopy(), second)));
        scribble(PatchAssertions.patched(StrategicMergePatch.apply(live.deepCopy(), second, DEPLOYMENT, SCHEMAS)));
        assertThat((Object) second).isEqualTo(untouched);
    }

    private static void scribble(JsonNode node) {
        node.path("metadata").forEach(OwnershipPropertyTest::scribbleAll);
        scribbleAll(node.path("spec"));
    }

    private static void scribbleAll(JsonNode node) {
        if (node instanceof ArrayNode list && !list.isEmpty() && list.get(0).has("fieldsV1")) {
            return;
        }
        node.forEach(OwnershipPropertyTest::scribbleAll);
        if (node instanceof ObjectNode object) {
            object.put("scribble", true);
        } else if (node instanceof ArrayNode list) {
            list.add("scribble");
        }
    }

    private static ObjectNode perform(@Nullable ObjectNode live, Step step, int second) {
        if (step.applies) {
            return PatchAssertions.patched(apply(live, step, second, true));
        }
        return ManagedFields.updated(
                live,
                step.object,
                DEPLOYMENT,
                SCHEMAS,
                Manager.update(step.manager, "apps/v1", T0.plusSeconds(second)));
    }

    private static PatchResult apply(@Nullable ObjectNode live, Step step, int second, boolean force) {
        Manager manager = Manager.apply(step.manager, "apps/v1", T0.plusSeconds(second));
        return Apply.apply(live, step.object, DEPLOYMENT, SCHEMAS, manager, force, FieldSet.EMPTY);
    }

    /** Leaves only: who owns the shell around them is nobody's business. */
    private static TreeSet<String> leaves(ObjectNode object) {
        return leavesOf(new SpecifiedFields(new FieldTypes(SCHEMAS))
                .of(object, DEPLOYMENT)
                .without(FieldSet.of("f:apiVersion").union(FieldSet.of("f:kind")))
                .without(FieldSet.of("f:metadata", "f:name").union(FieldSet.of("f:metadata", "f:managedFields"))));
    }

    private static TreeSet<String> ownedLeaves(ObjectNode object) {
        FieldSet all = FieldSet.EMPTY;
        for (JsonNode entry : Json.at(object, "metadata", "managedFields")) {
            all = all.union(FieldSet.decode(entry.get("fieldsV1")));
        }
        return leavesOf(all);
    }

    private static TreeSet<String> leavesOf(FieldSet set) {
        TreeSet<String> leaves = new TreeSet<>(set.paths());
        leaves.removeIf(path -> !path.matches(".*(replicas|paused|type|maxSurge|image|name|value|\\.l[0-9]|\"\\])"));
        return leaves;
    }

    private static FieldSet owned(ObjectNode object, String manager) {
        return ManagedFieldsTest.owned(object, manager);
    }

    @Provide
    Arbitrary<List<Step>> stories() {
        Arbitrary<String> managers = Arbitraries.of("alice", "bob", "carol");
        return Combinators.combine(managers, Arbitraries.of(true, false), objects())
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        Arbitrary<List<String>> labels = parts("l1: '1'", "l1: '2'", "l2: '1'", "l3: '1'");
        Arbitrary<List<String>> spec = parts(
                "replicas: 1",
                "replicas: 2",
                "paused: true",
                "strategy: {type: 'A'}",
                "strategy: {type: 'B', rollingUpdate: {maxSurge: 1}}");
        Arbitrary<List<String>> containers = parts(
                "{name: 'a', image: '1'}",
                "{name: 'a', image: '2', env: [{name: 'x', value: '1'}, {name: 'y', value: '1'}]}",
                "{name: 'b', image: '1', env: [{name: 'x', value: '2'}]}",
                "{name: 'c'}");
        Arbitrary<List<String>> finalizers = parts("'f/a'", "'f/b'", "'f/c'");
        return Combinators.combine(labels, spec, containers, finalizers).as(OwnershipPropertyTest::deployment);
    }

    /** Some of the parts, each field and each element once. */
    private static Arbitrary<List<String>> parts(String... parts) {
        return Arbitraries.subsetOf(parts)
                .map(some -> some.stream()
                        .filter(part ->
                                some.stream().noneMatch(other -> isSameField(part, other) && other.compareTo(part) < 0))
                        .toList());
    }

    private static boolean isSameField(String one, String other) {
        String separator = one.startsWith("{") ? "," : ":";
        return one.split(separator)[0].equals(other.split(separator)[0]);
    }

    private static ObjectNode deployment(
            List<String> labels, List<String> spec, List<String> containers, List<String> finalizers) {
        String text = "{apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web',"
                + " labels: {l0: '1'" + labels.stream().map(l -> ", " + l).collect(Collectors.joining()) + "}"
                + (finalizers.isEmpty() ? "" : ", finalizers: [" + String.join(", ", finalizers) + "]")
                + "}, spec: {" + String.join(", ", spec)
                + (containers.isEmpty()
                        ? ""
                        : (spec.isEmpty() ? "" : ", ") + "template: {spec: {containers: ["
                                + String.join(", ", containers) + "]}}")
                + "}}";
        return object(text);
    }
}
