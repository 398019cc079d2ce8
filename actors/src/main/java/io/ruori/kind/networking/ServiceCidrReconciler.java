package io.ruori.kind.networking;

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
import io.ruori.kind.Conditions;
import io.ruori.kind.IpAddress;
import io.ruori.kind.IpRange;
import io.ruori.kind.Wakes;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps a ServiceCIDR until no address needs it: one that a Service has, and that no other ServiceCIDR that stays has too. The
 * finalizer and the condition are upstream's.
 */
final class ServiceCidrReconciler implements Reconciler {
    static final String COMPONENT = "service-cidrs-controller";
    static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";
    static final String READY = "Ready";
    static final String IS_READY = "Kubernetes Service CIDR is ready";

    /**
     * Whoever looked for an address before the deletion was seen may be taking one still. Upstream waits for 10 s, since each of
     * its servers has to hear of the deletion.
     */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** Only those that wait are concerned by others, be it that an address goes or that another range comes or goes. */
    static Wakes wakes(KindName others) {
        return new Wakes(others, (change, view, wake) -> {
            for (StoredObject cidr : view.list(ServiceCidrKind.NAME)) {
                if (cidr.isTerminating()) {
                    wake.accept(cidr.key());
                }
            }
        });
    }

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        ObjectNode tree = self.tree();
        List<String> finalizers = new ArrayList<>();
        Json.at(tree, "metadata", "finalizers").forEach(name -> finalizers.add(name.asText()));
        if (self.isTerminating()) {
            return finalizers.remove(FINALIZER) ? end(self, tree, finalizers, view, now) : Plan.NOTHING;
        }
        if (!finalizers.contains(FINALIZER)) {
            finalizers.add(FINALIZER);
            return Plan.of(List.of(finalizers(self, finalizers, "addresses are taken from it")));
        }
        return condition(self, tree, "True", "", IS_READY, now);
    }

    private static Plan end(StoredObject self, ObjectNode tree, List<String> others, View view, Instant now) {
        if (isNeeded(self, tree, view)) {
            return condition(
                    self,
                    tree,
                    "False",
                    "Terminating",
                    "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new"
                            + " ServiceCIDR",
                    now);
        }
        Instant deleted = Objects.requireNonNull(self.deletedAt());
        Duration left = Duration.between(now, deleted.plus(GRACE));
        return left.isPositive()
                ? Plan.lookAgainIn(left)
                : Plan.of(List.of(finalizers(self, others, "no address needs it")));
    }

    private static boolean isNeeded(StoredObject self, ObjectNode tree, View view) {
        List<IpRange> own = ranges(tree);
        List<IpRange> others = new ArrayList<>();
        for (StoredObject cidr : view.list(ServiceCidrKind.NAME)) {
            if (!cidr.isTerminating() && !cidr.key().equals(self.key())) {
                others.addAll(ranges(cidr.tree()));
            }
        }
        for (StoredObject claim : view.list(IpAddressKind.NAME)) {
            Optional<IpAddress> address =
                    Claim.isOurs(claim) ? IpAddress.parse(claim.key().name()) : Optional.empty();
            if (address.isPresent() && isIn(own, address.get()) && !isIn(others, address.get())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(List<IpRange> ranges, IpAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<IpRange> ranges(JsonNode cidr) {
        List<IpRange> ranges = new ArrayList<>();
        Json.at(cidr, "spec", "cidrs")
                .forEach(text -> IpRange.parse(text.asText()).ifPresent(ranges::add));
        return ranges;
    }

    private static Plan condition(
            StoredObject self, ObjectNode tree, String status, String reason, String message, Instant now) {
        Conditions conditions = new Conditions(tree.path("status"));
        JsonNode current = conditions.get(READY);
        if (current != null && Json.text(current, "status").equals(status)) {
            return Plan.NOTHING;
        }
        conditions.setPlain(READY, status, reason, message, now);
        ObjectNode patch = Json.object();
        patch.putObject("status").set("conditions", conditions.list());
        return Plan.of(List.of(patch(self, "status", patch, message)));
    }

    private static Action finalizers(StoredObject self, List<String> names, String why) {
        ArrayNode list = Json.array();
        names.forEach(list::add);
        ObjectNode patch = Json.object();
        patch.putObject("metadata").set("finalizers", list.isEmpty() ? null : list);
        return patch(self, "", patch, why);
    }

    private static Action patch(StoredObject self, String subresource, ObjectNode patch, String why) {
        ObjectKey key = self.key();
        return new Action.Patch(
                key,
                self.uid(),
                self.revision(),
                subresource,
                patch,
                new Action.Because(why, self.revision(), List.of()));
    }
}
