package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A cluster on one thread and virtual time: writes are decided at once, kubelets act when told. */
final class MiniCluster {
    static final String NS = "default";
    private static final KindRegistry KINDS = new KindRegistry(Kinds.all("PEM"));

    final List<String> told = new ArrayList<>();
    int collisions;
    private final Map<ObjectKey, StoredObject> objects = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Instant stamped = now;
    private int counter;
    private int uids;
    private int ips;

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    View view() {
        return new SnapshotView(revision(), objects);
    }

    private Revision revision() {
        return Revision.of(stamped.toEpochMilli(), counter, 0);
    }

    private Revision next() {
        counter = stamped.equals(now) ? counter + 1 : 1;
        stamped = now;
        if (counter >= 4095) {
            pass(Duration.ofMillis(1));
            return next();
        }
        return revision();
    }

    // ---- writes

    StoredObject create(KindName kindName, ObjectNode tree) {
        Kind kind = KINDS.get(kindName);
        ObjectNode metadata = Json.child(tree, "metadata");
        if (kind.isNamespaced()) {
            Json.ifAbsent(metadata, "namespace", NS);
        }
        ObjectKey key = kind.keyOf(tree);
        StoredObject existing = objects.get(key);
        if (existing != null) {
            collisions++;
            return existing;
        }
        metadata.put("uid", "uid-" + ++uids).put("creationTimestamp", seconds());
        if (kind.rules().hasGeneration()) {
            metadata.put("generation", 1);
        }
        tree.remove("status");
        kind.rules().prepareCreate(tree);
        kind.rules().applyDefaults(tree);
        FieldErrors errors = new FieldErrors();
        MetaRules.validate(kind, tree, errors);
        kind.rules().validateCreate(tree, errors);
        assertThat(errors.all()).isEmpty();
        return store(kind, tree);
    }

    private String seconds() {
        return now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    }

    private StoredObject store(Kind kind, ObjectNode tree) {
        StoredObject stored = kind.store(tree, next());
        objects.put(stored.key(), stored);
        return stored;
    }

    /** False when a precondition refused it. */
    boolean patch(
            ObjectKey key, io.ruori.api.@Nullable Uid uid, @Nullable Revision revision, String part, ObjectNode patch) {
        StoredObject live = objects.get(key);
        if (live == null
                || (uid != null && !uid.equals(live.uid()))
                || (revision != null && !revision.equals(live.revision()))) {
            return false;
        }
        Kind kind = KINDS.get(key.kind());
        ObjectNode old = live.tree();
        ObjectNode tree = live.tree();
        merge(tree, patch);
        FieldErrors errors = new FieldErrors();
        if (part.equals("status")) {
            ObjectNode onlyStatus = live.tree();
            onlyStatus.set("status", tree.path("status"));
            tree = onlyStatus;
            kind.rules().validateStatus(tree, old, errors);
        } else if (part.isEmpty()) {
            tree.set("status", old.path("status"));
            kind.rules().prepareUpdate(tree, old);
            kind.rules().applyDefaults(tree);
            MetaRules.validateUpdate(kind, tree, old, errors);
            kind.rules().validateUpdate(tree, old, errors);
            if (kind.rules().hasGeneration() && !tree.path("spec").equals(old.path("spec"))) {
                Json.child(tree, "metadata").put("generation", Json.number(old, 0, "metadata", "generation") + 1);
            }
        } else {
            Subresource sub =
                    java.util.Objects.requireNonNull(kind.subresources().get(part));
            ObjectNode edited = sub.read().apply(old);
            merge(edited, patch);
            Subresource.Folded folded = sub.write().apply(live.tree(), edited, now);
            if (!(folded instanceof Subresource.Folded.Into into)) {
                return false;
            }
            tree = into.object();
        }
        assertThat(errors.all()).isEmpty();
        finish(kind, tree);
        return true;
    }

    private void finish(Kind kind, ObjectNode tree) {
        JsonNode metadata = tree.path("metadata");
        boolean over = metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && Json.number(metadata, 0, "deletionGracePeriodSeconds") == 0
                && !kind.rules().holdsDeletion(tree);
        if (over) {
            next();
            objects.remove(kind.keyOf(tree));
        } else {
            store(kind, tree);
        }
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isNull()) {
                into.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode child) {
                merge(Json.child(into, field.getKey()), child);
            } else {
                into.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }

