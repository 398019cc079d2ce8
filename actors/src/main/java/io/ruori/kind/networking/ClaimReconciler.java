package io.ruori.kind.networking;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.kind.Wakes;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes away claims that no Service has any more, or that none came of. A claim is made before its Service is written, so a
 * young one is left alone.
 */
final class ClaimReconciler implements Reconciler {
    static final String COMPONENT = "ipallocator-repair-controller";

    private static final KindName SERVICES = KindName.core("services");

    /** A revision is issued a moment after the clock was asked whether there is time left. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** A view follows the clock once a second while nothing happens. */
    private static final Duration VIEW_FOLLOWS = Duration.ofSeconds(1);

    static Wakes wakes(KindName claims) {
        return new Wakes(SERVICES, (change, view, wake) -> {
            Set<ObjectKey> lost = new HashSet<>(of(change.before()));
            lost.removeAll(of(change.after()));
            for (ObjectKey claim : lost) {
                if (claim.kind().equals(claims)) {
                    wake.accept(claim);
                }
            }
        });
    }

    private static Set<ObjectKey> of(@Nullable StoredObject service) {
        return service == null ? Set.of() : Claim.of(service.tree());
    }

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        ObjectKey holder = Claim.holder(self.tree()).orElse(null);
        if (self.isTerminating() || holder == null || of(view.get(holder)).contains(self.key())) {
            return Plan.NOTHING;
        }
        Instant certain = self.revision().instant().plus(Claim.PROMISED).plus(MARGIN);
        if (!view.revision().instant().isAfter(certain)) {
            Duration wait = Duration.between(now, certain);
            return Plan.lookAgainIn((wait.isNegative() ? Duration.ZERO : wait).plus(VIEW_FOLLOWS));
        }
        return Plan.of(List.of(new Action.Delete(
                self.key(),
                self.uid(),
                self.revision(),
                "Background",
                new Action.Because("no Service has it", self.revision(), List.of()))));
    }
}
