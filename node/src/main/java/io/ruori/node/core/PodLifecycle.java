package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.node.core.ContainerMemory.Image;
import io.ruori.node.core.ContainerMemory.Waiting;
import io.ruori.node.core.ContainerMemory.Work;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One Pod on one node: what is wanted (the Pod), what is there (the runtime's sandboxes and containers), what is remembered
 * (back-offs, probes, the lives that are gone) and, from the three, what to do next.
 *
 * <p>It is level-triggered. {@link #next} looks at the present and names the steps that bring it closer to what is wanted;
 * a step that is under way is never named twice. Nothing here acts: the caller carries a step out and hands its result to
 * {@link #ended}. The rules (order, back-off, messages) are the kubelet's.
 *
 * <pre>
 *   assign, remove ──┐                     ┌── steps ──▶ runtime
 *   observe ─────────┼─▶ PodLifecycle.next ┤
 *   ended ───────────┘                     └── status ──▶ master
 * </pre>
 *
 * <p>A container can never run twice: a start is named only when no life of it runs, none is being started or stopped, and
 * its last life has ended, and attempts only grow.
 */
public final class PodLifecycle {
    private static final Duration LOOK_FOR_IMAGE = Duration.ofMillis(1500);
    private static final Duration IMAGE_FIRST = Duration.ofSeconds(10);
    private static final Duration IMAGE_MAX = Duration.ofMinutes(5);
    private static final Duration SANDBOX_FIRST = Duration.ofSeconds(1);
    private static final Duration SANDBOX_MAX = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CONFIG_RETRY = Duration.ofSeconds(2);
    private static final Duration LEAST_GRACE = Duration.ofSeconds(1);

    /** Why a Pod was given up: {@code status.reason} and {@code status.message}. */
    record Verdict(String reason, String message) {}

    private final Instant acceptedAt;
    private final PodSeen seen = new PodSeen();
    private final Map<String, ContainerMemory> memory = new HashMap<>();
    private final Set<String> removing = new HashSet<>();
    private PodSpec pod;
    private boolean removed;
    private boolean listed;
    private @Nullable Instant terminatingSince;
    private @Nullable Verdict verdict;
    private boolean creatingSandbox;
    private int sandboxesTried;
    private Duration sandboxDelay = Duration.ZERO;
    private @Nullable Instant sandboxRetryAt;
    private @Nullable Instant removeRetryAt;
    private JsonNode lastConditions;

    public PodLifecycle(PodSpec pod, Instant now) {
        this.pod = pod;
        JsonNode known = pod.knownStatus().path("startTime");
        this.acceptedAt = known.isTextual() ? Instant.parse(known.asText()) : now;
        this.lastConditions = pod.knownStatus().path("conditions");
        for (ContainerTemplate container : pod.allContainers()) {
            Optional<JsonNode> before = knownStatus(container);
            before.filter(status -> !Json.text(status, "containerID").isEmpty())
                    .ifPresent(status -> of(container).restartsBefore = (int) Json.number(status, 0, "restartCount"));
        }
    }

    // ---- what is wanted ----

    /** The Pod as it is now. */
    public void assign(PodSpec now) {
        pod = now;
    }

    /** What the Pod refers to changed: what was refused for a missing reference may be tried at once. */
    public void referencesChanged() {
        memory.values().forEach(m -> m.retryAt = null);
    }

    /** The Pod does not exist any more. */
    public void remove() {
        removed = true;
    }

    public PodSpec pod() {
        return pod;
    }

    public boolean isRemoved() {
        return removed;
    }

    /** When the node took the Pod on. */
    public Instant acceptedAt() {
        return acceptedAt;
    }

    // ---- what is there ----

    /** Everything of this Pod that the runtime has. Nothing is decided before this was told once. */
    public void observe(List<SandboxState> sandboxes, Instant now) {
        listed = true;
        seen.replace(sandboxes, now);
        sandboxesTried = Math.max(sandboxesTried, seen.highestAttempt() + 1);
    }

    public void observe(ContainerState container) {
        seen.put(container);
    }

    /** The runtime says that a sandbox ended. */
    public void sandboxStopped(String sandboxId) {
        seen.stopSandbox(sandboxId);
    }

    /** The runtime says that a container was removed. */
    public void containerRemoved(String containerId, Instant now) {
        seen.removeContainer(containerId, now);
    }

    public List<SandboxState> sandboxes() {
        return seen.sandboxes();
    }

    /** The newest life of a container, or the one before it, if the runtime still has it. */
    public Optional<ContainerState> container(String name, boolean previous) {
        return seen.lives(name).stream()
                .skip(previous ? 1 : 0)
                .findFirst()
                .filter(life -> seen.inRuntime().stream().anyMatch(c -> c.id().equals(life.id())));
    }

    public Optional<SandboxState> runningSandbox() {
        return seen.running();
    }

    // ---- what to do ----

    /** What to do now. The steps it names count as under way until {@link #ended} hears of them. */
    public Decision next(Instant now) {
        Turn turn = new Turn(now);
        if (listed) {
            decide(turn);
        }
        return turn.decision();
    }

    private void decide(Turn turn) {
        if (removed || pod.deleted()) {
            terminate(turn);
        } else if (isOverdue(turn) || verdict != null || pod.isTerminal()) {
            stopAll(turn, turn.now.plus(pod.grace()));
        } else {
            run(turn);
        }
    }

    private boolean isOverdue(Turn turn) {
        if (pod.activeDeadline().isEmpty() || verdict != null || pod.isTerminal()) {
            return false;
        }
        Instant deadline = acceptedAt.plus(pod.activeDeadline().get());
        if (turn.now.isBefore(deadline)) {
            turn.wake(deadline);
            return false;
        }
        verdict = new Verdict("DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        turn.notices.add(new PodNotice(false, verdict.reason(), verdict.message(), ""));
        return true;
    }

    private void run(Turn turn) {
        Optional<SandboxState> sandbox = seen.running();
        if (sandbox.isEmpty()) {
            renewSandbox(turn);
            return;
        }
        if (isFinished()) {
            stopAll(turn, turn.now.plus(pod.grace())); // sidecars do not outlive the work
            return;
        }
        seen.sandboxes().stream()
                .filter(s -> !s.id().equals(sandbox.get().id()))
                .forEach(s -> removeSandbox(turn, s.id()));
        if (initialize(turn, sandbox.get())) {
            pod.containers().forEach(container -> upkeep(turn, container, sandbox.get()));
        }
        pod.allContainers().forEach(container -> probe(turn, container, sandbox.get()));
        forgetOldLives(turn);
    }

    private void renewSandbox(Turn turn) {
        if (isFinished()) {
            // What still runs has no network and must not come back.
            stopAll(turn, turn.now);
            return;
        }
        if (isBusy() || creatingSandbox) {
            return;
        }
        if (!seen.sandboxes().isEmpty()) {
            if (removing.isEmpty()) {
                turn.notices.add(new PodNotice(
                        false, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.", ""));
            }
            seen.sandboxes().forEach(s -> removeSandbox(turn, s.id()));
            return;
        }
        if (turn.mustWait(sandboxRetryAt)) {
            return;
        }
        creatingSandbox = true;
        turn.steps.add(new PodStep.CreateSandbox(sandboxesTried++));
    }

    /** Keeps init containers going in their order. True once all have done their part in this sandbox. */
    private boolean initialize(Turn turn, SandboxState sandbox) {
        boolean past = pod.containers().stream().anyMatch(c -> hasLifeIn(c, sandbox));
        for (ContainerTemplate container : pod.initContainers()) {
            if (container.sidecar()) {
                upkeep(turn, container, sandbox);
                if (!past && !isStarted(container)) {
                    return false;
                }
            } else if (!past && !isCompletedIn(container, sandbox)) {
                upkeep(turn, container, sandbox);
                return false;
            }
        }
        return true;
    }

    private boolean hasLifeIn(ContainerTemplate container, SandboxState sandbox) {
        return seen.current(container.name())
                .filter(c -> c.sandboxId().equals(sandbox.id()))
                .isPresent();
    }

    private boolean isCompletedIn(ContainerTemplate container, SandboxState sandbox) {
        return seen.current(container.name())
                .filter(c -> c.sandboxId().equals(sandbox.id()))
                .flatMap(ContainerState::exit)
                .filter(exit -> exit.code() == 0)
                .isPresent();
    }

    /** Brings one container closer to running, or lets it rest. */
    private void upkeep(Turn turn, ContainerTemplate container, SandboxState sandbox) {
        ContainerMemory m = of(container);
        if (m.work != Work.NONE || m.stopDeadline != null) {
            return;
        }
        Optional<ContainerState> current = seen.current(container.name());
        if (current.isEmpty()) {
            start(turn, container, sandbox);
            return;
        }
        ContainerState life = current.get();
        switch (life.phase()) {
            case RUNNING -> keepRunning(turn, container, life, sandbox);
            case CREATED -> removeContainer(turn, life.id());
            case EXITED -> {
                if (mustRunAgain(container, life, sandbox) && isOutOfBackoff(turn, container, life, sandbox)) {
                    start(turn, container, sandbox);
                }
            }
        }
    }

    private void keepRunning(Turn turn, ContainerTemplate container, ContainerState life, SandboxState sandbox) {
        ContainerMemory m = of(container);
        if (!life.sandboxId().equals(sandbox.id())) {
            return; // it goes with its sandbox
        }
        if (!life.specHash().equals(container.hash())) {
            m.restartWithoutDelay = true;
            turn.notices.add(PodNotice.normal(
                    "Killing", "Container " + container.name() + " definition changed, will be restarted", container));
            stop(turn, container, life, turn.now.plus(pod.grace()));
            return;
        }
        for (ProbeKind kind : List.of(ProbeKind.STARTUP, ProbeKind.LIVENESS)) {
            ProbeSpec spec = container.probes().get(kind);
            ProbeState state = m.probes.get(kind);
            if (spec != null && state != null && m.probedId.equals(life.id()) && state.isExhausted(spec)) {
                turn.notices.add(PodNotice.normal(
                        "Killing",
                        "Container " + container.name() + " failed " + lower(kind) + " probe"
                                + (restarts(container, 137) ? ", will be restarted" : ""),
                        container));
                Duration grace = Duration.ofSeconds(
                        Json.number(spec.action(), pod.grace().toSeconds(), "terminationGracePeriodSeconds"));
                stop(turn, container, life, turn.now.plus(grace));
                return;
            }
        }
    }

    private static String lower(ProbeKind kind) {
        return kind == ProbeKind.STARTUP ? "startup" : "liveness";
    }

    private boolean mustRunAgain(ContainerTemplate container, ContainerState life, SandboxState sandbox) {
        if (container.init() && !container.sidecar() && !life.sandboxId().equals(sandbox.id())) {
            return true; // a new sandbox is initialised from the beginning
        }
        return restarts(container, exitCode(life));
    }

    private boolean restarts(ContainerTemplate container, int exitCode) {
        if (container.sidecar()) {
            return true;
        }
        if (container.init()) {
            return exitCode != 0 && pod.restartPolicy() != RestartPolicy.NEVER;
        }
        return of(container).restartWithoutDelay || pod.restartPolicy().restartsAfter(exitCode);
    }

    private boolean isOutOfBackoff(Turn turn, ContainerTemplate container, ContainerState life, SandboxState sandbox) {
        ContainerMemory m = of(container);
        if (!life.sandboxId().equals(sandbox.id())) {
            return true; // it did not crash, its sandbox was lost
        }
        if (m.restartWithoutDelay || m.clearedFor.equals(life.id())) {
            return true;
        }
        Instant finishedAt = life.exit().map(ContainerState.Exit::finishedAt).orElse(turn.now);
        if (!m.backoff.holds(finishedAt, turn.now)) {
            m.backoff = m.backoff.next(finishedAt, turn.now);
            m.clearedFor = life.id();
            return true;
        }
        m.waiting = new Waiting(
                "CrashLoopBackOff",
                "back-off " + GoDuration.format(m.backoff.delay()) + " restarting failed container=" + container.name()
                        + " pod=" + pod.fullName());
        if (!m.announcedFor.equals(life.id())) {
            m.announcedFor = life.id();
            turn.notices.add(PodNotice.warning(
                    "BackOff",
                    "Back-off restarting failed container " + container.name() + " in pod " + pod.fullName(),
                    container));
        }
        turn.wake(m.backoff.until(finishedAt));
        return false;
    }

    /** Image first, then the container; one container of a Pod at a time, in the order of the spec. */
    private void start(Turn turn, ContainerTemplate container, SandboxState sandbox) {
        ContainerMemory m = of(container);
        if (isStarting() || turn.mustWait(m.retryAt)) {
            return;
        }
        switch (m.image) {
            case UNKNOWN -> ensureImage(turn, container);
            case PRESENT -> {
                m.work = Work.START;
                turn.steps.add(
                        new PodStep.StartContainer(container, nextAttempt(container), sandbox.id(), sandbox.ip()));
            }
            case MISSING -> awaitImage(turn, container);
        }
    }

    private void ensureImage(Turn turn, ContainerTemplate container) {
        of(container).work = Work.IMAGE;
        turn.steps.add(new PodStep.EnsureImage(container));
    }

    private void awaitImage(Turn turn, ContainerTemplate container) {
        ContainerMemory m = of(container);
        boolean pulls = container.pullPolicy() != PullPolicy.NEVER;
        if (pulls && !turn.mustWait(m.imageRetryAt)) {
            ensureImage(turn, container);
        } else if (container.pullPolicy() == PullPolicy.ALWAYS) {
            if (m.imageLookAt != null && !turn.mustWait(m.imageLookAt)) {
                m.imageLookAt = null;
                turn.notices.addAll(fallBackOnPulling(container));
            }
        } else if (!turn.mustWait(m.imageLookAt)) {
            m.work = Work.IMAGE;
            turn.steps.add(new PodStep.LookForImage(container));
        }
    }

    private List<PodNotice> fallBackOnPulling(ContainerTemplate container) {
        ContainerMemory m = of(container);
        if (m.waiting == null || !m.waiting.reason().equals("ErrImagePull")) {
            return List.of();
        }
        String backOff = "Back-off pulling image \"" + container.image() + "\"";
        m.waiting = new Waiting("ImagePullBackOff", backOff + ": ErrImagePull: " + m.waiting.message());
        return List.of(
                PodNotice.normal("BackOff", backOff, container),
                PodNotice.warning("Failed", "Error: ImagePullBackOff", container));
    }

    private int nextAttempt(ContainerTemplate container) {
        int last = seen.current(container.name()).map(ContainerState::attempt).orElse(-1);
        return Math.max(last, of(container).restartsBefore) + 1;
    }

    // ---- the end ----

    private void terminate(Turn turn) {
        if (terminatingSince == null) {
            terminatingSince = turn.now;
        }
        Duration grace = pod.grace().compareTo(LEAST_GRACE) < 0 ? LEAST_GRACE : pod.grace();
        stopAll(turn, terminatingSince.plus(grace));
        boolean starting = memory.values().stream().anyMatch(m -> m.work == Work.START);
        if (seen.anyRunning() || starting || creatingSandbox) {
            return;
        }
        seen.sandboxes().forEach(s -> removeSandbox(turn, s.id()));
        turn.gone = seen.sandboxes().isEmpty();
    }

    /** Stops what runs: sidecars only after all others have stopped. */
    private void stopAll(Turn turn, Instant deadline) {
        List<ContainerState> running = seen.inRuntime().stream()
                .filter(c -> c.phase() == ContainerState.Phase.RUNNING)
                .toList();
        boolean onlySidecars = running.stream().allMatch(c -> template(c).sidecar());
        for (ContainerState life : running) {
            ContainerTemplate container = template(life);
            if (onlySidecars || !container.sidecar()) {
                ContainerMemory m = of(container);
                if (m.stopDeadline == null && !turn.mustWait(m.stopRetryAt)) {
                    turn.notices.add(PodNotice.normal("Killing", "Stopping container " + container.name(), container));
                    stop(turn, container, life, deadline);
                } else if (m.stopDeadline != null && deadline.isBefore(m.stopDeadline.minusMillis(500))) {
                    stop(turn, container, life, deadline); // the grace was shortened meanwhile
                }
            }
        }
    }

    /** A container of ours that the Pod does not name (any more) is stopped like any other. */
    private ContainerTemplate template(ContainerState life) {
        return pod.container(life.name())
                .orElseGet(() -> ContainerTemplate.read(
                        Json.object().put("name", life.name()).put("image", life.image()), false));
    }

    private void stop(Turn turn, ContainerTemplate container, ContainerState life, Instant deadline) {
        ContainerMemory m = of(container);
        Duration grace = Duration.between(turn.now, deadline);
        boolean preStop = !m.preStopDone && container.preStop().isObject();
        m.preStopDone = true;
        m.stopDeadline = deadline;
        turn.steps.add(
                new PodStep.StopContainer(container, life.id(), grace.isNegative() ? Duration.ZERO : grace, preStop));
    }

    private void removeSandbox(Turn turn, String id) {
        if (!turn.mustWait(removeRetryAt) && removing.add(id)) {
            turn.steps.add(new PodStep.RemoveSandbox(id));
        }
    }

    private void removeContainer(Turn turn, String id) {
        if (!turn.mustWait(removeRetryAt) && removing.add(id)) {
            turn.steps.add(new PodStep.RemoveContainer(id));
        }
    }

    /** Of each container the present life and the one before are kept, for {@code logs --previous} and lastState. */
    private void forgetOldLives(Turn turn) {
        for (ContainerTemplate container : pod.allContainers()) {
            List<ContainerState> ended = seen.inRuntime().stream()
                    .filter(c -> c.name().equals(container.name()) && c.phase() == ContainerState.Phase.EXITED)
                    .toList();
            int current =
                    seen.current(container.name()).map(ContainerState::attempt).orElse(0);
            ended.stream().filter(c -> c.attempt() < current - 1).forEach(c -> removeContainer(turn, c.id()));
        }
    }

    // ---- probes ----

    private void probe(Turn turn, ContainerTemplate container, SandboxState sandbox) {
        ContainerMemory m = of(container);
        Optional<ContainerState> life =
                runningLife(container).filter(c -> c.sandboxId().equals(sandbox.id()));
        if (container.probes().isEmpty() || life.isEmpty() || m.stopDeadline != null) {
            return;
        }
        beginProbing(container, life.get(), turn.now);
        boolean started = isStarted(container);
        container.probes().forEach((kind, spec) -> {
            ProbeState state = m.probes.get(kind);
            if (state == null || (kind == ProbeKind.STARTUP) == started) {
                return;
            }
            if (!m.probing.getOrDefault(kind, false) && !turn.mustWait(state.dueAt())) {
                m.probing.put(kind, true);
                turn.steps.add(new PodStep.RunProbe(container, life.get().id(), sandbox.ip(), spec));
            }
        });
    }

    private void beginProbing(ContainerTemplate container, ContainerState life, Instant now) {
        ContainerMemory m = of(container);
        if (!m.probedId.equals(life.id())) {
            m.probedId = life.id();
            m.probes.clear();
            m.probing.clear();
            Instant startedAt = life.startedAt().orElse(now);
            container.probes().forEach((kind, spec) -> m.probes.put(kind, ProbeState.initial(spec, startedAt)));
        }
    }

    private Optional<ContainerState> runningLife(ContainerTemplate container) {
        return seen.current(container.name()).filter(c -> c.phase() == ContainerState.Phase.RUNNING);
    }

    // ---- results ----

    /** What became of a step. Returns what should be told about it. */
    public List<PodNotice> ended(PodStep step, StepResult result, Instant now) {
        return switch (step) {
            case PodStep.CreateSandbox create -> sandboxCreated(result, now);
            case PodStep.RemoveSandbox remove -> {
                removing.remove(remove.sandboxId());
                if (isRefused(result, now)) {
                    yield List.of();
                }
                seen.removeSandbox(remove.sandboxId(), now);
                yield List.of();
            }
            case PodStep.RemoveContainer remove -> {
                removing.remove(remove.containerId());
                if (!isRefused(result, now)) {
                    seen.removeContainer(remove.containerId(), now);
                }
                yield List.of();
            }
            case PodStep.EnsureImage ensure -> imageEnded(ensure.container(), result, now);
            case PodStep.LookForImage look -> imageEnded(look.container(), result, now);
            case PodStep.StartContainer start -> startEnded(start, result, now);
            case PodStep.StopContainer stop -> stopEnded(stop, result, now);
            case PodStep.RunProbe probe -> probed(probe, result, now);
        };
    }

    private boolean isRefused(StepResult result, Instant now) {
        boolean refused = result instanceof StepResult.Failed;
        removeRetryAt = refused ? now.plus(RETRY) : null;
        return refused;
    }

    private List<PodNotice> sandboxCreated(StepResult result, Instant now) {
        creatingSandbox = false;
        if (result instanceof StepResult.SandboxCreated created) {
            seen.add(created.sandbox());
            sandboxDelay = Duration.ZERO;
            sandboxRetryAt = null;
        } else if (result instanceof StepResult.Failed failed) {
            sandboxDelay = doubled(sandboxDelay, SANDBOX_FIRST, SANDBOX_MAX);
            sandboxRetryAt = now.plus(sandboxDelay);
            return List.of(new PodNotice(
                    true, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + failed.message(), ""));
        }
        return List.of();
    }

    private List<PodNotice> imageEnded(ContainerTemplate container, StepResult result, Instant now) {
        ContainerMemory m = of(container);
        m.work = Work.NONE;
        return switch (result) {
            case StepResult.ImagePresent present -> {
                m.image = Image.PRESENT;
                m.imageDelay = Duration.ZERO;
                m.imageRetryAt = null;
                m.imageLookAt = null;
                yield List.of();
            }
            case StepResult.ImageAbsent absent -> {
                m.imageLookAt = now.plus(LOOK_FOR_IMAGE);
                yield fallBackOnPulling(container);
            }
            case StepResult.Failed failed -> imageFailed(container, failed, now);
            case StepResult.Done other -> List.of();
            case StepResult.SandboxCreated other -> List.of();
            case StepResult.Observed other -> List.of();
            case StepResult.StartFailed other -> List.of();
            case StepResult.Probed other -> List.of();
        };
    }

    private List<PodNotice> imageFailed(ContainerTemplate container, StepResult.Failed failed, Instant now) {
        ContainerMemory m = of(container);
        boolean news = m.image != Image.MISSING || !failed.reason().equals("ErrImageNeverPull");
        m.image = Image.MISSING;
        m.imageDelay = doubled(m.imageDelay, IMAGE_FIRST, IMAGE_MAX);
        m.imageRetryAt = now.plus(m.imageDelay);
        m.imageLookAt = now.plus(LOOK_FOR_IMAGE);
        m.waiting = new Waiting(failed.reason(), failed.message());
        if (!news) {
            return List.of();
        }
        PodNotice cause = failed.reason().equals("ErrImagePull")
                ? PodNotice.warning(
                        "Failed", "Failed to pull image \"" + container.image() + "\": " + failed.message(), container)
                : PodNotice.warning(failed.reason(), failed.message(), container);
        return List.of(cause, PodNotice.warning("Failed", "Error: " + failed.reason(), container));
    }

    private List<PodNotice> startEnded(PodStep.StartContainer start, StepResult result, Instant now) {
        ContainerTemplate container = start.container();
        ContainerMemory m = of(container);
        m.work = Work.NONE;
        m.retryAt = null;
        m.preStopDone = false;
        if (!(result instanceof StepResult.Failed failed) || failed.reason().equals("CreateContainerError")) {
            m.image = Image.UNKNOWN; // asked for anew before the next start; a configuration says nothing about images
        }
        if (result instanceof StepResult.Observed observed) {
            seen.put(observed.state());
            m.waiting = null;
            m.restartWithoutDelay = false;
            m.lastFailure = "";
            return List.of();
        }
        if (result instanceof StepResult.StartFailed failed) {
            if (seen.running().filter(s -> s.id().equals(start.sandboxId())).isEmpty()) {
                return List.of(); // its sandbox died under it: that is no failure of the container's
            }
            seen.rememberFailure(failed.state());
            m.restartWithoutDelay = false;
            m.retryAt = now.plus(RETRY);
            String message =
                    failed.state().exit().map(ContainerState.Exit::message).orElse("");
            m.waiting = new Waiting("RunContainerError", message);
            return List.of(PodNotice.warning("Failed", "Error: " + message, container));
        }
        if (result instanceof StepResult.Failed failed) {
            m.retryAt = now.plus(CONFIG_RETRY);
            // A volume that is not there yet leaves the container waiting without a word, as upstream does.
            m.waiting = failed.reason().equals(StepResult.MOUNT_REASON)
                    ? null
                    : new Waiting(failed.reason(), failed.message());
            boolean news = !m.lastFailure.equals(failed.message());
            m.lastFailure = failed.message();
            return news ? List.of(refusal(container, failed)) : List.of();
        }
        return List.of();
    }

    private static PodNotice refusal(ContainerTemplate container, StepResult.Failed failed) {
        return failed.reason().equals(StepResult.MOUNT_REASON)
                ? new PodNotice(true, "FailedMount", failed.message(), "")
                : PodNotice.warning("Failed", "Error: " + failed.message(), container);
    }

    private List<PodNotice> stopEnded(PodStep.StopContainer stop, StepResult result, Instant now) {
        ContainerMemory m = of(stop.container());
        m.stopDeadline = null;
        m.stopRetryAt = null;
        if (result instanceof StepResult.Observed observed) {
            seen.put(observed.state());
        } else if (result instanceof StepResult.Failed) {
            m.stopRetryAt = now.plus(RETRY);
        } else {
            seen.removeContainer(stop.containerId(), now);
        }
        return List.of();
    }

    private List<PodNotice> probed(PodStep.RunProbe probe, StepResult result, Instant now) {
        ContainerMemory m = of(probe.container());
        ProbeKind kind = probe.probe().kind();
        if (!m.probedId.equals(probe.containerId())) {
            return List.of(); // of a life that is over
        }
        m.probing.put(kind, false);
        ProbeState state = m.probes.get(kind);
        if (state == null || !(result instanceof StepResult.Probed probed)) {
            return List.of();
        }
        m.probes.put(kind, state.after(probe.probe(), probed.success(), now));
        return probed.success()
                ? List.of()
                : List.of(PodNotice.warning(
                        "Unhealthy", kind.title() + " probe failed: " + probed.output(), probe.container()));
    }

    private static Duration doubled(Duration delay, Duration first, Duration max) {
        Duration next = delay.isZero() ? first : delay.multipliedBy(2);
        return next.compareTo(max) > 0 ? max : next;
    }

    // ---- questions ----

    /** {@code status} as the node reports it now. */
    public ObjectNode status(NodeFacts node, Instant now) {
        ObjectNode status = new PodStatusView(this, node, now).build(lastConditions);
        lastConditions = status.path("conditions");
        return status;
    }

    /** Runs, and has passed its startup probe if it has one. */
    boolean isStarted(ContainerTemplate container) {
        Optional<ContainerState> life = runningLife(container);
        return life.isPresent() && isPassing(container, ProbeKind.STARTUP, life.get());
    }

    boolean isReady(ContainerTemplate container) {
        if (container.init() && !container.sidecar()) {
            return seen.current(container.name())
                    .flatMap(ContainerState::exit)
                    .filter(e -> e.code() == 0)
                    .isPresent();
        }
        Optional<ContainerState> life = runningLife(container);
        return isStarted(container) && isPassing(container, ProbeKind.READINESS, life.orElseThrow());
    }

    private boolean isPassing(ContainerTemplate container, ProbeKind kind, ContainerState life) {
        if (!container.hasProbe(kind)) {
            return true;
        }
        ContainerMemory m = of(container);
        ProbeState state = m.probes.get(kind);
        return state != null && m.probedId.equals(life.id()) && state.passing();
    }

    /** Whether all that was to be done is done, so that nothing will be started again. */
    boolean isFinished() {
        return pod.initContainers().stream().anyMatch(this::isInitFailure)
                || pod.containers().stream().allMatch(this::isOverForGood);
    }

    private boolean isInitFailure(ContainerTemplate container) {
        return !container.sidecar()
                && isOverForGood(container)
                && seen.current(container.name())
                        .filter(life -> exitCode(life) != 0)
                        .isPresent();
    }

    private boolean isOverForGood(ContainerTemplate container) {
        return seen.current(container.name())
                .filter(life -> life.phase() == ContainerState.Phase.EXITED || isStranded(life))
                .filter(life -> !restarts(container, exitCode(life)))
                .isPresent();
    }

    /** It runs without its sandbox: it will be killed, and counts as if it had been. */
    private boolean isStranded(ContainerState life) {
        return life.phase() == ContainerState.Phase.RUNNING
                && seen.running().filter(s -> s.id().equals(life.sandboxId())).isEmpty();
    }

    boolean isTerminating() {
        return removed || pod.deleted() || verdict != null;
    }

    boolean anyRunning() {
        return seen.anyRunning();
    }

    @Nullable
    Verdict verdict() {
        return verdict;
    }

    List<ContainerState> lives(ContainerTemplate container) {
        return seen.lives(container.name());
    }

    @Nullable
    Waiting waiting(ContainerTemplate container) {
        return of(container).waiting;
    }

    /** Why a container that has no life yet has none, as one word. */
    public String waitingReason(String container) {
        ContainerMemory m = memory.get(container);
        if (m != null && m.waiting != null) {
            return m.waiting.reason();
        }
        return pod.initContainers().isEmpty() ? "ContainerCreating" : "PodInitializing";
    }

    int restartsBefore(ContainerTemplate container) {
        return of(container).restartsBefore;
    }

    /** What the API server knew of a container when the Pod was read. */
    Optional<JsonNode> knownStatus(ContainerTemplate container) {
        JsonNode list = pod.knownStatus().path(container.init() ? "initContainerStatuses" : "containerStatuses");
        for (JsonNode status : list) {
            if (Json.text(status, "name").equals(container.name())) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    private static int exitCode(ContainerState life) {
        return life.exit().map(ContainerState.Exit::code).orElse(137);
    }

    private boolean isStarting() {
        return memory.values().stream().anyMatch(m -> m.work != Work.NONE);
    }

    private boolean isBusy() {
        return memory.values().stream().anyMatch(m -> m.work != Work.NONE || m.stopDeadline != null);
    }

    private ContainerMemory of(ContainerTemplate container) {
        return memory.computeIfAbsent(container.name(), name -> new ContainerMemory());
    }

    /** What one call of {@link #next} collects. */
    private static final class Turn {
        private final Instant now;
        private final List<PodStep> steps = new ArrayList<>();
        private final List<PodNotice> notices = new ArrayList<>();
        private @Nullable Instant wakeAt;
        private boolean gone;

        Turn(Instant now) {
            this.now = now;
        }

        void wake(Instant at) {
            if (wakeAt == null || at.isBefore(wakeAt)) {
                wakeAt = at;
            }
        }

        /** Whether that moment is still to come; then the Pod is looked at again when it does. */
        boolean mustWait(@Nullable Instant until) {
            if (until == null || !now.isBefore(until)) {
                return false;
            }
            wake(until);
            return true;
        }

        Decision decision() {
            return new Decision(List.copyOf(steps), List.copyOf(notices), Optional.ofNullable(wakeAt), gone);
        }
    }
}
