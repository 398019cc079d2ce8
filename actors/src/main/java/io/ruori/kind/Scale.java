package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.function.ToLongFunction;

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
        return subresource(
                workload -> Json.number(workload, 0, "spec", "replicas"),
                workload -> Json.number(workload, 0, "status", "replicas"),
                selector,
                (workload, replicas) -> Json.child(workload, "spec").set("replicas", Json.number(replicas)),
                List.of("spec", "replicas"));
    }

    /**
     * Of objects that keep their numbers where they like.
     *
     * @param wanted how many are asked for
     * @param present how many there are
     * @param selector which Pods are counted, as a selector's text; empty where that is not said
     * @param ask writes how many are asked for into the object
     * @param place where that is written
     */
    public static Subresource subresource(
            ToLongFunction<JsonNode> wanted,
            ToLongFunction<JsonNode> present,
            Function<JsonNode, String> selector,
            ObjLongConsumer<ObjectNode> ask,
            List<String> place) {
        return new Subresource(
                "scale",
                "autoscaling",
                "v1",
                "Scale",
                "io.k8s.api.autoscaling.v1.Scale",
                Set.of("get", "patch", "update"),
                object -> read(object, wanted.applyAsLong(object), present.applyAsLong(object), selector.apply(object)),
                (live, edited, now) -> write(live, edited, ask),
                place);
    }

    private static ObjectNode read(JsonNode object, long wanted, long present, String selector) {
        ObjectNode scale = Json.object();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = object.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        ObjectNode spec = scale.putObject("spec");
        if (wanted != 0) {
            spec.put("replicas", wanted);
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", present);
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static Subresource.Folded write(ObjectNode live, JsonNode edited, ObjLongConsumer<ObjectNode> ask) {
        long replicas = Json.number(edited, 0, "spec", "replicas");
        FieldErrors errors = new FieldErrors();
        if (replicas < 0) {
            errors.invalid("spec.replicas", replicas, Checks.NOT_NEGATIVE);
            return new Subresource.Folded.Refused(
                    ApiStatus.invalid("autoscaling", "Scale", Json.text(live, "metadata", "name"), errors.all()));
        }
        ask.accept(live, replicas);
        return new Subresource.Folded.Into(live);
    }
}
