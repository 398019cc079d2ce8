package io.ruori.node.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Pod's lifecycle, a runtime made of maps and a clock that only tests move. Steps are carried out when the test says so,
 * so that every order of results and happenings can be played.
 */
final class PodWorld {
    static final NodeFacts NODE = new NodeFacts("node-1", "192.0.2.1", "docker", 4, 8L << 30);

    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    final PodLifecycle life;
    final List<PodNotice> notices = new ArrayList<>();
    final Deque<PodStep> underWay = new ArrayDeque<>();
    final Set<String> missingImages = new HashSet<>();
    final Map<String, Integer> exitAtOnce = new HashMap<>();
    final Map<String, String> refusals = new HashMap<>();
    boolean gone;
    boolean probesPass = true;
    private Optional<Instant> wakeAt = Optional.empty();
    private final Map<String, SandboxState> sandboxes = new LinkedHashMap<>();
    private int ids;

    PodWorld(ObjectNode pod) {
        life = new PodLifecycle(PodSpec.read(pod), now);
        life.observe(List.of(), now);
        look();
    }

    // ---- time and steps ----

    /** Decides once, without carrying anything out. */
    void look() {
        Decision decision = life.next(now);
        notices.addAll(decision.notices());
        underWay.addAll(decision.steps());
        wakeAt = decision.wakeAt();
        gone |= decision.gone();
        check();
    }

    /** Carries out everything under way, and what follows from it, at this moment. */
    PodWorld settle() {
        for (int i = 0; i < 1000 && !underWay.isEmpty(); i++) {
            finishOne();
        }
        if (!underWay.isEmpty()) {
            throw new AssertionError("does not come to rest: " + underWay);
        }
        return this;
    }

    void finishOne() {
        PodStep step = underWay.removeFirst();
        StepResult result = carryOut(step);
        notices.addAll(life.ended(step, result, now));
        look();
    }

    /** Lets time pass, waking when the lifecycle asked to be woken. */
    PodWorld pass(Duration time) {
        Instant until = now.plus(time);
        for (int i = 0; i < 10_000 && wakeAt.isPresent() && !wakeAt.get().isAfter(until); i++) {
            now = wakeAt.get().isAfter(now) ? wakeAt.get() : now.plusMillis(1);
            look();
            settle();
        }
        now = until;
        look();
        return settle();
    }

    // ---- happenings ----

    void exit(String name, int code) {
        change(name, c -> c.phase() == ContainerState.Phase.RUNNING ? ended(c, code) : c);
    }

    void killSandbox() {
        sandboxes.replaceAll((id, s) -> stopped(s));
        tellAll();
    }

    void vanish() {
        sandboxes.clear();
        tellAll();
    }

    void assign(ObjectNode pod) {
        life.assign(PodSpec.read(pod));
        look();
    }

    private void tellAll() {
        life.observe(List.copyOf(sandboxes.values()), now);
        look();
    }

    // ---- questions ----

    ObjectNode status() {
        return life.status(NODE, now);
    }

    String phase() {
        return Json.text(status(), "phase");
    }

    String condition(String type) {
        for (var c : status().path("conditions")) {
            if (Json.text(c, "type").equals(type)) {
                String reason = Json.text(c, "reason");
                return Json.text(c, "status") + (reason.isEmpty() || reason.equals("null") ? "" : " " + reason);
            }
        }
        return "none";
    }

