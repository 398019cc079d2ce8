package io.ruori.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Note;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One ReplicaSet of a Deployment while a plan is made: what it is, and what is to change about it, folded into one patch. */
final class ReplicaSetEdit {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";

    private final StoredObject object;
    private final ReplicaSetDigest digest;
    private final Map<String, String> annotations = new HashMap<>();
    private final List<Note> notes = new ArrayList<>();
    private long replicas;
    private @Nullable Long minReadySeconds;

    ReplicaSetEdit(StoredObject object) {
        this.object = object;
        this.digest = ReplicaSetDigest.of(object);
        this.replicas = digest.replicas();
    }

    StoredObject object() {
        return object;
    }

    ReplicaSetDigest digest() {
        return digest;
    }

    String name() {
        return object.key().name();
    }

    /** As many as it is to have once the plan is carried out. */
    long replicas() {
        return replicas;
    }

    /** Whether its status tells of Pods made and deleted for its present size. */
    boolean hasActed() {
        return digest.observedGeneration() >= digest.generation();
    }

    /** Those that will still be available when it has no more Pods than it is to have. */
    long surelyAvailable() {
        return Math.min(digest.status().available(), replicas);
    }

    long revision() {
        return Math.max(0, digest.numberAnnotated(REVISION, 0));
    }

    String annotation(String name) {
        return annotations.getOrDefault(name, digest.annotations().getOrDefault(name, ""));
    }

    void annotate(String name, String value) {
        if (!annotation(name).equals(value) || !digest.annotations().containsKey(name)) {
            annotations.put(name, value);
        }
    }

    void minReadySeconds(long seconds) {
        if (digest.minReady().toSeconds() != seconds) {
            minReadySeconds = seconds;
        }
    }

    /** Sets the size, and remembers for proportional scaling what the Deployment's size was at that time. */
    void scale(DeploymentSpec deployment, long size) {
        annotate(DESIRED, Long.toString(deployment.replicas()));
        annotate(MAX, Long.toString(deployment.most()));
        if (size != replicas) {
            notes.clear();
            replicas = size;
            if (size != digest.replicas()) {
                String direction = size > digest.replicas() ? "up" : "down";
                notes.add(DeploymentReconciler.note(
                        deployment,
                        "ScalingReplicaSet",
                        "Scaled " + direction + " replica set " + name() + " from " + digest.replicas() + " to "
                                + size));
            }
        }
    }

    boolean isResized() {
        return replicas != digest.replicas();
    }

    Optional<Action> patch(DeploymentSpec deployment) {
        ObjectNode patch = Json.object();
        if (!annotations.isEmpty()) {
            ObjectNode changed = patch.putObject("metadata").putObject("annotations");
            annotations.forEach(changed::put);
        }
        if (isResized()) {
            Json.child(patch, "spec").put("replicas", replicas);
        }
        if (minReadySeconds != null) {
            Json.child(patch, "spec").put("minReadySeconds", minReadySeconds);
        }
        if (patch.isEmpty()) {
            return Optional.empty();
        }
        String why = isResized()
                ? "scaled from " + digest.replicas() + " to " + replicas + " for " + deployment.name()
                : "brought up to date with " + deployment.name();
        return Optional.of(new Action.Patch(
                object.key(),
                object.uid(),
                object.revision(),
                "",
                patch,
                new Action.Because(why, deployment.object().revision(), List.copyOf(notes))));
    }
}
