package io.ruori.kind.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.core.Deed;
import io.ruori.kind.Subresource.Folded;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Takes one disruption from a budget for a Pod that is about to be evicted, or says why it may not go. The budget's entity takes
 * one after the other, so that two evictions never spend the same. The controller counts the Pod as gone from then on.
 */
public record SpendDisruption(String pod) implements Deed {
    private static final KindName SINGULAR = new KindName("policy", "poddisruptionbudget");

    /** As many Pods may be on their way out at a time, as upstream. */
    private static final int MOST = 2000;

    private static final int SOON_SECONDS = 10;

    @Override
    public Folded on(ObjectNode live, Instant now) {
        ObjectNode status = Json.child(live, "status");
        String name = Json.text(live, "metadata", "name");
        long observed = Json.number(status, 0, "observedGeneration");
        if (observed < Json.number(live, 0, "metadata", "generation")) {
            return new Folded.Refused(stillProcessed(name));
        }
        if (status.path("disruptedPods").size() > MOST) {
            return new Folded.Refused(ApiStatus.forbidden(
                    SINGULAR.group(),
                    SINGULAR.resource(),
                    name,
                    "DisruptedPods map too big - too many evictions not confirmed by PDB controller"));
        }
        long allowed = Json.number(status, 0, "disruptionsAllowed");
        if (allowed <= 0) {
            return new Folded.Refused(ApiStatus.disruptionBudget(why(name, status), 0));
        }
        status.put("disruptionsAllowed", allowed - 1);
        if (allowed == 1) {
            Disruptions.allow(status, false, Disruptions.TOO_FEW, "", observed, now);
        }
        Json.child(status, "disruptedPods")
                .put(pod, now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new Folded.Into(live);
    }

    /** The answer while the controller has not yet looked at what the budget says, or at what has become of the Pod. */
    public static ApiStatus stillProcessed(String budget) {
        return ApiStatus.disruptionBudget(
                "The disruption budget " + budget + " is still being processed by the server.", SOON_SECONDS);
    }

    private static String why(String name, JsonNode status) {
        JsonNode condition = Disruptions.condition(status);
        return Json.text(condition, "reason").equals(Disruptions.FAILED)
                ? "The disruption budget " + name
                        + " does not allow evicting pods currently because it failed sync: "
                        + Json.text(condition, "message")
                : "The disruption budget " + name + " needs " + Json.number(status, 0, "desiredHealthy")
                        + " healthy pods and has " + Json.number(status, 0, "currentHealthy") + " currently";
    }
}
