package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Furnishes namespaces, and clears them out when they are deleted: Pods first, so that nothing runs without the Secrets and
 * policies it was started with, then the rest; when nothing is left it takes the namespace's finalizer away.
 */
final class NamespaceReconciler implements Reconciler {
    static final String COMPONENT = "namespace-controller";
    static final String ROOT_CA = "kube-root-ca.crt";
    static final String ACCOUNT = "default";

    private static final int BATCH = 500;

    /** Writes admitted just before the termination was seen everywhere may still arrive: look once more after this long. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private static final Duration STATUS_PAUSE = Duration.ofSeconds(1);

    private static final String DESCRIPTION = "kubernetes.io/description";
    private static final String ROOT_CA_DESCRIPTION =
            "Verifies the API server when it is reached by its internal names. Use it for nothing else.";

    private final String rootCa;
    private final List<KindName> contents;

    /**
     * @param rootCa PEM of the cluster's CA; empty where there is none to publish
     * @param contents every kind that lives in namespaces
     */
    NamespaceReconciler(String rootCa, List<KindName> contents) {
        this.rootCa = rootCa;
        this.contents =
                contents.stream().filter(kind -> !kind.equals(EventKind.NAME)).toList();
    }

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        return self.isTerminating() ? clear(self, view, now) : Plan.of(furnish(self, view));
    }

    // ---- an active namespace

    private List<Action> furnish(StoredObject self, View view) {
        List<Action> actions = new ArrayList<>();
        String namespace = self.key().name();
        ObjectKey account = new ObjectKey(ServiceAccountKind.NAME, namespace, ACCOUNT);
        if (view.get(account) == null) {
            ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
            body.putObject("metadata").put("name", ACCOUNT).put("namespace", namespace);
            actions.add(
                    new Action.Create(account, body, because(self, "every namespace has a default service account")));
        }
        if (!rootCa.isEmpty()) {
            rootCa(self, view, new ObjectKey(ConfigMapKind.NAME, namespace, ROOT_CA), actions);
        }
        return actions;
    }

    private void rootCa(StoredObject self, View view, ObjectKey key, List<Action> actions) {
        StoredObject existing = view.get(key);
        if (existing == null) {
            ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
            ObjectNode metadata =
                    body.putObject("metadata").put("name", ROOT_CA).put("namespace", key.namespace());
            metadata.putObject("annotations").put(DESCRIPTION, ROOT_CA_DESCRIPTION);
            body.putObject("data").put("ca.crt", rootCa);
            actions.add(new Action.Create(key, body, because(self, "every namespace has the cluster's CA")));
            return;
        }
        JsonNode data = existing.tree().path("data");
        if (!existing.isTerminating()
                && (data.size() != 1 || !Json.text(data, "ca.crt").equals(rootCa))) {
            ObjectNode patch = Json.object();
            ObjectNode wanted = patch.putObject("data");
            data.fieldNames().forEachRemaining(wanted::putNull);
            wanted.put("ca.crt", rootCa);
            actions.add(new Action.Patch(
                    key, existing.uid(), existing.revision(), "", patch, because(self, "restored the cluster's CA")));
        }
    }

    // ---- a terminating namespace

    private Plan clear(StoredObject self, View view, Instant now) {
        ObjectNode tree = self.tree();
        if (!names(tree).contains(NamespaceKind.FINALIZER)) {
            return Plan.NOTHING;
        }
        Map<KindName, List<StoredObject>> left = contents(self, view);
        List<Action> actions = new ArrayList<>();
        if (left.isEmpty()) {
            Duration quiet = Duration.between(now, self.revision().instant().plus(QUIET));
            if (quiet.isPositive()) {
                return Plan.lookAgainIn(quiet);
            }
            forgetEvents(self, view, actions);
            actions.add(finalizerRemoval(self, tree));
            return Plan.of(actions);
        }
        List<StoredObject> pods = left.get(PodKind.NAME);
        if (pods != null) {
            deleteAll(self, pods, actions);
        } else {
            left.values().forEach(objects -> deleteAll(self, objects, actions));
        }
        return conditions(self, tree, left, now, actions);
    }

    private static Set<String> names(JsonNode namespace) {
        Set<String> names = new TreeSet<>();
        Json.at(namespace, "spec", "finalizers").forEach(finalizer -> names.add(finalizer.asText()));
        return names;
    }

    private Map<KindName, List<StoredObject>> contents(StoredObject self, View view) {
        Map<KindName, List<StoredObject>> left = new TreeMap<>();
        for (KindName kind : contents) {
            for (StoredObject object : view.list(kind, self.key().name())) {
                left.computeIfAbsent(kind, none -> new ArrayList<>()).add(object);
            }
        }
        return left;
    }

    private static void deleteAll(StoredObject self, List<StoredObject> objects, List<Action> actions) {
        for (StoredObject object : objects) {
            if (!object.isTerminating() && actions.size() < BATCH) {
                actions.add(new Action.Delete(
                        object.key(),
                        object.uid(),
                        null,
                        "Background",
                        because(self, "its namespace is being deleted")));
            }
        }
    }

    /** Events need no ceremony; those that are only projections of other writes have nothing to delete. */
    private static void forgetEvents(StoredObject self, View view, List<Action> actions) {
        List<StoredObject> events = new ArrayList<>();
        view.list(EventKind.NAME, self.key().name()).forEach(events::add);
        deleteAll(self, events, actions);
    }

    private static Action finalizerRemoval(StoredObject self, JsonNode namespace) {
        ObjectNode patch = Json.object();
        ArrayNode rest = Json.array();
        names(namespace).stream()
                .filter(name -> !name.equals(NamespaceKind.FINALIZER))
                .forEach(rest::add);
        patch.putObject("spec").set("finalizers", rest);
        return new Action.Patch(
                self.key(), self.uid(), self.revision(), "finalize", patch, because(self, "nothing is left in it"));
    }

    // ---- conditions

    /** Tells what is left, but not more often than once a second. */
    private static Plan conditions(
            StoredObject self,
            ObjectNode tree,
            Map<KindName, List<StoredObject>> left,
            Instant now,
            List<Action> actions) {
        Conditions conditions = new Conditions(tree.path("status"));
        int before = conditions.list().size();
        describe(conditions, left, now);
        boolean changed = !Checks.same(conditions.list(), Json.at(tree, "status", "conditions"));
        if (!changed) {
            return Plan.of(actions);
        }
        Duration wait = Duration.between(now, self.revision().instant().plus(STATUS_PAUSE));
        if (before > 0 && wait.isPositive()) {
            return Plan.of(actions).againIn(wait);
        }
        ObjectNode patch = Json.object();
        patch.putObject("status").set("conditions", conditions.list());
        actions.add(new Action.Patch(
                self.key(), self.uid(), self.revision(), "status", patch, because(self, "told what is left in it")));
        return Plan.of(actions);
    }

    private static void describe(Conditions conditions, Map<KindName, List<StoredObject>> left, Instant now) {
        condition(
                conditions,
                "NamespaceDeletionDiscoveryFailure",
                null,
                "ResourcesDiscovered",
                "All resources successfully discovered",
                now);
        condition(
                conditions,
                "NamespaceDeletionGroupVersionParsingFailure",
                null,
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed",
                now);
        condition(
                conditions,
                "NamespaceDeletionContentFailure",
                null,
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization",
                now);
        List<String> kinds = new ArrayList<>();
        Map<String, Integer> finalizers = new TreeMap<>();
        left.forEach((kind, objects) -> {
            kinds.add(kind.resource() + "." + kind.group() + " has " + objects.size() + " resource instances");
            objects.forEach(object -> count(object, finalizers));
        });
        condition(
                conditions,
                "NamespaceContentRemaining",
                kinds.isEmpty() ? null : "SomeResourcesRemain",
                "ContentRemoved",
                kinds.isEmpty()
                        ? "All content successfully removed"
                        : "Some resources are remaining: " + String.join(", ", kinds),
                now);
        List<String> held = new ArrayList<>();
        finalizers.forEach((name, count) -> held.add(name + " in " + count + " resource instances"));
        condition(
                conditions,
                "NamespaceFinalizersRemaining",
                held.isEmpty() ? null : "SomeFinalizersRemain",
                "ContentHasNoFinalizers",
                held.isEmpty()
                        ? "All content-preserving finalizers finished"
                        : "Some content in the namespace has finalizers remaining: " + String.join(", ", held),
                now);
    }

    private static void count(StoredObject object, Map<String, Integer> finalizers) {
        if (object.isTerminating()) {
            Json.at(object.tree(), "metadata", "finalizers")
                    .forEach(finalizer -> finalizers.merge(finalizer.asText(), 1, Integer::sum));
        }
    }

    /**
     * @param trouble the reason when the condition holds; null when it does not
     */
    private static void condition(
            Conditions conditions, String type, @Nullable String trouble, String fine, String message, Instant now) {
        conditions.setPlain(type, trouble == null ? "False" : "True", trouble == null ? fine : trouble, message, now);
    }

    private static Action.Because because(StoredObject self, String why) {
        return new Action.Because(why, self.revision(), List.of());
    }
}
