package io.ruori.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.core.access.Rule;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the roles and bindings of {@link BootstrapPolicy} at start, and gives back what somebody took from them, as upstream:
 * nothing is ever taken away, and an object whose annotation {@value #AUTO_UPDATE} is not {@code true} is left alone.
 */
public final class RoleBootstrap {
    static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    private static final Logger LOG = LoggerFactory.getLogger(RoleBootstrap.class);

    private RoleBootstrap() {}

    /** Done when every one is as it should be; one that could not be written is logged and does not hold up the rest. */
    public static CompletionStage<Done> run(View view, ObjectDoor door) {
        Origin origin = new Origin(
                User.component("ruori-start"), "ruori-start", "ruori", "every cluster has it", Revision.ZERO);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (BootstrapPolicy.Wanted wanted : BootstrapPolicy.load()) {
            write(wanted, view)
                    .ifPresent(write -> all.add(door.write(wanted.key(), write, origin, List.of())
                            .thenAccept(outcome -> tell(wanted, outcome))
                            .toCompletableFuture()));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> Done.getInstance());
    }

    private static void tell(BootstrapPolicy.Wanted wanted, Outcome outcome) {
        if (outcome instanceof Outcome.Refused no && !no.status().reason().equals("AlreadyExists")) {
            LOG.warn("{} could not be made: {}", wanted.key(), no.status().message());
        }
    }

    private static Optional<Write> write(BootstrapPolicy.Wanted wanted, View view) {
        StoredObject existing = view.get(wanted.key());
        if (existing == null) {
            return Optional.of(new Write.Create(wanted.object(), Write.FieldValidation.IGNORE));
        }
        return repair(existing.tree(), wanted.object())
                .map(patch -> new Write.Patch(
                        Write.PatchType.MERGE,
                        patch,
                        "",
                        false,
                        new Write.Precondition(existing.uid(), existing.revision()),
                        Write.FieldValidation.IGNORE));
    }

    /** The merge patch that gives {@code existing} what it lacks of {@code wanted}; empty when it lacks nothing. */
    static Optional<ObjectNode> repair(JsonNode existing, JsonNode wanted) {
        if (!Json.text(existing, "metadata", "annotations", AUTO_UPDATE).equals("true")) {
            return Optional.empty();
        }
        ObjectNode patch = Json.object();
        labels(existing, wanted, patch);
        rules(existing, wanted, patch);
        entries(existing, wanted, patch, "subjects");
        selectors(existing, wanted, patch);
        return patch.isEmpty() ? Optional.empty() : Optional.of(patch);
    }

    private static void labels(JsonNode existing, JsonNode wanted, ObjectNode patch) {
        JsonNode present = existing.path("metadata").path("labels");
        for (var label : wanted.path("metadata").path("labels").properties()) {
            if (!label.getValue().equals(present.get(label.getKey()))) {
                Json.child(Json.child(patch, "metadata"), "labels").set(label.getKey(), label.getValue());
            }
        }
    }

    /** The rules of a role that is made of others are its reconciler's. */
    private static void rules(JsonNode existing, JsonNode wanted, ObjectNode patch) {
        if (wanted.has("aggregationRule")) {
            return;
        }
        List<Rule> present = Rule.listOf(existing.path("rules"));
        List<Rule> missing = Rule.listOf(wanted.path("rules")).stream()
                .filter(rule -> !rule.isCoveredBy(present))
                .toList();
        if (!missing.isEmpty()) {
            ArrayNode all = patch.putArray("rules");
            existing.path("rules").forEach(all::add);
            missing.forEach(rule -> all.add(rule.toJson()));
        }
    }

    private static void entries(JsonNode existing, JsonNode wanted, ObjectNode patch, String field) {
        List<JsonNode> present = new ArrayList<>();
        existing.path(field).forEach(present::add);
        List<JsonNode> missing = new ArrayList<>();
        wanted.path(field).forEach(entry -> {
            if (!present.contains(entry)) {
                missing.add(entry);
            }
        });
        if (!missing.isEmpty()) {
            ArrayNode all = patch.putArray(field);
            present.forEach(all::add);
            missing.forEach(all::add);
        }
    }

    private static void selectors(JsonNode existing, JsonNode wanted, ObjectNode patch) {
        ObjectNode aggregation = Json.object();
        entries(existing.path("aggregationRule"), wanted.path("aggregationRule"), aggregation, "clusterRoleSelectors");
        if (!aggregation.isEmpty()) {
            patch.set("aggregationRule", aggregation);
        }
    }
}