    ObjectNode container(String name) {
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            for (var c : status().path(list)) {
                if (Json.text(c, "name").equals(name)) {
                    return (ObjectNode) c;
                }
            }
        }
        throw new AssertionError("no container " + name);
    }

    /** {@code running}, {@code waiting REASON} or {@code terminated REASON}. */
    String state(String name) {
        var state = container(name).path("state");
        String kind = state.fieldNames().next();
        String reason = Json.text(state, kind, "reason");
        return reason.isEmpty() ? kind : kind + " " + reason;
    }

    int restarts(String name) {
        return container(name).path("restartCount").asInt();
    }

    List<String> messages() {
        return notices.stream().map(PodNotice::message).toList();
    }

    List<ContainerState> running() {
        return sandboxes.values().stream()
                .flatMap(s -> s.containers().stream())
                .filter(c -> c.phase() == ContainerState.Phase.RUNNING)
                .toList();
    }

    int sandboxCount() {
        return sandboxes.size();
    }

    /** What must hold in every moment. */
    private void check() {
        Set<String> names = new HashSet<>();
        for (ContainerState c : running()) {
            if (!names.add(c.name())) {
                throw new AssertionError(c.name() + " runs twice");
            }
        }
    }

    // ---- the runtime ----

    private StepResult carryOut(PodStep step) {
        return switch (step) {
            case PodStep.CreateSandbox create -> {
                SandboxState made = new SandboxState(
                        "s" + ids++, "default", "p", "u", create.attempt(), true, "10.0.0." + ids, now, List.of());
                sandboxes.put(made.id(), made);
                yield new StepResult.SandboxCreated(made);
            }
            case PodStep.RemoveSandbox remove -> {
                sandboxes.remove(remove.sandboxId());
                yield new StepResult.Done();
            }
            case PodStep.RemoveContainer remove -> {
                sandboxes.replaceAll((id, s) -> with(
                        s,
                        s.containers().stream()
                                .filter(c -> !c.id().equals(remove.containerId()))
                                .toList()));
                yield new StepResult.Done();
            }
            case PodStep.EnsureImage ensure ->
                missingImages.contains(ensure.container().image())
                        ? new StepResult.Failed("ErrImagePull", "not found")
                        : new StepResult.ImagePresent();
            case PodStep.LookForImage look ->
                missingImages.contains(look.container().image())
                        ? new StepResult.ImageAbsent()
                        : new StepResult.ImagePresent();
            case PodStep.StartContainer start -> start(start);
            case PodStep.StopContainer stop -> {
                Optional<ContainerState> found = find(stop.containerId());
                if (found.isEmpty()) {
                    yield new StepResult.Done();
                }
                ContainerState after =
                        found.get().phase() == ContainerState.Phase.RUNNING ? ended(found.get(), 143) : found.get();
                put(after);
                yield new StepResult.Observed(after);
            }
            case PodStep.RunProbe probe -> new StepResult.Probed(probesPass, probesPass ? "" : "no answer");
        };
    }

    private StepResult start(PodStep.StartContainer start) {
        String refusal = refusals.get(start.container().name());
        if (refusal != null) {
            return new StepResult.Failed("CreateContainerConfigError", refusal);
        }
        SandboxState sandbox = sandboxes.get(start.sandboxId());
        if (sandbox == null || !sandbox.running()) {
            return new StepResult.Failed("CreateContainerError", "no such sandbox");
        }
        ContainerState made = new ContainerState(
                "c" + ids++,
                sandbox.id(),
                start.container().name(),
                start.attempt(),
                start.container().hash(),
                start.container().image(),
                "sha256:1",
                ContainerState.Phase.RUNNING,
                Optional.of(now),
                Optional.empty());
        Integer code = exitAtOnce.get(made.name());
        ContainerState after = code == null ? made : ended(made, code);
        List<ContainerState> containers = new ArrayList<>(sandbox.containers());
        containers.add(after);
        sandboxes.put(sandbox.id(), with(sandbox, containers));
        return new StepResult.Observed(after);
    }

    private void change(String name, java.util.function.UnaryOperator<ContainerState> change) {
        for (SandboxState s : List.copyOf(sandboxes.values())) {
            for (ContainerState c : s.containers()) {
                if (c.name().equals(name)) {
                    ContainerState after = change.apply(c);
                    put(after);
                    life.observe(after);
                }
            }
        }
        look();
    }

    private Optional<ContainerState> find(String id) {
        return sandboxes.values().stream()
                .flatMap(s -> s.containers().stream())
                .filter(c -> c.id().equals(id))
                .findFirst();
    }

    private void put(ContainerState state) {
        sandboxes.computeIfPresent(
                state.sandboxId(),
                (id, s) -> with(
                        s,
                        s.containers().stream()
                                .map(c -> c.id().equals(state.id()) ? state : c)
                                .toList()));
    }

    private ContainerState ended(ContainerState c, int code) {
        return new ContainerState(
                c.id(),
                c.sandboxId(),
                c.name(),
                c.attempt(),
                c.specHash(),
                c.image(),
                c.imageId(),
                ContainerState.Phase.EXITED,
                c.startedAt(),
                Optional.of(new ContainerState.Exit(code, 0, false, now, "")));
    }

    private static SandboxState with(SandboxState s, List<ContainerState> containers) {
        return new SandboxState(
                s.id(),
                s.podNamespace(),
                s.podName(),
                s.podUid(),
                s.attempt(),
                s.running(),
                s.ip(),
                s.createdAt(),
                List.copyOf(containers));
    }

    private static SandboxState stopped(SandboxState s) {
        return new SandboxState(
                s.id(),
                s.podNamespace(),
                s.podName(),
                s.podUid(),
                s.attempt(),
                false,
                "",
                s.createdAt(),
                s.containers());
    }
}
