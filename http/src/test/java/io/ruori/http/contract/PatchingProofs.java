package io.ruori.http.contract;

import static io.ruori.http.contract.KindCase.label;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.contract.Api.Answer;
import java.util.List;

/** The four ways to patch, and who owns what after. */
final class PatchingProofs {
    private static final List<Proof> EVERY = List.of(
            Proof.of("patch (json)", PatchingProofs::json),
            Proof.of("patch (merge)", kind -> merged(kind, Api.MERGE_PATCH)),
            Proof.of("patch (strategic)", kind -> merged(kind, Api.STRATEGIC_PATCH)),
            Proof.of("patch (apply)", PatchingProofs::apply),
            Proof.of("patch (apply) meets another manager", PatchingProofs::applyConflict),
            Proof.of("managedFields reset", PatchingProofs::ownershipReset),
            Proof.of("patch of a stale revision", PatchingProofs::stale),
            Proof.of("patch with dryRun=All", PatchingProofs::dryRun));

    static final List<Proof> ALL =
            EVERY.stream().map(proof -> proof.where(kind -> kind.can("patch"))).toList();

    private PatchingProofs() {}

    private static void json(KindCase kind) {
        kind.created();
        var patch = Json.array();
        patch.addObject().put("op", "test").put("path", "/metadata/name").put("value", kind.name());
        patch.addObject().put("op", "add").put("path", "/metadata/labels/step").put("value", "two");
        ObjectNode patched =
                kind.api().patch(kind.path(), Api.JSON_PATCH, patch).is(200).json();
        assertThat(Json.text(patched, "metadata", "labels", "step")).isEqualTo("two");
        var failing = Json.array();
        failing.addObject().put("op", "test").put("path", "/metadata/name").put("value", "other");
        kind.api().patch(kind.path(), Api.JSON_PATCH, failing).failed(422, "Invalid");
    }

    private static void merged(KindCase kind, String type) {
        kind.created();
        ObjectNode patched = kind.api()
                .patch(kind.path() + "?fieldManager=patcher", type, label(Json.object(), "step", "two"))
                .is(200)
                .json();
        assertThat(Json.text(patched, "metadata", "labels", "step")).isEqualTo("two");
        assertThat(Json.text(patched, "metadata", "labels", KindCase.LABEL))
                .as("what the patch does not name stays")
                .isEqualTo(kind.kind().plural());
        assertThat(manager(patched, "patcher", "Update").path("fieldsV1").toString())
                .contains("f:step");
        ObjectNode removal = Json.object();
        removal.putObject("metadata").putObject("labels").putNull("step");
        ObjectNode removed =
                kind.api().patch(kind.path(), type, removal).is(200).json();
        assertThat(removed.path("metadata").path("labels").has("step")).isFalse();
    }

    private static void apply(KindCase kind) {
        ObjectNode wanted = label(kind.wanted(), "step", "one");
        Answer first = applied(kind, "one", wanted, "");
        ObjectNode created = first.is(201).json();
        JsonNode entry = manager(created, "one", "Apply");
        assertThat(Json.text(entry, "apiVersion")).isEqualTo(kind.kind().apiVersion());
        assertThat(Json.text(entry, "fieldsType")).isEqualTo("FieldsV1");
        assertThat(entry.path("fieldsV1").toString()).contains("f:step");
        ObjectNode again = applied(kind, "one", wanted, "").is(200).json();
        assertThat(manager(again, "one", "Apply")).as("nothing new").isEqualTo(entry);
        Json.child(Json.child(wanted, "metadata"), "labels").remove("step");
        ObjectNode less = applied(kind, "one", wanted, "").is(200).json();
        assertThat(less.path("metadata").path("labels").has("step"))
                .as("what its owner no longer applies goes")
                .isFalse();
    }

    private static void applyConflict(KindCase kind) {
        applied(kind, "one", label(kind.wanted(), "step", "one"), "").is(201);
        ObjectNode other = Json.object()
                .put("apiVersion", kind.kind().apiVersion())
                .put("kind", kind.kind().kind());
        other.putObject("metadata").put("name", kind.name());
        label(other, "step", "two");
        ObjectNode conflict = applied(kind, "two", other, "").failed(409, "Conflict");
        assertThat(Json.text(conflict, "message"))
                .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .metadata.labels.step");
        JsonNode cause = conflict.path("details").path("causes").path(0);
        assertThat(Json.text(cause, "reason")).isEqualTo("FieldManagerConflict");
        assertThat(Json.text(cause, "field")).isEqualTo(".metadata.labels.step");
        ObjectNode forced = applied(kind, "two", other, "&force=true").is(200).json();
        assertThat(Json.text(forced, "metadata", "labels", "step")).isEqualTo("two");
        assertThat(manager(forced, "two", "Apply").path("fieldsV1").toString()).contains("f:step");
        assertThat(manager(forced, "one", "Apply").path("fieldsV1").toString()).doesNotContain("f:step");
    }

    /** An empty list, or one entry without anything, makes the server forget who owns what. */
    private static void ownershipReset(KindCase kind) {
        for (String type : List.of("", "{}")) {
            kind.created();
            ObjectNode patch = Json.read("{\"metadata\":{\"managedFields\":[" + type + "]}}");
            ObjectNode merged = kind.api()
                    .patch(kind.path(), Api.MERGE_PATCH, patch)
                    .is(200)
                    .json();
            assertThat(merged.path("metadata").has("managedFields")).isFalse();
            kind.clear();
            kind.created();
            var steps = Json.array();
            steps.addObject()
                    .put("op", "replace")
                    .put("path", "/metadata/managedFields")
                    .set("value", patch.path("metadata").path("managedFields"));
            ObjectNode patched =
                    kind.api().patch(kind.path(), Api.JSON_PATCH, steps).is(200).json();
            assertThat(patched.path("metadata").has("managedFields")).isFalse();
            kind.clear();
        }
    }

    private static void stale(KindCase kind) {
        kind.created();
        ObjectNode patch = label(Json.object(), "step", "two");
        Json.child(patch, "metadata").put("resourceVersion", "1");
        kind.api().patch(kind.path(), Api.MERGE_PATCH, patch).failed(409, "Conflict");
    }

    private static void dryRun(KindCase kind) {
        kind.api()
                .patch(kind.path() + "?fieldManager=one&dryRun=All", Api.APPLY, kind.wanted())
                .is(201);
        kind.api().get(kind.path()).failed(404, "NotFound");
        kind.api()
                .patch(kind.path() + "?dryRun=All", Api.MERGE_PATCH, Json.object())
                .failed(404, "NotFound");
    }

    private static Answer applied(KindCase kind, String manager, ObjectNode wanted, String more) {
        return kind.api().patch(kind.path() + "?fieldManager=" + manager + more, Api.APPLY, wanted);
    }

    private static JsonNode manager(JsonNode object, String name, String operation) {
        for (JsonNode entry : object.path("metadata").path("managedFields")) {
            if (Json.text(entry, "manager").equals(name)
                    && Json.text(entry, "operation").equals(operation)) {
                return entry;
            }
        }
        throw new AssertionError("no " + operation + " by " + name + " in " + object.path("metadata"));
    }
}
