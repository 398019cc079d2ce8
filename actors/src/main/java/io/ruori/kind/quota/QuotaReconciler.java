package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.kind.PersistentVolumeClaimKind;
import io.ruori.kind.PodDigest;
import io.ruori.kind.PodKind;
import io.ruori.kind.ServiceKind;
import io.ruori.kind.Subresource.Folded;
import io.ruori.kind.Wakes;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Counts what a namespace uses: after a quota was made or changed, when objects have gone, and when promises have been kept.
 * Raising what is used is not its business but that of whoever writes ({@link KeepPart}).
 */
public final class QuotaReconciler implements Reconciler {
    public static final String COMPONENT = "resourcequota-controller";

    private static final KindName QUOTAS = KindName.core("resourcequotas");

    /** Promises are cleared away together, this long after the first: clearing costs a count and a write. */
    private static final Duration GATHER = Duration.ofMillis(300);

    /** How long a write may take from the promise to its decision. */
    public static final Duration PROMISED = Duration.ofSeconds(5);

    /** Deletions come in flocks; what they free is told at least so often. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** A view follows the clock once a second while nothing happens. */
    private static final Duration VIEW_FOLLOWS = Duration.ofSeconds(1);

    /** Which changes of a kind concern the quotas of its namespace. */
    public static Wakes wakesOf(KindName kind) {
        return new Wakes(kind, (change, view, wake) -> {
            for (StoredObject quota : view.list(QUOTAS, change.key().namespace())) {
                if (Quota.of(quota).isAbout(kind) && mayUseOther(change)) {
                    wake.accept(quota.key());
                }
            }
        });
    }

    private static boolean mayUseOther(Change change) {
        StoredObject before = change.before();
        StoredObject after = change.after();
        if (before == null || after == null) {
            return true;
        }
        KindName kind = change.key().kind();
        if (kind.equals(PodKind.NAME)) {
            PodDigest was = PodDigest.of(before);
            PodDigest is = PodDigest.of(after);
            return was.isFinished() != is.isFinished() || !was.requests().equals(is.requests());
        }
        return kind.equals(ServiceKind.NAME) || kind.equals(PersistentVolumeClaimKind.NAME);
    }

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        Quota quota = Quota.of(self);
        Duration wait = wait(self, quota, now);
        if (wait.isPositive()) {
            return Plan.lookAgainIn(wait);
        }
        Set<String> settled = new HashSet<>();
        for (Promise promise : quota.promises()) {
            if (promise.isSettled(view)) {
                settled.add(promise.id());
            }
        }
        Recount recount = new Recount(quota.hard(), count(quota, self.key().namespace(), view, now), settled);
        ObjectNode live = self.tree();
        boolean differs = !(recount.on(live.deepCopy(), now) instanceof Folded.Into into)
                || !Quota.of(into.object()).equals(quota);
        Plan plan = differs
                ? Plan.of(List.of(new Action.Do(
                        self.key(), self.uid(), recount, new Action.Because("counted", self.revision(), List.of()))))
                : Plan.NOTHING;
        return lookAgain(quota, settled, now).map(plan::againIn).orElse(plan);
    }

    /** A quota that was never counted is counted at once, others not with every change. */
    private static Duration wait(StoredObject self, Quota quota, Instant now) {
        if (!quota.hard().equals(quota.counted())) {
            return Duration.ZERO;
        }
        Optional<Instant> first = quota.promises().stream().map(Promise::until).min(Comparator.naturalOrder());
        Instant from = first.map(until -> until.minus(PROMISED).plus(GATHER))
                .orElse(self.revision().instant().plus(PAUSE));
        Duration wait = Duration.between(now, from);
        return wait.compareTo(GATHER) > 0 ? GATHER : wait;
    }

    /** Promises that the view does not settle yet: the view itself may soon, by the passing of time it does. */
    private static Optional<Duration> lookAgain(Quota quota, Set<String> settled, Instant now) {
        return quota.promises().stream()
                .filter(promise -> !settled.contains(promise.id()))
                .map(Promise::until)
                .min(Comparator.naturalOrder())
                .map(until -> Duration.between(now, until).plus(VIEW_FOLLOWS))
                .map(left -> left.isPositive() ? left : VIEW_FOLLOWS);
    }

    private static Amounts count(Quota quota, String namespace, View view, Instant now) {
        Set<String> names = quota.hard().byName().keySet();
        Amounts counted = Amounts.zero(names);
        for (KindName kind : Usage.kindsOf(names)) {
            if (quota.isAbout(kind)) {
                for (StoredObject object : view.list(kind, namespace)) {
                    counted = counted.plus(used(quota, kind, object, now).only(names));
                }
            }
        }
        return counted;
    }

    /** Most objects only count, and need not be read for that. */
    private static Amounts used(Quota quota, KindName kind, StoredObject object, Instant now) {
        JsonNode tree = Usage.mustBeRead(kind) ? object.tree() : Json.object();
        return quota.covers(tree) ? Usage.of(kind, tree, now) : Amounts.NONE;
    }
}
