package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The {@code scale} sub-resource of a workload: how many, and which Pods are counted. */
public final class Scale {
    private Scale() {}

    /** Of workloads with a selector of labels and expressions. */
    public static Subresource subresource() {
        return subresource(workload ->
                LabelSelector.of(Json.at(workload, "spec", "selector")).toString());
    }

    /** @param selector which Pods are counted, as a selector's text */
    public static Subresource subresource(Function<JsonNode, String> selector) {
        return new Subresource(
                "scale",
                "autoscaling",
                "v1",
                "Scale",
                "io.k8s.api.autoscaling.v1.Scale",
                Set.of("get", "patch", "update"),
                workload -> read(workload, selector.apply(workload)),
                Scale::write);
    }

    private static ObjectNode read(JsonNode workload, String selector) {
        ObjectNode scale = Json.object();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = workload.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        ObjectNode spec = scale.putObject("spec");
        if (Json.number(workload, 0, "spec", "replicas") != 0) {
            spec.put("replicas", Json.number(workload, 0, "spec", "replicas"));
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", Json.number(workload, 0, "status", "replicas"));
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static Subresource.Folded write(ObjectNode live, JsonNode edited, Instant now) {
        long replicas = Json.number(edited, 0, "spec", "replicas");
        FieldErrors errors = new FieldErrors();
        if (replicas < 0) {
            errors.invalid("spec.replicas", replicas, Checks.NOT_NEGATIVE);
            return new Subresource.Folded.Refused(
                    ApiStatus.invalid("autoscaling", "Scale", Json.text(live, "metadata", "name"), errors.all()));
        }
        Json.child(live, "spec").set("replicas", Json.number(replicas));
        return new Subresource.Folded.Into(live);
    }
}
