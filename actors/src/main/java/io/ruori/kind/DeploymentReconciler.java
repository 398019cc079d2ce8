package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Note;
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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rolls a template out over ReplicaSets: one for the present template, found by equality and else made, and the old ones, sized
 * by {@link Rollout}. Each plan takes one step; the sets' statuses bring the next. A plan changes every ReplicaSet at most once
 * and the Deployment at most once, so its actions cannot meet each other.
 */
final class DeploymentReconciler implements Reconciler {
    static final String COMPONENT = "deployment-controller";

    /** What is the Deployment's or its sets' own business, or would only repeat the whole manifest. */
    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            ReplicaSetEdit.REVISION,
            ReplicaSetEdit.REVISION_HISTORY,
            ReplicaSetEdit.DESIRED,
            ReplicaSetEdit.MAX,
            "deprecated.deployment.rollback.to");

    private static final int HISTORY_CHARACTERS = 2000;

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        DeploymentSpec deployment = DeploymentSpec.of(self);
        List<StoredObject> owned = Ownership.controlled(view, ReplicaSetKind.NAME, self);
        List<Action> claims = claims(self, deployment, view, owned);
        return claims.isEmpty() ? new Step(deployment, view, now, rollout(deployment, owned)).plan() : Plan.of(claims);
    }

    private static List<Action> claims(
            StoredObject self, DeploymentSpec deployment, View view, List<StoredObject> owned) {
        List<Action> claims = new ArrayList<>();
        for (StoredObject orphan : Ownership.adoptable(view, ReplicaSetKind.NAME, self, deployment.selector())) {
            claims.add(Ownership.adopt(DeploymentKind.KIND, self, orphan));
        }
        for (StoredObject set : owned) {
            if (!self.isTerminating() && !deployment.selector().matches(set.labels())) {
                claims.add(Ownership.release(self, set));
            }
        }
        return claims;
    }

    private static Rollout rollout(DeploymentSpec deployment, List<StoredObject> owned) {
        List<ReplicaSetEdit> sets = new ArrayList<>();
        owned.forEach(set -> sets.add(new ReplicaSetEdit(set)));
        sets.sort(Rollout.OLDEST_FIRST);
        ReplicaSetEdit current = sets.stream()
                .filter(set -> set.digest().fingerprint().equals(deployment.fingerprint()))
                .findFirst()
                .orElse(null);
        sets.remove(current);
        return new Rollout(deployment, current, sets);
    }

    static Note note(DeploymentSpec deployment, String reason, String message) {
        return new Note(
                false,
                reason,
                message,
                deployment.object().key(),
                deployment.object().uid(),
                "",
                COMPONENT);
    }

    /** The making of one plan. */
    private static final class Step {
        private final DeploymentSpec deployment;
        private final View view;
        private final Rollout rollout;
        private final DeploymentStatus status;
        private final List<Action> actions = new ArrayList<>();
        private boolean watchProgress = true;

        Step(DeploymentSpec deployment, View view, Instant now, Rollout rollout) {
            this.deployment = deployment;
            this.view = view;
            this.rollout = rollout;
            this.status = new DeploymentStatus(deployment, now);
        }

        Plan plan() {
            if (deployment.object().isTerminating()) {
                watchProgress = false;
            } else {
                status.notePause();
                size();
            }
            rollout.all().forEach(set -> set.patch(deployment).ifPresent(actions::add));
            describeSelf();
            Plan plan = Plan.of(actions);
            return status.untilLate().map(left -> plan.againIn(soon(left))).orElse(plan);
        }

        /** A second more than the deadline, so that the look finds it passed although times have whole seconds. */
        private static Duration soon(Duration left) {
            return left.isNegative() ? Duration.ofSeconds(1) : left.plusSeconds(1);
        }

        private void size() {
            ReplicaSetEdit current = rollout.current();
            if (current != null) {
                annotateCurrent(current);
            }
            if (deployment.paused() || rollout.isScalingEvent()) {
                watchProgress = false;
                rollout.scale();
                if (deployment.paused()) {
                    cleanUp();
                }
            } else if (deployment.rolling()) {
                roll(current);
            } else {
                recreate(current);
            }
        }

        private void roll(@Nullable ReplicaSetEdit current) {
            if (current == null) {
                create();
            } else {
                status.noteFound(current.name());
                if (!rollout.stepUp(current)) {
                    rollout.stepDown(current);
                }
                cleanUpWhenComplete();
            }
        }

        private void recreate(@Nullable ReplicaSetEdit current) {
            rollout.stopOld();
            if (rollout.isResized() || oldPodsRemain()) {
                return;
            }
            if (current == null) {
                create();
            } else {
                status.noteFound(current.name());
                if (current.replicas() != deployment.replicas()) {
                    current.scale(deployment, deployment.replicas());
                }
                cleanUpWhenComplete();
            }
        }

        /** Terminating Pods count: recreating means that old and new never run side by side. */
        private boolean oldPodsRemain() {
            for (ReplicaSetEdit set : rollout.old()) {
                if (set.digest().status().replicas() > 0) {
                    return true;
                }
                for (StoredObject pod : view.ownedBy(PodKind.NAME, set.object().uid())) {
                    if (pod.isControlledBy(set.object().uid())
                            && !PodDigest.of(pod).isFinished()) {
                        return true;
                    }
                }
            }
            return false;
        }

        // ---- the set of the present template

        private long nextRevision() {
            return 1
                    + rollout.old().stream()
                            .mapToLong(ReplicaSetEdit::revision)
                            .max()
                            .orElse(0);
        }

        private void annotateCurrent(ReplicaSetEdit current) {
            deployment.annotations().forEach((name, value) -> {
                if (!NOT_COPIED.contains(name)) {
                    current.annotate(name, value);
                }
            });
            long revision = current.revision();
            long next = nextRevision();
            if (revision < next) {
                current.annotate(ReplicaSetEdit.REVISION, Long.toString(next));
                if (current.digest().annotations().containsKey(ReplicaSetEdit.REVISION)) {
                    current.annotate(
                            ReplicaSetEdit.REVISION_HISTORY,
                            history(current.annotation(ReplicaSetEdit.REVISION_HISTORY), Long.toString(revision)));
                }
            }
            current.minReadySeconds(deployment.minReadySeconds());
        }

        /** Revisions a set had before it was rolled back to; the oldest are dropped when they grow too long. */
        private static String history(String before, String revision) {
            String history = before.isEmpty() ? revision : before + "," + revision;
            while (history.length() > HISTORY_CHARACTERS) {
                history = history.substring(history.indexOf(',') + 1);
            }
            return history;
        }

        private void create() {
            String hash = TemplateHash.of(deployment.template(), deployment.collisions());
            ObjectKey key = new ObjectKey(
                    ReplicaSetKind.NAME, deployment.object().key().namespace(), deployment.name() + "-" + hash);
            if (view.get(key) != null) {
                // Another template's set, or somebody else's: a different hash will do.
                status.collided();
                return;
            }
            long size = rollout.currentSize(0);
            status.noteCreated(key.name());
            List<Note> notes = size == 0
                    ? List.of()
                    : List.of(note(
                            deployment,
                            "ScalingReplicaSet",
                            "Scaled up replica set " + key.name() + " from 0 to " + size));
            actions.add(new Action.Create(
                    key,
                    body(key, hash, size),
                    new Action.Because(
                            "rolls out revision " + nextRevision() + " of " + deployment.name(),
                            deployment.object().revision(),
                            notes)));
        }

        private ObjectNode body(ObjectKey key, String hash, long size) {
            ObjectNode set = Json.object().put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
            ObjectNode template = deployment.template().deepCopy();
            ObjectNode labels = Json.child(Json.child(template, "metadata"), "labels");
            labels.put(TemplateHash.LABEL, hash);
            ObjectNode metadata = set.putObject("metadata");
            metadata.put("name", key.name()).put("namespace", key.namespace());
            metadata.set("labels", labels.deepCopy());
            ObjectNode annotations = metadata.putObject("annotations");
            deployment.annotations().forEach((name, value) -> {
                if (!NOT_COPIED.contains(name)) {
                    annotations.put(name, value);
                }
            });
            annotations.put(ReplicaSetEdit.REVISION, Long.toString(nextRevision()));
            annotations.put(ReplicaSetEdit.DESIRED, Long.toString(deployment.replicas()));
            annotations.put(ReplicaSetEdit.MAX, Long.toString(deployment.most()));
            metadata.putArray("ownerReferences")
                    .add(Ownership.controllerReference(DeploymentKind.KIND, deployment.object()));
            ObjectNode spec = set.putObject("spec");
            spec.put("replicas", size);
            if (deployment.minReadySeconds() > 0) {
                spec.put("minReadySeconds", deployment.minReadySeconds());
            }
            ObjectNode selector = Json.at(deployment.tree(), "spec", "selector").deepCopy();
            Json.child(selector, "matchLabels").put(TemplateHash.LABEL, hash);
            spec.set("selector", selector);
            spec.set("template", template);
            return set;
        }

        // ---- history

        private void cleanUpWhenComplete() {
            if (!rollout.isResized() && status.isComplete(deployment.status())) {
                cleanUp();
            }
        }

        private void cleanUp() {
            for (ReplicaSetEdit set : rollout.expired()) {
                actions.add(new Action.Delete(
                        set.object().key(),
                        set.object().uid(),
                        set.object().revision(),
                        "Background",
                        new Action.Because(
                                "beyond the history limit of " + deployment.historyLimit(),
                                deployment.object().revision(),
                                List.of())));
            }
        }

        // ---- the Deployment itself

        /**
         * Its revision annotation or its status, never both in one plan, since each write expects the revision before it. The
         * status goes first when a set is made, because that the deadline starts must not be lost.
         */
        private void describeSelf() {
            Optional<ObjectNode> next = status.compute(rollout, watchProgress);
            boolean creates = actions.stream().anyMatch(Action.Create.class::isInstance);
            String revision = rollout.current() == null ? "" : rollout.current().annotation(ReplicaSetEdit.REVISION);
            boolean annotate = !deployment.object().isTerminating()
                    && !creates
                    && !revision.isEmpty()
                    && !revision.equals(deployment.annotations().getOrDefault(ReplicaSetEdit.REVISION, ""));
            if (annotate) {
                ObjectNode patch = Json.object();
                patch.putObject("metadata").putObject("annotations").put(ReplicaSetEdit.REVISION, revision);
                actions.add(self("", patch, "is at revision " + revision));
            } else {
                next.ifPresent(changed -> actions.add(self("status", status.patch(changed), summary(changed))));
            }
        }

        private static String summary(JsonNode status) {
            return "counted " + Json.number(status, 0, "updatedReplicas") + " updated, "
                    + Json.number(status, 0, "availableReplicas") + " available";
        }

        private Action self(String subresource, ObjectNode patch, String why) {
            StoredObject object = deployment.object();
            return new Action.Patch(
                    object.key(),
                    object.uid(),
                    object.revision(),
                    subresource,
                    patch,
                    new Action.Because(why, object.revision(), List.of()));
        }
    }
}
