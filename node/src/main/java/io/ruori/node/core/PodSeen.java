package io.ruori.node.core;

import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.SandboxState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a Pod's sandboxes and containers: what the runtime shows, and the last two lives of each container that
 * it no longer shows. A container that vanished while running counts as killed.
 */
final class PodSeen {
    private static final int KEPT_LIVES = 2;
    private static final int KILLED = 137;

    private List<SandboxState> sandboxes = List.of();
    private final List<ContainerState> gone = new ArrayList<>();

    List<SandboxState> sandboxes() {
        return sandboxes;
    }

    /** The sandbox in use: the newest that runs. */
    Optional<SandboxState> running() {
        return sandboxes.stream().filter(SandboxState::running).max(Comparator.comparingInt(SandboxState::attempt));
    }

    int highestAttempt() {
        return sandboxes.stream().mapToInt(SandboxState::attempt).max().orElse(-1);
    }

    /** The lives of a container, newest first. */
    List<ContainerState> lives(String name) {
        List<ContainerState> lives = new ArrayList<>();
        sandboxes.forEach(
                s -> s.containers().stream().filter(c -> c.name().equals(name)).forEach(lives::add));
        gone.stream().filter(c -> c.name().equals(name)).forEach(lives::add);
        lives.sort(Comparator.comparingInt(ContainerState::attempt).reversed());
        return lives;
    }

    Optional<ContainerState> current(String name) {
        List<ContainerState> lives = lives(name);
        return lives.isEmpty() ? Optional.empty() : Optional.of(lives.get(0));
    }

    List<ContainerState> inRuntime() {
        return sandboxes.stream().flatMap(s -> s.containers().stream()).toList();
    }

    boolean anyRunning() {
        return inRuntime().stream().anyMatch(c -> c.phase() == ContainerState.Phase.RUNNING);
    }

    /** The whole truth; what was known and is missing here is gone. */
    void replace(List<SandboxState> now, Instant at) {
        Set<String> present = new HashSet<>();
        now.forEach(s -> s.containers().forEach(c -> present.add(c.id())));
        inRuntime().stream().filter(c -> !present.contains(c.id())).forEach(c -> remember(c, at));
        gone.removeIf(c -> present.contains(c.id()));
        sandboxes = List.copyOf(now);
    }

    void add(SandboxState sandbox) {
        List<SandboxState> now = new ArrayList<>(sandboxes);
        now.removeIf(s -> s.id().equals(sandbox.id()));
        now.add(sandbox);
        sandboxes = List.copyOf(now);
    }

    void stopSandbox(String id) {
        sandboxes =
                sandboxes.stream().map(s -> s.id().equals(id) ? stopped(s) : s).toList();
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

    void removeSandbox(String id, Instant at) {
        sandboxes.stream()
                .filter(s -> s.id().equals(id))
                .forEach(s -> s.containers().forEach(c -> remember(c, at)));
        sandboxes = sandboxes.stream().filter(s -> !s.id().equals(id)).toList();
    }

    /** One container's present state; ignored when its sandbox is unknown (a relist will tell) or the news is old. */
    void put(ContainerState state) {
        sandboxes = sandboxes.stream()
                .map(s -> s.id().equals(state.sandboxId()) ? with(s, state) : s)
                .toList();
    }

    void removeContainer(String id, Instant at) {
        sandboxes = sandboxes.stream()
                .map(s -> {
                    List<ContainerState> kept = new ArrayList<>();
                    for (ContainerState c : s.containers()) {
                        if (c.id().equals(id)) {
                            remember(c, at);
                        } else {
                            kept.add(c);
                        }
                    }
                    return with(s, kept);
                })
                .toList();
    }

    /** Remembers a life that never was a running container of the runtime, such as a failed start. */
    void rememberFailure(ContainerState state) {
        gone.removeIf(c -> c.id().equals(state.id()));
        gone.add(state);
        trim(state.name());
    }

    private void remember(ContainerState state, Instant at) {
        switch (state.phase()) {
            case CREATED -> {}
            case RUNNING -> rememberFailure(ended(state, at));
            case EXITED -> rememberFailure(state);
        }
    }

    static ContainerState ended(ContainerState state, Instant at) {
        return new ContainerState(
                state.id(),
                state.sandboxId(),
                state.name(),
                state.attempt(),
                state.specHash(),
                state.image(),
                state.imageId(),
                ContainerState.Phase.EXITED,
                state.startedAt(),
                Optional.of(new ContainerState.Exit(KILLED, 9, false, at, "")));
    }

    private void trim(String name) {
        List<ContainerState> lives = gone.stream()
                .filter(c -> c.name().equals(name))
                .sorted(Comparator.comparingInt(ContainerState::attempt).reversed())
                .toList();
        lives.stream().skip(KEPT_LIVES).forEach(gone::remove);
    }

    private static SandboxState with(SandboxState sandbox, ContainerState state) {
        List<ContainerState> containers = new ArrayList<>();
        boolean known = false;
        for (ContainerState c : sandbox.containers()) {
            if (c.id().equals(state.id())) {
                known = true;
                // A life only goes forward: an inspection that was overtaken must not bring a container back.
                containers.add(c.phase().compareTo(state.phase()) > 0 ? c : state);
            } else {
                containers.add(c);
            }
        }
        if (!known) {
            containers.add(state);
        }
        return with(sandbox, containers);
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
}
