package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.node.core.ContainerMemory.Waiting;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.SandboxState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The {@code status} of a Pod, worded as the kubelet words it. Phase and conditions are computed from the container statuses
 * by Kubernetes' own rules, so that every client that knows them reads ours right.
 */
final class PodStatusView {
    private final PodLifecycle life;
    private final PodSpec pod;
    private final NodeFacts node;
    private final Instant now;

    PodStatusView(PodLifecycle life, NodeFacts node, Instant now) {
        this.life = life;
        this.pod = life.pod();
        this.node = node;
        this.now = now;
    }

    /**
     * @param before the conditions reported last, for their transition times
     */
    ObjectNode build(JsonNode before) {
        ArrayNode init = statuses(pod.initContainers());
        ArrayNode main = statuses(sorted(pod.containers()));
        String phase = phase(init, main);
        ObjectNode status = Json.object();
        status.put("phase", phase);
        reason(status, phase);
        status.set("conditions", new PodConditions(pod, phase, isSandboxReady(), before, now).build(init, main));
        addresses(status);
        status.put("startTime", time(life.acceptedAt()));
        if (!init.isEmpty()) {
            status.set("initContainerStatuses", init);
        }
        status.set("containerStatuses", main);
        status.put("qosClass", QosClass.of(pod.spec()).wireName());
        if (pod.generation() > 0) {
            status.put("observedGeneration", pod.generation());
        }
        return status;
    }

    private void reason(ObjectNode status, String phase) {
        PodLifecycle.Verdict verdict = life.verdict();
        if (verdict != null && phase.equals("Failed")) {
            status.put("reason", verdict.reason());
            status.put("message", verdict.message());
        } else if (pod.isTerminal()) {
            copyText(status, "reason");
            copyText(status, "message");
        }
    }

    private void copyText(ObjectNode status, String field) {
        String known = Json.text(pod.knownStatus(), field);
        if (!known.isEmpty()) {
            status.put(field, known);
        }
    }

    private boolean isSandboxReady() {
        return life.runningSandbox().isPresent();
    }

    private void addresses(ObjectNode status) {
        if (!node.hostIp().isEmpty()) {
            status.put("hostIP", node.hostIp());
            status.putArray("hostIPs").addObject().put("ip", node.hostIp());
        }
        String ip = podIp();
        if (!ip.isEmpty()) {
            status.put("podIP", ip);
            status.putArray("podIPs").addObject().put("ip", ip);
        }
    }

    private String podIp() {
        if (pod.hostNetwork() && isSandboxReady()) {
            return node.hostIp();
        }
        String ip = life.runningSandbox().map(SandboxState::ip).orElse("");
        // A Pod that is over keeps the address it had.
        return ip.isEmpty() && (life.isTerminating() || life.isFinished()) ? Json.text(pod.knownStatus(), "podIP") : ip;
    }

    // ---- containers ----

    private static List<ContainerTemplate> sorted(List<ContainerTemplate> containers) {
        List<ContainerTemplate> byName = new ArrayList<>(containers);
        byName.sort(Comparator.comparing(ContainerTemplate::name));
        return byName;
    }

    private ArrayNode statuses(List<ContainerTemplate> containers) {
        ArrayNode list = Json.array();
        containers.forEach(container -> list.add(status(container)));
        return list;
    }

    private ObjectNode status(ContainerTemplate container) {
        List<ContainerState> lives = life.lives(container);
        Optional<JsonNode> known = life.knownStatus(container);
        if (lives.isEmpty() && pod.isTerminal() && known.isPresent()) {
            return known.get().deepCopy();
        }
        ObjectNode status = Json.object();
        status.put("name", container.name());
        Optional<ContainerState> current = lives.stream().findFirst();
        ObjectNode state = state(container, current);
        status.set("state", state);
        status.set("lastState", lastState(state, lives, known));
        status.put("ready", life.isReady(container));
        status.put("restartCount", restartCount(container, current));
        status.put("image", current.map(ContainerState::image).orElse(container.image()));
        status.put("imageID", current.map(ContainerState::imageId).orElse(""));
        current.ifPresent(c -> status.put("containerID", id(c)));
        status.put("started", life.isStarted(container));
        resources(container, status);
        return status;
    }

    private int restartCount(ContainerTemplate container, Optional<ContainerState> current) {
        int before = Math.max(0, life.restartsBefore(container));
        return Math.max(before, current.map(ContainerState::attempt).orElse(0));
    }

    private ObjectNode state(ContainerTemplate container, Optional<ContainerState> current) {
        ObjectNode state = Json.object();
        if (current.isPresent() && current.get().phase() == ContainerState.Phase.RUNNING) {
            ObjectNode running = state.putObject("running");
            current.get().startedAt().ifPresent(at -> running.put("startedAt", time(at)));
            return state;
        }
        Waiting waiting = life.waiting(container);
        boolean ended = current.isPresent() && current.get().phase() == ContainerState.Phase.EXITED;
        if (waiting != null && !(ended && life.isTerminating())) {
            ObjectNode why = state.putObject("waiting").put("reason", waiting.reason());
            if (!waiting.message().isEmpty()) {
                why.put("message", waiting.message());
            }
        } else if (ended) {
            state.set("terminated", terminated(current.get()));
        } else {
            boolean initializing = !pod.initContainers().isEmpty();
            state.putObject("waiting").put("reason", initializing ? "PodInitializing" : "ContainerCreating");
        }
        return state;
    }

