package io.ruori.core.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Action.Because;
import io.ruori.view.View;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Upstream's node life cycle: a silent node becomes Ready=Unknown and is tainted unreachable; one that says it is not ready is
 * tainted not-ready; taints go when the node is well; Pods leave a NoExecute taint when their toleration ends.
 */
public final class NodeLifecycle {
    private static final String COMPONENT = "node-controller";
    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final KindName PODS = KindName.core("pods");
    private static final List<String> HEALTH = List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    private NodeLifecycle() {}

    /**
     * @param lost the node has not been heard for too long
     */
    public static List<Action> reconcile(StoredObject node, boolean lost, Instant now) {
        ObjectNode tree = node.tree();
        List<Action> actions = new ArrayList<>();
        String ready = ready(tree.path("status").path("conditions"));
        if (lost && !ready.equals("Unknown")) {
            actions.add(markUnknown(node, tree, now));
            ready = "Unknown";
        }
        Optional<String> wanted = switch (ready) {
            case "True" -> Optional.empty();
            case "False" -> Optional.of(NOT_READY);
            default -> Optional.of(UNREACHABLE);
        };
        taints(node, tree, wanted, now).ifPresent(actions::add);
        return actions;
    }

    private static Action markUnknown(StoredObject node, ObjectNode tree, Instant now) {
        ArrayNode conditions = Json.array();
        for (JsonNode condition : tree.path("status").path("conditions")) {
            ObjectNode copy = condition.deepCopy();
            if (HEALTH.contains(Json.text(copy, "type"))
                    && !Json.text(copy, "status").equals("Unknown")) {
                copy.put("status", "Unknown")
                        .put("reason", "NodeStatusUnknown")
                        .put("message", "Kubelet stopped posting node status.")
                        .put("lastTransitionTime", seconds(now));
            }
            conditions.add(copy);
        }
        ObjectNode patch = Json.object();
        patch.putObject("status").set("conditions", conditions);
        Note note = new Note(
                false,
                "NodeNotReady",
                "Node " + node.key().name() + " status is now: NodeNotReady",
                node.key(),
                node.uid(),
                "",
                COMPONENT);
        return new Action.Patch(
                node.key(),
                node.uid(),
                node.revision(),
                "status",
                patch,
                new Because("its agent was not heard in time", node.revision(), List.of(note)));
    }

    private static Optional<Action> taints(StoredObject node, ObjectNode tree, Optional<String> wanted, Instant now) {
        ArrayNode taints = Json.array();
        boolean changed = false;
        boolean noExecute = false;
        boolean noSchedule = false;
        for (JsonNode taint : tree.path("spec").path("taints")) {
            String key = Json.text(taint, "key");
            boolean ours = key.equals(NOT_READY) || key.equals(UNREACHABLE);
            if (ours && !key.equals(wanted.orElse(""))) {
                changed = true;
                continue;
            }
            noExecute |= ours && Json.text(taint, "effect").equals("NoExecute");
            noSchedule |= ours && Json.text(taint, "effect").equals("NoSchedule");
            taints.add(taint);
        }
        if (wanted.isPresent() && !noSchedule) {
            taints.add(taint(wanted.get(), "NoSchedule", now));
            changed = true;
        }
        if (wanted.isPresent() && !noExecute) {
            taints.add(taint(wanted.get(), "NoExecute", now));
            changed = true;
        }
        if (!changed) {
            return Optional.empty();
        }
        ObjectNode patch = Json.object();
        ObjectNode spec = patch.putObject("spec");
        if (taints.isEmpty()) {
            spec.putNull("taints");
        } else {
            spec.set("taints", taints);
        }
        String why = wanted.map(t -> "the node is " + t.substring(t.indexOf('/') + 1))
                .orElse("the node is ready again");
        // No revision: the status patch of the same plan moves it, and the taint list is written by this rule alone.
        return Optional.of(new Action.Patch(
                node.key(), node.uid(), null, "", patch, new Because(why, node.revision(), List.of())));
    }

    private static ObjectNode taint(String key, String effect, Instant now) {
        return Json.object().put("key", key).put("effect", effect).put("timeAdded", seconds(now));
    }

    /** Pods whose time on a tainted node is over; and when the next one's will be. */
    public record Evictions(List<Action> actions, Optional<Instant> next) {}

    public static Evictions evict(StoredObject node, View view, Instant now) {
        List<JsonNode> taints = new ArrayList<>();
        for (JsonNode taint : node.tree().path("spec").path("taints")) {
            if (Json.text(taint, "effect").equals("NoExecute")) {
                taints.add(taint);
            }
        }
        List<Action> actions = new ArrayList<>();
        Optional<Instant> next = Optional.empty();
        if (taints.isEmpty()) {
            return new Evictions(actions, next);
        }
        for (StoredObject pod : view.byField(PODS, "spec.nodeName", node.key().name())) {
            if (pod.isTerminating()) {
                continue;
            }
            Optional<Instant> end = endOfStay(pod.tree().path("spec").path("tolerations"), taints, now);
            if (end.isPresent() && !end.get().isAfter(now)) {
                actions.add(evict(node, pod));
            } else if (end.isPresent() && (next.isEmpty() || end.get().isBefore(next.get()))) {
                next = end;
            }
        }
        return new Evictions(actions, next);
    }

    private static Action evict(StoredObject node, StoredObject pod) {
        Note note = new Note(
                false,
                "TaintManagerEviction",
                "Marking for deletion Pod " + pod.key().namespace() + "/"
                        + pod.key().name(),
                pod.key(),
                pod.uid(),
                "",
                "taint-eviction-controller");
        return new Action.Delete(
                pod.key(),
                pod.uid(),
                null,
                "Background",
                new Because(
                        "its toleration of node " + node.key().name() + "'s taint is over",
                        node.revision(),
                        List.of(note)));
    }

    /** Empty when every taint is tolerated without an end. */
    private static Optional<Instant> endOfStay(JsonNode tolerations, List<JsonNode> taints, Instant now) {
        Optional<Instant> end = Optional.empty();
        for (JsonNode taint : taints) {
            Optional<Instant> one = endOfStay(tolerations, taint, now);
            if (one.isPresent() && (end.isEmpty() || one.get().isBefore(end.get()))) {
                end = one;
            }
        }
        return end;
    }

    private static Optional<Instant> endOfStay(JsonNode tolerations, JsonNode taint, Instant now) {
        String added = Json.text(taint, "timeAdded");
        Instant since = added.isEmpty() ? now : Instant.parse(added);
        boolean tolerated = false;
        OptionalLong shortest = OptionalLong.empty();
        for (JsonNode toleration : tolerations) {
            if (Tolerations.tolerates(toleration, taint)) {
                tolerated = true;
                JsonNode seconds = toleration.path("tolerationSeconds");
                if (seconds.isNumber()) {
                    shortest = OptionalLong.of(
                            Math.min(shortest.orElse(Long.MAX_VALUE), Math.max(0, seconds.longValue())));
                }
            }
        }
        if (!tolerated) {
            return Optional.of(now);
        }
        return shortest.isEmpty() ? Optional.empty() : Optional.of(since.plusSeconds(shortest.getAsLong()));
    }

    /** The status of the condition Ready; Unknown where there is none. */
    static String ready(JsonNode conditions) {
        for (JsonNode condition : conditions) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status");
            }
        }
        return "Unknown";
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
