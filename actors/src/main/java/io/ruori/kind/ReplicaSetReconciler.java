package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of Pods. One plan does one of these, in this order: take and release Pods, record a loss, make or delete Pods,
 * bring the status up to date.
 *
 * <p>A loss is recorded in the status before it is made good. That write gives the set a new revision, and with it a new
 * sequence of Pod names (see {@link PodNames}); while Pods are being made the status is left alone for up to a second, so that
 * the sequence stands and a plan repeated from a stale view meets its own Pods.
 */
final class ReplicaSetReconciler implements Reconciler {
    static final String COMPONENT = "replicaset-controller";

    /** The condition that says that Pods cannot be made. */
    static final String FAILURE = "ReplicaFailure";

    /** Pods made or deleted by one plan. */
    static final int BATCH = 500;

    private static final Duration STATUS_PAUSE = Duration.ofSeconds(1);

    /** Pods that become ready within this time are counted by one write; the last of them is never kept waiting. */
    private static final Duration GATHER = Duration.ofMillis(25);

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        ReplicaSetDigest set = ReplicaSetDigest.of(self);
        List<StoredObject> owned = Ownership.controlled(view, PodKind.NAME, self);
        List<Action> claims = claims(self, set, view, owned);
        if (!claims.isEmpty()) {
            return Plan.of(claims);
        }
        List<StoredObject> active = new ArrayList<>(owned.size());
        for (StoredObject pod : owned) {
            if (isActive(pod) && set.selector().matches(pod.labels())) {
                active.add(pod);
            }
        }
        Count count = Count.of(active, set, now);
        Plan plan = plan(self, set, view, now, active, count, lastLoss(self, owned));
        return count.nextAvailable == null ? plan : plan.againIn(count.nextAvailable);
    }

    private static boolean isActive(StoredObject pod) {
        return !pod.isTerminating() && !PodDigest.of(pod).isFinished();
    }

    private static List<Action> claims(StoredObject self, ReplicaSetDigest set, View view, List<StoredObject> owned) {
        List<Action> claims = new ArrayList<>();
        for (StoredObject orphan : Ownership.adoptable(view, PodKind.NAME, self, set.selector())) {
            if (!PodDigest.of(orphan).isFinished()) {
                claims.add(Ownership.adopt(ReplicaSetKind.KIND, self, orphan));
            }
        }
        for (StoredObject pod : owned) {
            if (!self.isTerminating() && isActive(pod) && !set.selector().matches(pod.labels())) {
                claims.add(Ownership.release(self, pod));
            }
        }
        return claims;
    }

    /** What happened last to those of its Pods that do not count any more, or to itself. A Pod that is gone tells nothing. */
    private static Revision lastLoss(StoredObject self, List<StoredObject> owned) {
        Revision last = self.revision();
        for (StoredObject pod : owned) {
            if (!isActive(pod) && pod.revision().isAfter(last)) {
                last = pod.revision();
            }
        }
        return last;
    }

    private static Plan plan(
            StoredObject self,
            ReplicaSetDigest set,
            View view,
            Instant now,
            List<StoredObject> active,
            Count count,
            Revision lastLoss) {
        Duration age = Duration.between(self.revision().instant(), now);
        long missing = self.isTerminating() ? 0 : set.replicas() - active.size();
        boolean lossToRecord = missing > 0 && active.size() < set.status().replicas();
        Optional<Action> status = status(self, set, count, active.size(), lossToRecord ? lastLoss : self.revision());
        if (missing == 0 && status.isPresent() && age.compareTo(GATHER) < 0 && isOnTheWay(set, count)) {
            return Plan.lookAgainIn(GATHER.minus(age));
        }
        if (missing == 0 || lossToRecord) {
            return Plan.of(status.stream().toList());
        }
        List<Action> actions = new ArrayList<>();
        if (missing > 0) {
            // What was refused is tried with one Pod, so that a full quota is not asked by hundreds at every try.
            int batch = set.failing() ? 1 : (int) Math.min(missing, BATCH);
            create(self, view, batch, active.size(), set.replicas(), actions);
        } else {
            delete(self, view, now, active, (int) Math.min(-missing, BATCH), set.replicas(), actions);
        }
        if (age.compareTo(STATUS_PAUSE) >= 0) {
            status.ifPresent(actions::add);
        }
        return Plan.of(actions);
    }

    /** Only more Pods are ready than were, and more are to come. */
    private static boolean isOnTheWay(ReplicaSetDigest set, Count count) {
        ReplicaSetDigest.Counts was = set.status();
        ReplicaSetDigest.Counts is = count.counts;
        return set.observedGeneration() == set.generation()
                && is.replicas() == was.replicas()
                && is.fullyLabeled() == was.fullyLabeled()
                && is.ready() >= was.ready()
                && is.available() >= was.available()
                && is.available() < set.replicas();
    }

    // ---- making Pods

    private static void create(
            StoredObject self, View view, int count, int present, long wanted, List<Action> actions) {
        ObjectNode set = self.tree();
        ObjectNode prototype = prototype(self, set);
        PodNames names = new PodNames(self.key().name(), self.uid(), self.revision());
        Set<String> chosen = new HashSet<>();
        for (int place = 0; actions.size() < count; place++) {
            String name = names.at(place);
            ObjectKey key = new ObjectKey(PodKind.NAME, self.key().namespace(), name);
            if (chosen.add(name) && view.get(key) == null) {
                ObjectNode pod = prototype.deepCopy();
                Json.child(pod, "metadata").put("name", name);
                String why = "made: " + self.key().name() + " wants " + wanted + ", has " + present;
                actions.add(
                        new Action.Create(key, pod, because(self, why, "SuccessfulCreate", "Created pod: " + name)));
            }
        }
    }

    private static ObjectNode prototype(StoredObject self, JsonNode set) {
        JsonNode template = Json.at(set, "spec", "template");
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("generateName", PodNames.base(self.key().name()));
        metadata.put("namespace", self.key().namespace());
        for (String field : List.of("labels", "annotations", "finalizers")) {
            JsonNode value = template.path("metadata").path(field);
            if (!value.isEmpty()) {
                metadata.set(field, value);
            }
        }
        metadata.putArray("ownerReferences").add(Ownership.controllerReference(ReplicaSetKind.KIND, self));
        pod.set("spec", template.path("spec"));
        return pod;
    }

    @Override
    public List<Action> onRefused(StoredObject self, ApiStatus refusal, Instant now) {
        // As upstream: in a namespace that goes away nothing else is to be expected.
        if (self.isTerminating() || refusal.message().contains("because it is being terminated")) {
            return List.of();
        }
        List<Action> actions = new ArrayList<>();
        Action.Because because =
                new Action.Because("cannot make Pods: " + refusal.message(), self.revision(), List.of());
        Note note = new Note(
                true, "FailedCreate", "Error creating: " + refusal.message(), self.key(), self.uid(), "", COMPONENT);
        actions.add(new Action.Tell(self.key(), note, because));
        if (!ReplicaSetDigest.of(self).failing()) {
            Conditions conditions = new Conditions(self.tree().path("status"));
            conditions.setPlain(FAILURE, "True", "FailedCreate", refusal.message(), now);
            ObjectNode patch = Json.object();
            patch.putObject("status").set("conditions", conditions.list());
            actions.add(new Action.Patch(self.key(), self.uid(), self.revision(), "status", patch, because));
        }
        return actions;
    }

    // ---- deleting Pods

    private static void delete(
            StoredObject self,
            View view,
            Instant now,
            List<StoredObject> active,
            int count,
            long wanted,
            List<Action> actions) {
        String why = "deleted: " + self.key().name() + " wants " + wanted + ", has " + active.size();
        for (StoredObject pod : new DeletionOrder(kin(self, view, active), now).first(active, count)) {
            String message = "Deleted pod: " + pod.key().name();
            actions.add(new Action.Delete(
                    pod.key(), pod.uid(), null, "Background", because(self, why, "SuccessfulDelete", message)));
        }
    }

    /** Active Pods of all ReplicaSets of the same controller. */
    private static List<StoredObject> kin(StoredObject self, View view, List<StoredObject> active) {
        return self.controller()
                .map(owner -> {
                    List<StoredObject> kin = new ArrayList<>();
                    for (StoredObject set : view.ownedBy(ReplicaSetKind.NAME, owner.uid())) {
                        for (StoredObject pod : view.ownedBy(PodKind.NAME, set.uid())) {
                            if (isActive(pod)) {
                                kin.add(pod);
                            }
                        }
                    }
                    return kin;
                })
                .orElse(active);
    }

    private static Action.Because because(StoredObject self, String why, String reason, String message) {
        Note note = new Note(false, reason, message, self.key(), self.uid(), "", COMPONENT);
        return new Action.Because(why, self.revision(), List.of(note));
    }

    // ---- status

    /** What the status should say, and when the next Pod will have been ready for long enough. */
    private record Count(
            ReplicaSetDigest.Counts counts, @Nullable Duration nextAvailable) {

        static Count of(List<StoredObject> active, ReplicaSetDigest set, Instant now) {
            long labeled = 0;
            long ready = 0;
            long available = 0;
            Duration next = null;
            for (StoredObject pod : active) {
                PodDigest digest = PodDigest.of(pod);
                labeled +=
                        pod.labels().entrySet().containsAll(set.templateLabels().entrySet()) ? 1 : 0;
                ready += digest.ready() ? 1 : 0;
                if (digest.isAvailable(set.minReady(), now)) {
                    available++;
                } else if (digest.ready() && digest.readySince() != null) {
                    Duration left = Duration.between(now, digest.readySince().plus(set.minReady()));
                    next = next == null || left.compareTo(next) < 0 ? left : next;
                }
            }
            return new Count(new ReplicaSetDigest.Counts(active.size(), labeled, ready, available), next);
        }
    }

    private static Optional<Action> status(
            StoredObject self, ReplicaSetDigest set, Count count, long active, Revision cause) {
        ReplicaSetDigest.Counts counts = count.counts;
        boolean recovered = set.failing() && active >= set.replicas();
        if (counts.equals(set.status()) && set.observedGeneration() == set.generation() && !recovered) {
            return Optional.empty();
        }
        ObjectNode patch = Json.object();
        ObjectNode status = patch.putObject("status");
        status.put("replicas", counts.replicas());
        putOrDrop(status, "fullyLabeledReplicas", counts.fullyLabeled());
        putOrDrop(status, "readyReplicas", counts.ready());
        putOrDrop(status, "availableReplicas", counts.available());
        status.put("observedGeneration", set.generation());
        if (recovered) {
            Conditions conditions = new Conditions(self.tree().path("status"));
            conditions.remove(FAILURE);
            status.set("conditions", conditions.list().isEmpty() ? null : conditions.list());
        }
        String why = "counted " + counts.replicas() + " Pods, " + counts.ready() + " ready, " + counts.available()
                + " available";
        return Optional.of(new Action.Patch(
                self.key(), self.uid(), self.revision(), "status", patch, new Action.Because(why, cause, List.of())));
    }

    /** Zero counts are left out, as upstream; in a merge patch null removes. */
    static void putOrDrop(ObjectNode status, String field, long value) {
        if (value == 0) {
            status.putNull(field);
        } else {
            status.put(field, value);
        }
    }
}
