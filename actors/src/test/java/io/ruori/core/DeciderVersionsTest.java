package io.ruori.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.Write.FieldValidation;
import io.ruori.core.Write.PatchType;
import io.ruori.core.Write.Precondition;
import io.ruori.core.admission.Admission;
import io.ruori.core.admission.Facts;
import io.ruori.kind.EventKind;
import io.ruori.kind.Kind;
import io.ruori.schema.BuiltInSchemas;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A kind that is served in two versions is one object, written in either. */
class DeciderVersionsTest {
    private static final Kind KIND = EventKind.KIND;
    private static final String NEW = "events.k8s.io/v1";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Facts FACTS = new Facts(
            Revision.ZERO,
            new User("jane", "", List.of()),
            Facts.NamespaceLife.ACTIVE,
            Set.of(),
            Duration.ofSeconds(30),
            Optional.empty());
    private static final String EVENT = """
        {"metadata":{"name":"e"},"regarding":{"kind":"Pod","name":"p","namespace":"default"},"reason":"Ran",
         "note":"all well","type":"Normal","action":"Run","eventTime":"2026-01-02T03:04:05.000000Z",
         "reportingController":"me.example/x","reportingInstance":"x-1"}\
        """;

    private static Decision decide(ObjectState state, String manager, Write write) {
        Origin origin = new Origin(new User("jane", "", List.of()), manager, "test", "", Revision.ZERO);
        return new Decider(KIND, new Edits(BuiltInSchemas.load()), Admission.BUILT_IN)
                .decide(KIND.key("default", "e"), state, write, new Asking(origin, FACTS, NOW, new Uid("u-1")));
    }

    private static ObjectNode accepted(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        return ((Decision.Accepted) decision).tree();
    }

    private static String rejected(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Rejected.class);
        return ((Decision.Rejected) decision).status().message();
    }

    private static ObjectState live(ObjectNode tree) {
        return new ObjectState.Live(KIND.store(tree.deepCopy(), new Revision(7)));
    }

    private static ObjectNode created() {
        return accepted(decide(
                ObjectState.Absent.NEVER, "maker", new Write.Create(Json.read(EVENT), FieldValidation.STRICT, NEW)));
    }

    private static JsonNode owned(ObjectNode tree, int entry) {
        return tree.path("metadata").path("managedFields").path(entry);
    }

    private static Write patch(PatchType type, String patch, String apiVersion) {
        return new Write.Patch(
                type, Json.read(patch), "", false, Precondition.NONE, FieldValidation.STRICT, apiVersion);
    }

    @Test
    void whatIsCreatedInOneVersionIsStoredInTheOtherAndOwnedInItsOwn() {
        ObjectNode made = created();
        assertThat(Json.text(made, "apiVersion")).isEqualTo("v1");
        assertThat(Json.text(made, "message")).isEqualTo("all well");
        assertThat(Json.text(made, "involvedObject", "name")).isEqualTo("p");
        assertThat(made.has("note")).isFalse();
        assertThat(Json.text(owned(made, 0), "apiVersion")).isEqualTo(NEW);
        assertThat(owned(made, 0).path("fieldsV1").has("f:note")).isTrue();
        assertThat(owned(made, 0).path("fieldsV1").has("f:message")).isFalse();
    }

    @Test
    void theNewVersionIsHeldToMore() {
        ObjectNode late = Json.read(EVENT);
        late.remove("eventTime");
        late.put("deprecatedCount", 3);
        String refusal = rejected(
                decide(ObjectState.Absent.NEVER, "m", new Write.Create(late.deepCopy(), FieldValidation.STRICT, NEW)));
        assertThat(refusal).contains("eventTime: Required value", "count: Invalid value: \"\": needs to be unset");
        ObjectNode unknown = Json.read(EVENT).put("message", "core's word");
        assertThat(rejected(
                        decide(ObjectState.Absent.NEVER, "m", new Write.Create(unknown, FieldValidation.STRICT, NEW))))
                .isEqualTo("Event in version \"v1\" cannot be handled as a Event: strict decoding error: unknown field"
                        + " \"message\"");
    }

    @Test
    void aPatchSpeaksItsOwnVersion() {
        ObjectNode seen = accepted(decide(live(created()), "other", patch(PatchType.MERGE, """
            {"series":{"count":2,"lastObservedTime":"2026-01-02T03:05:00.000000Z"}}\
            """, NEW)));
        assertThat(seen.path("series").path("count").asInt()).isEqualTo(2);
        assertThat(rejected(decide(live(created()), "other", patch(PatchType.MERGE, "{\"note\":\"else\"}", NEW))))
                .contains("message: Invalid value: \"else\": field is immutable");
        ObjectNode byCore =
                accepted(decide(live(created()), "other", patch(PatchType.STRATEGIC, "{\"message\":\"else\"}", "v1")));
        assertThat(Json.text(byCore, "message")).isEqualTo("else");
        // The first writer lost the field under the name it knew it by.
        assertThat(byCore.path("metadata").path("managedFields").findValuesAsText("manager"))
                .containsExactlyInAnyOrder("maker", "other");
        byCore.path("metadata").path("managedFields").forEach(entry -> {
            boolean maker = Json.text(entry, "manager").equals("maker");
            assertThat(entry.path("fieldsV1").has("f:note")).isFalse();
            assertThat(entry.path("fieldsV1").has("f:message")).isEqualTo(!maker);
        });
    }

    @Test
    void applyMeetsConflictsAcrossVersionsAndRemovesWhatItDropped() {
        String all = "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"metadata\":{\"name\":\"e\",\"labels\":{\"a\":\"b\"}},"
                + "\"involvedObject\":{\"namespace\":\"default\"},\"message\":\"m\",\"reason\":\"r\"}";
        ObjectNode applied = accepted(decide(ObjectState.Absent.NEVER, "one", patch(PatchType.APPLY, all, "v1")));
        String mine = "{\"apiVersion\":\"events.k8s.io/v1\",\"kind\":\"Event\",\"metadata\":{\"name\":\"e\"},"
                + "\"note\":\"other\"}";
        assertThat(rejected(decide(live(applied), "two", patch(PatchType.APPLY, mine, NEW))))
                .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .message");
        String fewer = "{\"apiVersion\":\"v1\",\"kind\":\"Event\",\"metadata\":{\"name\":\"e\"},"
                + "\"involvedObject\":{\"namespace\":\"default\"},\"reason\":\"r\"}";
        ObjectNode dropped = accepted(decide(live(applied), "one", patch(PatchType.APPLY, fewer, "v1")));
        assertThat(dropped.has("message")).isFalse();
        assertThat(dropped.path("metadata").has("labels")).isFalse();
        assertThat(Json.text(dropped, "apiVersion")).isEqualTo("v1");
    }

    @Test
    void aVersionThatIsGoneIsNoPath() {
        assertThat(rejected(decide(live(created()), "m", patch(PatchType.MERGE, "{}", "events.k8s.io/v0"))))
                .isEqualTo("the server could not find the requested resource");
    }
}
