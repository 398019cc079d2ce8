package io.ruori.kind.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.kind.Checks;
import io.ruori.kind.Conditions;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Settles who may have which names, says when a definition's kind is served, and clears out its objects when it is deleted.
 * A kind is served from the view that shows its names accepted on; that it is established is said one view later, so nobody
 * who read that can come too early.
 */
final class DefinitionReconciler implements Reconciler {
    private static final int BATCH = 500;

    /** Creates admitted just before the end was seen everywhere may still arrive: look once more after this long. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private static final String NAMES_ACCEPTED = "NamesAccepted";
    private static final String ESTABLISHED = "Established";
    private static final String TERMINATING = "Terminating";

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        ObjectNode crd = self.tree();
        return self.isTerminating() ? clear(self, crd, view, now) : names(self, crd, view, now);
    }

    // ---- names

    private static Plan names(StoredObject self, ObjectNode crd, View view, Instant now) {
        JsonNode wanted = Json.at(crd, "spec", "names");
        JsonNode accepted = Json.at(crd, "status", "acceptedNames");
        Conditions conditions = new Conditions(crd.path("status"));
        if (Checks.same(wanted, accepted)) {
            return establish(self, conditions, now);
        }
        Claims claims = new Claims(self, crd, view);
        ObjectNode names = claims.settle(wanted, accepted);
        if (claims.refusal == null) {
            conditions.setPlain(NAMES_ACCEPTED, "True", "NoConflicts", "no conflicts found", now);
        } else {
            conditions.setPlain(NAMES_ACCEPTED, "False", claims.refusal, claims.message, now);
        }
        if (!CustomResourceDefinitionKind.status(crd, ESTABLISHED).equals("True")) {
            if (claims.refusal == null) {
                conditions.setPlain(ESTABLISHED, "False", "Installing", "the initial names have been accepted", now);
            } else if (conditions.get(ESTABLISHED) == null) {
                conditions.setPlain(ESTABLISHED, "False", "NotAccepted", "not all names are accepted", now);
            }
        }
        boolean settled =
                Checks.same(names, accepted) && Checks.same(conditions.list(), Json.at(crd, "status", "conditions"));
        return settled ? Plan.NOTHING : status(self, names, accepted, conditions, "settled its names");
    }

    private static Plan establish(StoredObject self, Conditions conditions, Instant now) {
        JsonNode accepted = conditions.get(NAMES_ACCEPTED);
        JsonNode established = conditions.get(ESTABLISHED);
        if (accepted == null
                || !Json.text(accepted, "status").equals("True")
                || (established != null && Json.text(established, "status").equals("True"))) {
            return Plan.NOTHING;
        }
        conditions.setPlain(ESTABLISHED, "True", "InitialNamesAccepted", "the initial names have been accepted", now);
        return status(self, Json.object(), Json.object(), conditions, "its kind is served");
    }

    private static Plan status(
            StoredObject self, ObjectNode names, JsonNode before, Conditions conditions, String why) {
        ObjectNode patch = Json.object();
        ObjectNode status = patch.putObject("status");
        status.set("conditions", conditions.list());
        ObjectNode changed = status.putObject("acceptedNames");
        before.fieldNames().forEachRemaining(field -> {
            if (!names.has(field) && !names.isEmpty()) {
                changed.putNull(field);
            }
        });
        changed.setAll(names);
        return Plan.of(List.of(
                new Action.Patch(self.key(), self.uid(), self.revision(), "status", patch, because(self, why))));
    }

    /** What the names of one definition come to, given those that others of its group have. */
    private static final class Claims {
        private final Set<String> resources = new HashSet<>();
        private final Set<String> kinds = new HashSet<>();
        private @org.jspecify.annotations.Nullable String refusal;
        private String message = "";

        Claims(StoredObject self, JsonNode crd, View view) {
            String group = "." + Json.text(crd, "spec", "group");
            for (StoredObject other : view.list(CustomResourceDefinitionKind.NAME)) {
                if (!other.key().equals(self.key()) && other.key().name().endsWith(group)) {
                    JsonNode tree = other.tree();
                    if (("." + Json.text(tree, "spec", "group")).equals(group)) {
                        claim(Json.at(tree, "status", "acceptedNames"));
                    }
                }
            }
        }

        private void claim(JsonNode names) {
            resources.add(Json.text(names, "plural"));
            resources.add(Json.text(names, "singular"));
            names.path("shortNames").forEach(name -> resources.add(name.asText()));
            kinds.add(Json.text(names, "kind"));
            kinds.add(Json.text(names, "listKind"));
        }

