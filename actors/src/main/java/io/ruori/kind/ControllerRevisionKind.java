package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.Locale;

/** Snapshots of a template that stateful and daemon workloads keep. Their data never changes. */
public final class ControllerRevisionKind {
    public static final KindName NAME = new KindName("apps", "controllerrevisions");

    public static final Kind KIND = Kind.of(
                    "apps", "v1", "ControllerRevision", "controllerrevisions", "io.k8s.api.apps.v1.ControllerRevision")
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Controller", "What it is a snapshot of.", ControllerRevisionKind::controller),
                    Columns.number("Revision", "Its place in history.", r -> Json.number(r, 0, "revision")),
                    Columns.age())
            .build();

    private ControllerRevisionKind() {}

    private static String controller(JsonNode revision) {
        for (JsonNode owner : Json.at(revision, "metadata", "ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                String apiVersion = Json.text(owner, "apiVersion");
                int slash = apiVersion.indexOf('/');
                String kind = Json.text(owner, "kind").toLowerCase(Locale.ROOT);
                return kind + (slash < 0 ? "" : "." + apiVersion.substring(0, slash)) + "/" + Json.text(owner, "name");
            }
        }
        return Columns.NONE;
    }

    private static final class Rules implements KindRules {
        @Override
        public void validateCreate(JsonNode revision, FieldErrors errors) {
            if (!Json.isPresent(revision.get("data"))) {
                errors.required("data", "data is mandatory");
            }
            nonNegative(revision, errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            nonNegative(updated, errors);
            if (!Checks.same(updated.path("data"), old.path("data"))) {
                errors.invalid("data", updated.path("data"), "field is immutable");
            }
        }

        private static void nonNegative(JsonNode revision, FieldErrors errors) {
            Checks.nonNegative(revision.path("revision"), "revision", errors);
        }
    }
}