    void delete(ObjectKey key, long grace) {
        delete(key, grace, "Background");
    }

    void delete(ObjectKey key, long grace, String propagation) {
        StoredObject live = objects.get(key);
        if (live == null) {
            return;
        }
        Kind kind = KINDS.get(key.kind());
        ObjectNode tree = live.tree();
        ObjectNode metadata = Json.child(tree, "metadata");
        if (!metadata.has("deletionTimestamp")) {
            metadata.put("deletionTimestamp", seconds());
        }
        metadata.set("deletionGracePeriodSeconds", Json.number(kind.rules().gracePeriodSeconds(tree, grace)));
        if (propagation.equals("Foreground")) {
            Json.list(metadata, "finalizers").add("foregroundDeletion");
        } else if (propagation.equals("Orphan")) {
            Json.list(metadata, "finalizers").add("orphan");
        }
        kind.rules().onTerminating(tree);
        finish(kind, tree);
    }

    // ---- plans

    /** True when everything in it was accepted (or was there already). */
    boolean carryOut(Plan plan) {
        boolean clean = true;
        for (Action action : plan.actions()) {
            boolean done = switch (action) {
                case Action.Create create -> createAbsent(create);
                case Action.Patch patch ->
                    patch(patch.key(), patch.uid(), patch.revision(), patch.subresource(), patch.mergePatch());
                case Action.Delete delete -> deleteMatching(delete);
                case Action.Do own -> carryOut(own);
                case Action.Tell tell ->
                    told.add(tell.note().reason() + ": " + tell.note().message());
            };
            if (done) {
                for (Note note : action.because().notes()) {
                    told.add(note.reason() + ": " + note.message());
                }
            }
            clean &= done;
        }
        return clean;
    }

    private boolean carryOut(Action.Do own) {
        StoredObject live = objects.get(own.key());
        if (live == null || !live.uid().equals(own.uid())) {
            return false;
        }
        if (own.deed().on(live.tree(), now) instanceof Subresource.Folded.Into into) {
            store(KINDS.get(own.key().kind()), into.object());
            return true;
        }
        return false;
    }

    private boolean createAbsent(Action.Create create) {
        boolean absent = !objects.containsKey(create.key());
        create(create.key().kind(), create.body().deepCopy());
        return absent;
    }

    private boolean deleteMatching(Action.Delete delete) {
        StoredObject live = objects.get(delete.key());
        if (live == null || !live.uid().equals(delete.uid())) {
            return false;
        }
        if (delete.revision() != null && !delete.revision().equals(live.revision())) {
            return false;
        }
        delete(delete.key(), -1, delete.propagation());
        return true;
    }

    Plan plan(StoredObject self, View view) {
        return KINDS.get(self.key().kind()).reconciler().orElseThrow().reconcile(self, view, now);
    }

    /** A creation that the reconciler planned was refused. */
    void refuse(StoredObject self, ApiStatus why) {
        Reconciler reconciler = KINDS.get(self.key().kind()).reconciler().orElseThrow();
        carryOut(Plan.of(reconciler.onRefused(self, why, now)));
    }

    /** One look of every reconciler of a kind; true if any had something to do. */
    boolean reconcile(KindName kind) {
        boolean busy = false;
        for (StoredObject object : list(kind)) {
            StoredObject live = objects.get(object.key());
            if (live != null) {
                Plan plan = plan(live, view());
                boolean soon =
                        plan.lookAgain().filter(wait -> wait.toMillis() < 100).isPresent();
                busy |= soon || !plan.actions().isEmpty();
                carryOut(plan);
            }
        }
        return busy;
    }

    /** Lets reconcilers alone act until none has anything to do. */
    void reconcileAll() {
        for (int round = 0; round < 500; round++) {
            boolean busy = reconcile(DeploymentKind.NAME);
            busy |= reconcile(ReplicaSetKind.NAME);
            if (!busy) {
                return;
            }
            pass(Duration.ofMillis(5));
        }
        throw new AssertionError("no fixed point");
    }

    /** Reconcilers and kubelets act until nothing changes any more. */
    void settle() {
        for (int round = 0; round < 500; round++) {
            reconcileAll();
            if (!kubelets()) {
                return;
            }
            pass(Duration.ofMillis(1100));
        }
        throw new AssertionError("never settles");
    }

    // ---- kubelets

