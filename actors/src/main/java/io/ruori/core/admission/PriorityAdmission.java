package io.ruori.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Kind;
import java.util.Map;

/** Fills a Pod's priority from its class; the two system classes are known, others come with PriorityClass objects. */
final class PriorityAdmission implements Admitter {
    private static final KindName PODS = KindName.core("pods");
    private static final Map<String, Integer> SYSTEM =
            Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

    @Override
    public void mutateCreate(Kind kind, ObjectNode object, Facts facts) {
        if (kind.name().equals(PODS)) {
            ObjectNode spec = Json.child(object, "spec");
            spec.put("priority", SYSTEM.getOrDefault(Json.text(spec, "priorityClassName"), 0));
            Json.ifAbsent(spec, "preemptionPolicy", "PreemptLowerPriority");
        }
    }
}
