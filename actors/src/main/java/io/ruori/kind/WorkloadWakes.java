package io.ruori.kind;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Owner;
import io.ruori.api.StoredObject;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which changes concern ReplicaSets and Deployments. */
final class WorkloadWakes {
    private WorkloadWakes() {}

    /** Pods that were made, lost, or became or ceased to be ready, finished, terminating or owned; and Pods to adopt. */
    static final Wakes PODS_TO_REPLICA_SETS = new Wakes(PodKind.NAME, (change, view, wake) -> {
        if (concernsCounts(change)) {
            controller(change.before(), ReplicaSetKind.NAME, wake);
            controller(change.after(), ReplicaSetKind.NAME, wake);
        }
        adopters(
                change,
                view,
                ReplicaSetKind.NAME,
                set -> ReplicaSetDigest.of(set).selector(),
                wake);
    });

    static final Wakes REPLICA_SETS_TO_DEPLOYMENTS = new Wakes(ReplicaSetKind.NAME, (change, view, wake) -> {
        controller(change.before(), DeploymentKind.NAME, wake);
        controller(change.after(), DeploymentKind.NAME, wake);
        adopters(change, view, DeploymentKind.NAME, WorkloadWakes::selectorOf, wake);
    });

    /** Recreating waits for the last old Pod to be gone, which no counter of its ReplicaSet tells. */
    static final Wakes GONE_PODS_TO_DEPLOYMENTS = new Wakes(PodKind.NAME, (change, view, wake) -> {
        if (change.after() == null && change.before() != null) {
            change.before().controller().ifPresent(owner -> {
                StoredObject set =
                        view.get(new ObjectKey(ReplicaSetKind.NAME, change.key().namespace(), owner.name()));
                controller(set, DeploymentKind.NAME, wake);
            });
        }
    });

    private static LabelSelector selectorOf(StoredObject deployment) {
        return LabelSelector.of(deployment.tree().path("spec").path("selector"));
    }

    private static boolean concernsCounts(Change change) {
        StoredObject before = change.before();
        StoredObject after = change.after();
        if (before == null || after == null) {
            return true;
        }
        PodDigest was = PodDigest.of(before);
        PodDigest is = PodDigest.of(after);
        return was.ready() != is.ready()
                || was.isFinished() != is.isFinished()
                || before.isTerminating() != after.isTerminating()
                || !before.labels().equals(after.labels())
                || !before.owners().equals(after.owners());
    }

    private static void controller(@Nullable StoredObject object, KindName kind, Consumer<ObjectKey> wake) {
        if (object != null) {
            for (Owner owner : object.owners()) {
                if (owner.controller()) {
                    wake.accept(new ObjectKey(kind, object.key().namespace(), owner.name()));
                }
            }
        }
    }

    /** Those who would adopt an object that has just become free, or just got other labels. */
    private static void adopters(
            Change change,
            View view,
            KindName kind,
            Function<StoredObject, LabelSelector> selector,
            Consumer<ObjectKey> wake) {
        StoredObject after = change.after();
        StoredObject before = change.before();
        if (after == null || after.isTerminating() || after.controller().isPresent()) {
            return;
        }
        boolean news = before == null
                || before.controller().isPresent()
                || !before.labels().equals(after.labels());
        if (news) {
            for (StoredObject candidate : view.list(kind, after.key().namespace())) {
                if (selector.apply(candidate).matches(after.labels())) {
                    wake.accept(candidate.key());
                }
            }
        }
    }
}
