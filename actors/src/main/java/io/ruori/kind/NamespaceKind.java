package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Namespaces. One is gone only after its own finalizers are, which its reconciler removes when it is empty. */
public final class NamespaceKind {
    public static final KindName NAME = KindName.core("namespaces");
    static final String FINALIZER = "kubernetes";
    static final String NAME_LABEL = "kubernetes.io/metadata.name";
    private static final String SCHEMA = "io.k8s.api.core.v1.Namespace";

    private static final List<String> FIRST = List.of("default", "kube-system", "kube-public", "kube-node-lease");

    private NamespaceKind() {}

    private static ObjectNode first(String name) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        return namespace;
    }

    /**
     * @param rootCa PEM of the cluster's CA, published in every namespace; empty for none
     * @param contents the kinds that live in namespaces
     */
    static Kind with(String rootCa, List<KindName> contents) {
        KindBuilder kind = descriptor();
        kind.reconciler(NamespaceReconciler.COMPONENT, new NamespaceReconciler(rootCa, contents));
        contents.forEach(name -> kind.wokenBy(new Wakes(name, NamespaceKind::wake)));
        FIRST.forEach(name -> kind.firstObject(first(name)));
        return kind.build();
    }

    /** A namespace cares for what it must have, and while it is being cleared for all that comes and goes. */
    private static void wake(Change change, View view, Consumer<ObjectKey> wake) {
        ObjectKey key = change.key();
        boolean furniture =
                key.name().equals(NamespaceReconciler.ACCOUNT) || key.name().equals(NamespaceReconciler.ROOT_CA);
        if (furniture || change.after() == null || change.before() == null) {
            ObjectKey namespace = new ObjectKey(NAME, "", key.namespace());
            StoredObject found = view.get(namespace);
            if (found != null && (furniture || found.isTerminating())) {
                wake.accept(namespace);
            }
        }
    }

    private static KindBuilder descriptor() {
        return Kind.of("", "v1", "Namespace", "namespaces", SCHEMA)
                .clusterScoped()
                .shortNames("ns")
                .verbs(Set.of("create", "delete", "get", "list", "patch", "update", "watch"))
                .status()
                .rules(new Rules())
                .columns(
                        Columns.name(),
                        Columns.text(
                                "Status",
                                "Whether the namespace is active or going away.",
                                ns -> Json.text(ns, "status", "phase")),
                        Columns.age())
                .selectable("status.phase", ns -> Json.text(ns, "status", "phase"))
                .subresource(new Subresource(
                        "finalize",
                        "",
                        "v1",
                        "Namespace",
                        SCHEMA,
                        Set.of("update"),
                        JsonNode::deepCopy,
                        NamespaceKind::finalize));
    }

    /** Only the namespace's own finalizers can be changed here. */
    private static Subresource.Folded finalize(ObjectNode live, JsonNode edited, Instant now) {
        FieldErrors errors = new FieldErrors();
        JsonNode finalizers = Json.at(edited, "spec", "finalizers");
        for (int i = 0; i < finalizers.size(); i++) {
            MetaRules.namespaceFinalizer(finalizers.get(i).asText(), "spec.finalizers[" + i + "]", errors);
        }
        if (!errors.isEmpty()) {
            return new Subresource.Folded.Refused(
                    ApiStatus.invalid("", "Namespace", Json.text(live, "metadata", "name"), errors.all()));
        }
        ObjectNode spec = Json.child(live, "spec");
        if (finalizers.isEmpty()) {
            spec.remove("finalizers");
        } else {
            spec.set("finalizers", finalizers.deepCopy());
        }
        return new Subresource.Folded.Into(live);
    }

    private static final class Rules implements KindRules {
        @Override
        public NameRule nameRule() {
            return NameRule.DNS_LABEL;
        }

        @Override
        public void prepareCreate(ObjectNode namespace) {
            namespace.putObject("status").put("phase", "Active");
            for (JsonNode finalizer : Json.list(Json.child(namespace, "spec"), "finalizers")) {
                if (finalizer.asText().equals(FINALIZER)) {
                    return;
                }
            }
            Json.list(Json.child(namespace, "spec"), "finalizers").add(FINALIZER);
        }

        /** The name as a label, so that selectors can name a namespace. */
        @Override
        public void applyDefaults(ObjectNode namespace) {
            String name = Json.text(namespace, "metadata", "name");
            if (!name.isEmpty()) {
                Json.child(Json.child(namespace, "metadata"), "labels").put(NAME_LABEL, name);
            }
        }

        @Override
        public void prepareUpdate(ObjectNode updated, JsonNode old) {
            JsonNode finalizers = Json.at(old, "spec", "finalizers");
            if (finalizers.isEmpty()) {
                Json.child(updated, "spec").remove("finalizers");
            } else {
                Json.child(updated, "spec").set("finalizers", finalizers);
            }
        }

        @Override
        public void validateCreate(JsonNode namespace, FieldErrors errors) {
            for (JsonNode finalizer : Json.at(namespace, "spec", "finalizers")) {
                MetaRules.namespaceFinalizer(finalizer.asText(), "spec.finalizers", errors);
            }
        }

        /** An update writes nothing that create checks. */
        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {}

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            boolean terminating = updated.path("metadata").hasNonNull("deletionTimestamp");
            String phase = Json.text(updated, "status", "phase");
            if (!terminating && !phase.equals("Active")) {
                errors.invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
            }
            if (terminating && !phase.equals("Terminating")) {
                errors.invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
            }
        }

        @Override
        public boolean holdsDeletion(JsonNode namespace) {
            return !Json.at(namespace, "spec", "finalizers").isEmpty();
        }

        @Override
        public void onTerminating(ObjectNode namespace) {
            Json.child(namespace, "status").put("phase", "Terminating");
        }
    }
}