        ObjectNode settle(JsonNode wanted, JsonNode accepted) {
            ObjectNode names = accepted instanceof ObjectNode before ? before.deepCopy() : Json.object();
            one(wanted, names, "plural", resources, "PluralConflict");
            one(wanted, names, "singular", resources, "SingularConflict");
            shortNames(wanted.path("shortNames"), names);
            one(wanted, names, "kind", kinds, "KindConflict");
            one(wanted, names, "listKind", kinds, "ListKindConflict");
            copy(wanted, names, "categories");
            return names;
        }

        private void one(JsonNode wanted, ObjectNode names, String field, Set<String> taken, String reason) {
            String name = Json.text(wanted, field);
            if (name.equals(Json.text(names, field)) || !taken.contains(name)) {
                names.put(field, name);
            } else {
                refuse(reason, "\"" + name + "\" is already in use");
            }
        }

        private void shortNames(JsonNode wanted, ObjectNode names) {
            Set<String> own = new HashSet<>();
            names.path("shortNames").forEach(name -> own.add(name.asText()));
            List<String> refused = new ArrayList<>();
            wanted.forEach(name -> {
                if (!own.contains(name.asText()) && resources.contains(name.asText())) {
                    refused.add("\"" + name.asText() + "\" is already in use");
                }
            });
            if (refused.isEmpty()) {
                copyList(wanted, names, "shortNames");
            } else {
                refuse(
                        "ShortNamesConflict",
                        refused.size() == 1 ? refused.getFirst() : "[" + String.join(", ", refused) + "]");
            }
        }

        private void refuse(String reason, String why) {
            refusal = reason;
            message = why;
        }

        private static void copy(JsonNode wanted, ObjectNode names, String field) {
            copyList(wanted.path(field), names, field);
        }

        private static void copyList(JsonNode list, ObjectNode names, String field) {
            if (list.isEmpty()) {
                names.remove(field);
            } else {
                names.set(field, list);
            }
        }
    }

    // ---- the end

    private static Plan clear(StoredObject self, ObjectNode crd, View view, Instant now) {
        JsonNode finalizers = Json.at(crd, "metadata", "finalizers");
        ArrayNode others = Json.array();
        finalizers.forEach(name -> {
            if (!name.asText().equals(CustomResourceDefinitionKind.FINALIZER)) {
                others.add(name);
            }
        });
        if (others.size() == finalizers.size()) {
            return Plan.NOTHING;
        }
        List<StoredObject> left = new ArrayList<>();
        KindName kind = new KindName(Json.text(crd, "spec", "group"), Json.text(crd, "spec", "names", "plural"));
        view.list(kind).forEach(left::add);
        if (!left.isEmpty()) {
            return deleteAll(self, crd, left, now);
        }
        Duration quiet = Duration.between(now, self.revision().instant().plus(QUIET));
        if (quiet.isPositive()) {
            return Plan.lookAgainIn(quiet);
        }
        ObjectNode patch = Json.object();
        patch.putObject("metadata").set("finalizers", others);
        return Plan.of(List.of(new Action.Patch(
                self.key(), self.uid(), self.revision(), "", patch, because(self, "none of its objects is left"))));
    }

    private static Plan deleteAll(StoredObject self, ObjectNode crd, List<StoredObject> left, Instant now) {
        List<Action> actions = new ArrayList<>();
        Conditions conditions = new Conditions(crd.path("status"));
        conditions.setPlain(
                TERMINATING, "True", "InstanceDeletionInProgress", "CustomResource deletion is in progress", now);
        if (!Checks.same(conditions.list(), Json.at(crd, "status", "conditions"))) {
            ObjectNode patch = Json.object();
            patch.putObject("status").set("conditions", conditions.list());
            actions.add(new Action.Patch(
                    self.key(), self.uid(), self.revision(), "status", patch, because(self, "deletes its objects")));
        }
        for (StoredObject object : left) {
            if (!object.isTerminating() && actions.size() < BATCH) {
                actions.add(new Action.Delete(
                        object.key(), object.uid(), null, "Background", because(self, "its kind is being deleted")));
            }
        }
        return Plan.of(actions);
    }

    private static Action.Because because(StoredObject self, String why) {
        return new Action.Because(why, self.revision(), List.of());
    }
}
