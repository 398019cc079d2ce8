package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldError;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** Pods: containers that live and die together on one node. */
public final class PodKind {
    public static final KindName NAME = KindName.core("pods");

    /** Indexed for reconcilers: {@code "true"} for Pods that nothing controls. */
    public static final String ORPHAN = "orphan";

    public static final Kind KIND = Kind.of("", "v1", "Pod", "pods", "io.k8s.api.core.v1.Pod")
            .answersWithDeleted()
            .shortNames("po")
            .categories("all")
            .status()
            .rules(new PodRules())
            .columns(
                    Columns.name(),
                    Columns.text(
                            "Ready",
                            "Ready containers of all.",
                            pod -> PodSummary.of(pod).readiness()),
                    Columns.text(
                            "Status",
                            "What it does, in one word.",
                            pod -> PodSummary.of(pod).status()),
                    new Column(
                            "Restarts",
                            "string",
                            "",
                            "How often its containers were restarted, and when last.",
                            0,
                            (pod, now) -> PodSummary.of(pod).restartsSince(now)),
                    Columns.age(),
                    Columns.wide("IP", "Its address.", PodKind::address),
                    Columns.wide("Node", "Where it runs.", pod -> Columns.orNone(Json.text(pod, "spec", "nodeName"))),
                    Columns.wide(
                            "Nominated Node",
                            "Where room is being made for it.",
                            pod -> Columns.orNone(Json.text(pod, "status", "nominatedNodeName"))),
                    Columns.wide("Readiness Gates", "True gates of all.", PodKind::gates))
            .selectable("spec.nodeName", pod -> Json.text(pod, "spec", "nodeName"))
            .selectable(
                    "spec.restartPolicy",
                    pod -> Json.text(pod, "spec", "restartPolicy").intern())
            .selectable(
                    "spec.schedulerName",
                    pod -> Json.text(pod, "spec", "schedulerName").intern())
            .selectable(
                    "spec.serviceAccountName",
                    pod -> Json.text(pod, "spec", "serviceAccountName").intern())
            .selectable(
                    "spec.hostNetwork",
                    pod -> pod.path("spec").path("hostNetwork").asBoolean() ? "true" : "false")
            .selectable("status.phase", pod -> Json.text(pod, "status", "phase").intern())
            .selectable("status.podIP", pod -> Json.text(pod, "status", "podIP"))
            .selectable("status.podIPs", PodKind::addresses)
            .selectable("status.nominatedNodeName", pod -> Json.text(pod, "status", "nominatedNodeName"))
            .indexed("spec.nodeName")
            .indexOnly(ORPHAN, PodKind::orphan)
            .digest(PodDigest::of)
            .subresource(new Subresource(
                    "binding",
                    "",
                    "v1",
                    "Binding",
                    "io.k8s.api.core.v1.Binding",
                    Set.of("create"),
                    pod -> Json.object(),
                    PodKind::bind))
            .subresource(new Subresource(
                    "eviction",
                    "policy",
                    "v1",
                    "Eviction",
                    "io.k8s.api.policy.v1.Eviction",
                    Set.of("create"),
                    pod -> Json.object(),
                    PodKind::markEvicted))
            .build();

    private PodKind() {}

    private static String address(JsonNode pod) {
        String first = Json.text(pod.path("status").path("podIPs").path(0), "ip");
        return Columns.orNone(first.isEmpty() ? Json.text(pod, "status", "podIP") : first);
    }

    private static String addresses(JsonNode pod) {
        JsonNode all = pod.path("status").path("podIPs");
        if (all.isEmpty()) {
            return Json.text(pod, "status", "podIP");
        }
        StringBuilder text = new StringBuilder();
        all.forEach(entry -> text.append(text.isEmpty() ? "" : ",").append(Json.text(entry, "ip")));
        return text.toString();
    }

    private static String gates(JsonNode pod) {
        JsonNode gates = pod.path("spec").path("readinessGates");
        if (gates.isEmpty()) {
            return Columns.NONE;
        }
        int open = 0;
        for (JsonNode gate : gates) {
            JsonNode condition = PodDigest.condition(pod.path("status"), Json.text(gate, "conditionType"));
            open += Json.text(condition, "status").equals("True") ? 1 : 0;
        }
        return open + "/" + gates.size();
    }

    /** {@code "true"} where no owner is the controller, else empty. */
    static String orphan(JsonNode object) {
        for (JsonNode owner : Json.at(object, "metadata", "ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return "";
            }
        }
        return "true";
    }

    /** Assigns a Pod to a node, once. */
    private static Subresource.Folded bind(ObjectNode pod, JsonNode binding, Instant now) {
        String name = Json.text(pod, "metadata", "name");
        String node = Json.text(pod, "spec", "nodeName");
        if (pod.path("metadata").hasNonNull("deletionTimestamp")) {
            return refused(pod, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        if (!node.isEmpty()) {
            return refused(pod, "pod " + name + " is already assigned to node \"" + node + "\"");
        }
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            return refused(pod, "pod " + name + " has non-empty .spec.schedulingGates");
        }
        String target = Json.text(binding, "target", "name");
        if (target.isEmpty()) {
            return new Subresource.Folded.Refused(ApiStatus.invalid(
                    "",
                    "Binding",
                    name,
                    List.of(new FieldError(FieldError.Reason.REQUIRED, "target.name", "Required value"))));
        }
        Json.child(pod, "spec").put("nodeName", target);
        copy(binding, pod, "annotations");
        copy(binding, pod, "labels");
        scheduled(Json.child(pod, "status"), now);
        return new Subresource.Folded.Into(pod);
    }

    /** What an eviction writes of the Pod itself, before it is deleted. */
    private static Subresource.Folded markEvicted(ObjectNode pod, JsonNode eviction, Instant now) {
        ObjectNode status = Json.child(pod, "status");
        Conditions conditions = new Conditions(status);
        conditions.setPlain("DisruptionTarget", "True", "EvictionByEvictionAPI", "Eviction API: evicting", now);
        status.set("conditions", conditions.list());
        return new Subresource.Folded.Into(pod);
    }

    private static Subresource.Folded refused(JsonNode pod, String why) {
        ObjectKey key = new ObjectKey(
                KindName.core("pods/binding"),
                Json.text(pod, "metadata", "namespace"),
                Json.text(pod, "metadata", "name"));
        return new Subresource.Folded.Refused(ApiStatus.conflict(key, why));
    }

    private static void copy(JsonNode binding, ObjectNode pod, String field) {
        JsonNode added = Json.at(binding, "metadata", field);
        if (!added.isEmpty()) {
            ObjectNode existing = Json.child(Json.child(pod, "metadata"), field);
            added.properties().forEach(e -> existing.set(e.getKey(), e.getValue()));
        }
    }

    private static void scheduled(ObjectNode status, Instant now) {
        ArrayNode conditions = Json.list(status, "conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (Json.text(conditions.get(i), "type").equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        ObjectNode condition = conditions.addObject();
        condition.put("type", "PodScheduled").put("status", "True").putNull("lastProbeTime");
        condition.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