    /** Every kubelet does what is to be done; true if anything was. */
    boolean kubelets() {
        boolean busy = false;
        for (StoredObject pod : list(PodKind.NAME)) {
            busy |= kubelet(pod.key());
        }
        return busy;
    }

    boolean kubelet(ObjectKey key) {
        StoredObject pod = objects.get(key);
        if (pod == null) {
            return false;
        }
        if (pod.isTerminating()) {
            delete(key, 0);
            return true;
        }
        if (pod.field("spec.nodeName").isEmpty()) {
            bind(key, "node-" + uids % 3);
            return true;
        }
        if (PodDigest.of(pod).ready() || PodDigest.of(pod).isFinished() || isBroken(pod)) {
            return false;
        }
        ready(key, true);
        return true;
    }

    /** Images called broken never get ready. */
    private static boolean isBroken(StoredObject pod) {
        return Json.text(pod.tree().path("spec").path("containers").path(0), "image")
                .contains("broken");
    }

    void bind(ObjectKey key, String node) {
        ObjectNode binding = Json.object();
        binding.putObject("target").put("name", node);
        patch(key, null, null, "binding", binding);
    }

    void ready(ObjectKey key, boolean ready) {
        ObjectNode patch = Json.object();
        ObjectNode status = patch.putObject("status").put("phase", "Running").put("podIP", "10.0.0." + ++ips);
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False")
                .put("lastTransitionTime", seconds());
        patch(key, null, null, "status", patch);
    }

    void phase(ObjectKey key, String phase) {
        ObjectNode patch = Json.object();
        patch.putObject("status").put("phase", phase);
        patch(key, null, null, "status", patch);
    }

    void forget(ObjectKey key) {
        next();
        objects.remove(key);
    }

    // ---- looking

    List<StoredObject> list(KindName kind) {
        return objects.values().stream()
                .filter(o -> o.key().kind().equals(kind))
                .toList();
    }

    List<StoredObject> activePods() {
        return list(PodKind.NAME).stream()
                .filter(pod -> !pod.isTerminating() && !PodDigest.of(pod).isFinished())
                .toList();
    }

    long readyPods() {
        return activePods().stream().filter(pod -> PodDigest.of(pod).ready()).count();
    }

    static KindRegistry kinds() {
        return KINDS;
    }

    StoredObject get(KindName kind, String name) {
        return java.util.Objects.requireNonNull(objects.get(KINDS.get(kind).key(NS, name)));
    }

    boolean exists(KindName kind, String name) {
        return objects.containsKey(KINDS.get(kind).key(NS, name));
    }

    ObjectNode tree(KindName kind, String name) {
        return get(kind, name).tree();
    }

    // ---- Deployments

    static ObjectNode deployment(String name, int replicas, String image) {
        return Json.read("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%s","labels":{"app":"%s"}},
             "spec":{"replicas":%d,"selector":{"matchLabels":{"app":"%s"}},
              "template":{"metadata":{"labels":{"app":"%s"}},"spec":{"containers":[{"name":"web","image":"%s"}]}}}}
            """.formatted(name, name, replicas, name, name, image));
    }

    void apply(String name, String mergePatch) {
        assertThat(patch(KINDS.get(DeploymentKind.NAME).key(NS, name), null, null, "", Json.read(mergePatch)))
                .isTrue();
    }

    void image(String name, String image) {
        apply(name, """
            {"spec":{"template":{"spec":{"containers":[{"name":"web","image":"%s"}]}}}}\
            """.formatted(image));
    }

    /** The sets' sizes by image, for Deployments whose sets differ in it. */
    Map<String, Long> sizes() {
        Map<String, Long> sizes = new TreeMap<>();
        for (StoredObject set : list(ReplicaSetKind.NAME)) {
            sizes.put(image(set), ReplicaSetDigest.of(set).replicas());
        }
        return sizes;
    }

    static String image(StoredObject set) {
        return Json.text(
                Json.at(set.tree(), "spec", "template", "spec", "containers").path(0), "image");
    }

    StoredObject setOf(String image) {
        return list(ReplicaSetKind.NAME).stream()
                .filter(set -> image(set).equals(image))
                .findFirst()
                .orElseThrow();
    }

    @Nullable
    JsonNode condition(String deployment, String type) {
        return new Conditions(tree(DeploymentKind.NAME, deployment).path("status")).get(type);
    }
}