    private ObjectNode lastState(ObjectNode state, List<ContainerState> lives, Optional<JsonNode> known) {
        ObjectNode last = Json.object();
        boolean currentIsOver = state.has("waiting");
        Optional<ContainerState> ended = lives.stream()
                .skip(currentIsOver ? 0 : 1)
                .filter(c -> c.exit().isPresent())
                .findFirst();
        if (ended.isPresent()) {
            last.set("terminated", terminated(ended.get()));
        } else if (known.isPresent() && lives.size() <= 1) {
            JsonNode before = Json.at(known.get(), "lastState", "terminated");
            JsonNode justBefore = Json.at(known.get(), "state", "terminated");
            if (lives.isEmpty() && justBefore.isObject()) {
                last.set("terminated", justBefore);
            } else if (before.isObject()) {
                last.set("terminated", before);
            }
        }
        return last;
    }

    private ObjectNode terminated(ContainerState container) {
        ContainerState.Exit exit = container.exit().orElseThrow();
        ObjectNode terminated = Json.object();
        terminated.put("exitCode", exit.code());
        terminated.put("reason", endReason(container, exit));
        if (!exit.message().isEmpty()) {
            terminated.put("message", exit.message());
        }
        terminated.put("startedAt", time(container.startedAt().orElse(Instant.EPOCH)));
        terminated.put("finishedAt", time(exit.finishedAt()));
        terminated.put("containerID", id(container));
        return terminated;
    }

    private static String endReason(ContainerState container, ContainerState.Exit exit) {
        if (exit.oomKilled()) {
            return "OOMKilled";
        }
        if (container.startedAt().isEmpty() && exit.code() != 0) {
            return "StartError";
        }
        return exit.code() == 0 ? "Completed" : "Error";
    }

    private static void resources(ContainerTemplate container, ObjectNode status) {
        JsonNode resources = container.tree().path("resources");
        JsonNode requests = resources.path("requests");
        if (requests.isObject() && !requests.isEmpty()) {
            status.set("allocatedResources", requests);
        }
        if (resources.isObject() && !resources.isEmpty()) {
            status.set("resources", resources);
        }
    }

    private String id(ContainerState container) {
        return node.runtimeName() + "://" + container.id();
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    // ---- phase ----

    /** The kubelet's rule: what the statuses add up to, given the restart policy. */
    private String phase(ArrayNode init, ArrayNode main) {
        String known = Json.text(pod.knownStatus(), "phase");
        if (pod.isTerminal()) {
            return known;
        }
        boolean over = life.isTerminating() && !life.anyRunning();
        if (life.verdict() != null && over) {
            return "Failed";
        }
        Count count = count(main);
        if (isInitPending(init) && count.ran() == 0) {
            return "Pending";
        }
        if (isInitFailed(init) && (pod.restartPolicy() == RestartPolicy.NEVER)) {
            return "Failed";
        }
        if (count.waiting > 0) {
            return "Pending";
        }
        if (count.running > 0) {
            return "Running";
        }
        if (count.stopped == 0) {
            return "Pending";
        }
        boolean allSucceeded = count.stopped == count.succeeded;
        if (over) {
            return allSucceeded ? "Succeeded" : "Failed";
        }
        return switch (pod.restartPolicy()) {
            case ALWAYS -> "Running";
            case ON_FAILURE -> allSucceeded ? "Succeeded" : "Running";
            case NEVER -> allSucceeded ? "Succeeded" : "Failed";
        };
    }

    private boolean isInitPending(ArrayNode init) {
        for (int i = 0; i < init.size(); i++) {
            ContainerTemplate container = pod.initContainers().get(i);
            boolean done = container.sidecar()
                    ? init.get(i).path("started").asBoolean()
                    : Json.at(init.get(i), "state", "terminated").isObject();
            if (!done) {
                return true;
            }
        }
        return false;
    }

    private boolean isInitFailed(ArrayNode init) {
        for (int i = 0; i < init.size(); i++) {
            boolean failed = Json.number(init.get(i), 0, "state", "terminated", "exitCode") != 0;
            if (failed && !pod.initContainers().get(i).sidecar()) {
                return true;
            }
        }
        return false;
    }

    private record Count(int running, int waiting, int stopped, int succeeded) {
        int ran() {
            return running + stopped;
        }
    }

    private static Count count(ArrayNode main) {
        int running = 0;
        int waiting = 0;
        int stopped = 0;
        int succeeded = 0;
        for (JsonNode status : main) {
            JsonNode state = status.path("state");
            if (state.has("running")) {
                running++;
            } else if (state.has("terminated")) {
                stopped++;
                succeeded += Json.number(state, 0, "terminated", "exitCode") == 0 ? 1 : 0;
            } else if (Json.at(status, "lastState", "terminated").isObject()) {
                stopped++;
            } else {
                waiting++;
            }
        }
        return new Count(running, waiting, stopped, succeeded);
    }
}
