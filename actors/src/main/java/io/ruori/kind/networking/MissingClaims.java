package io.ruori.kind.networking;

import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.kind.Wakes;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Makes the claims that a Service should have and somebody took away. */
public final class MissingClaims implements Reconciler {
    public static final String COMPONENT = ClaimReconciler.COMPONENT;

    /** A Service is concerned when one of its claims has gone. */
    public static Wakes[] wakes() {
        return new Wakes[] {
            new Wakes(IpAddressKind.NAME, MissingClaims::targets), new Wakes(NodePortKind.NAME, MissingClaims::targets)
        };
    }

    private static void targets(Change change, View view, Consumer<ObjectKey> wake) {
        if (change.before() != null && change.after() == null) {
            Claim.holder(change.before().tree()).ifPresent(wake);
        }
    }

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        List<Action> actions = new ArrayList<>();
        for (ObjectKey claim : Claim.of(self.tree())) {
            if (view.get(claim) == null) {
                actions.add(new Action.Create(
                        claim,
                        Claim.body(claim, self.key()),
                        new Action.Because("its Service has it", self.revision(), List.of())));
            }
        }
        return Plan.of(actions);
    }
}
