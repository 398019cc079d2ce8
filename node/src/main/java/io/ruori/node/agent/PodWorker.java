package io.ruori.node.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.node.core.Decision;
import io.ruori.node.core.PodLifecycle;
import io.ruori.node.core.PodNotice;
import io.ruori.node.core.PodSpec;
import io.ruori.node.core.PodStep;
import io.ruori.node.core.References;
import io.ruori.node.core.StepResult;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.RuntimeEvent;
import io.ruori.node.runtime.SandboxState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One Pod. Everything that happens to it becomes a message here, and each message ends in one look at {@link PodLifecycle}:
 * its steps are carried out on the runtime, their results come back as messages, and a changed status goes to the node.
 *
 * <p>There is no actor per container. What a container needs (order among its siblings, back-off, probes) is decided over
 * the whole Pod, and a container's own actor would hold no state and supervise nothing that this one does not.
 */
final class PodWorker extends AbstractBehavior<PodWorker.Command> {

    sealed interface Command {}

    /** The Pod as it is wanted now. {@code referencesChanged}: a ConfigMap or Secret of its namespace did. */
    record Assign(PodSpec pod, References references, boolean referencesChanged) implements Command {}

    /** The Pod does not exist any more. */
    record Remove() implements Command {}

    /**
     * All that the runtime has of this Pod.
     *
     * @param askedAt {@link System#nanoTime()} when it was asked; what happened since is newer
     */
    record Observe(List<SandboxState> sandboxes, long askedAt) implements Command {}

    record Happened(RuntimeEvent event) implements Command {}

    /** Send the status again: a new master may not know it. */
    record Report() implements Command {}

    /** Where the container of a byte stream is. */
    record Locate(String container, boolean previous, ActorRef<Located> replyTo) implements Command {}

    /**
     * @param sandboxId empty where the Pod has no running one
     * @param containerId empty where {@code problem} says why there is none
     */
    record Located(String sandboxId, String containerId, boolean running, String problem) {}

    private record Ended(PodStep step, StepResult result) implements Command {}

    private record Inspected(ContainerState state) implements Command {}

    private record Ignored() implements Command {}

    private record Wake() implements Command {}

    private record FilesRemoved() implements Command {}

    private final ActorRef<NodeAgent.Command> node;
    private final StepRunner runner;
    private final TimerScheduler<Command> timers;
    private final Clock clock;
    private final String uid;
    private @Nullable PodLifecycle life;
    private References references = References.of(java.util.Map.of());
    private int underWay;
    private long lastEndedAt = System.nanoTime();
    private boolean observed;
    private boolean leaving;
    private @Nullable ObjectNode reported;

    private PodWorker(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            String uid,
            ActorRef<NodeAgent.Command> node,
            StepRunner runner,
            Clock clock) {
        super(context);
        this.timers = timers;
        this.uid = uid;
        this.node = node;
        this.runner = runner;
        this.clock = clock;
    }

    /** It knows nothing at first, also after a restart: it asks the node for its Pod. */
    static Behavior<Command> create(String uid, ActorRef<NodeAgent.Command> node, StepRunner runner, Clock clock) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            node.tell(new NodeAgent.WorkerReady(uid, context.getSelf()));
            return new PodWorker(context, timers, uid, node, runner, clock);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        if (command instanceof Assign assign) {
            assign(assign);
        } else if (command instanceof FilesRemoved) {
            return Behaviors.stopped();
        } else if (life != null) {
            on(command, life);
        } else if (command instanceof Locate locate) {
            locate.replyTo().tell(new Located("", "", false, "pod is not known yet"));
        }
        if (life != null && !leaving) {
            turn(life);
        }
        return this;
    }

    private void assign(Assign assign) {
        references = assign.references();
        if (life == null) {
            life = new PodLifecycle(assign.pod(), clock.instant());
            return;
        }
        life.assign(assign.pod());
        if (assign.referencesChanged()) {
            life.referencesChanged();
            refreshVolumes(life);
        }
    }

    /** Files in running containers follow their objects; a reference that is missing leaves them as they are. */
    private void refreshVolumes(PodLifecycle life) {
        boolean hasVolumes = !life.pod().spec().path("volumes").isEmpty();
        Optional<SandboxState> sandbox = life.runningSandbox();
        if (hasVolumes && sandbox.isPresent()) {
            getContext()
                    .pipeToSelf(
                            runner.refreshVolumes(
                                    life.pod(), references, sandbox.get().ip()),
                            (ok, failure) -> new Ignored());
        }
    }

    private void on(Command command, PodLifecycle life) {
        Instant now = clock.instant();
        switch (command) {
            case Remove remove -> life.remove();
            case Observe seen -> observe(life, seen, now);
            case Happened happened -> happened(life, happened.event(), now);
            case Report report -> reported = null;
            case Locate locate -> locate.replyTo().tell(locate(life, locate));
            case Ended ended -> {
                if (changesTheRuntime(ended.step())) {
                    underWay--;
                    lastEndedAt = System.nanoTime();
                }
                life.ended(ended.step(), ended.result(), now).forEach(this::tell);
            }
            case Inspected inspected -> life.observe(inspected.state());
            case Assign assign -> {} // handled before
            case FilesRemoved removed -> {} // handled before
            case Ignored ignored -> {}
            case Wake wake -> {}
        }
    }

    /** A look that began before our last step ended may show the world before that step. */
    private void observe(PodLifecycle life, Observe seen, Instant now) {
        boolean fresh = underWay == 0 && seen.askedAt() - lastEndedAt > 0;
        if (!observed || fresh) {
            observed = true;
            life.observe(seen.sandboxes(), now);
            // A container that ended while nobody looked has not been asked for its last words.
            seen.sandboxes()
                    .forEach(s -> s.containers().stream()
                            .filter(c -> c.exit()
                                    .filter(e -> e.code() != 0 && e.message().isEmpty())
                                    .isPresent())
                            .forEach(c -> inspect(life, c.id())));
        }
    }

    private void happened(PodLifecycle life, RuntimeEvent event, Instant now) {
        switch (event) {
            case RuntimeEvent.SandboxStopped stopped -> life.sandboxStopped(stopped.sandboxId());
            case RuntimeEvent.ContainerStarted started -> inspect(life, started.containerId());
            case RuntimeEvent.ContainerStopped stopped -> inspect(life, stopped.containerId());
            case RuntimeEvent.ContainerRemoved removed -> life.containerRemoved(removed.containerId(), now);
        }
    }

    private void inspect(PodLifecycle life, String containerId) {
        getContext()
                .pipeToSelf(
                        runner.inspect(containerId, life.pod()),
                        (state, failure) -> failure == null ? new Inspected(state) : new Ignored());
    }

    private static Located locate(PodLifecycle life, Locate locate) {
        String sandbox = life.runningSandbox().map(SandboxState::id).orElse("");
        if (locate.container().isEmpty()) {
            return new Located(sandbox, "", false, sandbox.isEmpty() ? "pod is not running" : "");
        }
        Optional<ContainerState> found = life.container(locate.container(), locate.previous());
        if (found.isEmpty()) {
            String what = locate.previous() ? "previous terminated container \"" : "container \"";
            String why = locate.previous()
                    ? "\" in pod \"" + life.pod().name() + "\" not found"
                    : "\" in pod \"" + life.pod().name() + "\" is waiting to start: "
                            + life.waitingReason(locate.container());
            return new Located(sandbox, "", false, what + locate.container() + why);
        }
        ContainerState state = found.get();
        return new Located(sandbox, state.id(), state.phase() == ContainerState.Phase.RUNNING, "");
    }

    private void turn(PodLifecycle life) {
        Decision decision = life.next(clock.instant());
        decision.notices().forEach(this::tell);
        decision.steps().forEach(step -> begin(step, life));
        timers.cancel(Wake.class);
        decision.wakeAt().ifPresent(at -> {
            Duration wait = Duration.between(clock.instant(), at);
            timers.startSingleTimer(Wake.class, new Wake(), wait.isNegative() ? Duration.ZERO : wait.plusMillis(1));
        });
        report(life);
        if (decision.gone()) {
            leaving = true;
            node.tell(new NodeAgent.PodEnded(uid));
            getContext().pipeToSelf(runner.removeFiles(life.pod()), (ok, failure) -> new FilesRemoved());
        }
    }

    private void begin(PodStep step, PodLifecycle life) {
        if (changesTheRuntime(step)) {
            underWay++;
        }
        getContext()
                .pipeToSelf(
                        runner.run(step, new StepRunner.Job(life.pod(), references, this::tell)),
                        (result, failure) -> new Ended(
                                step,
                                failure == null
                                        ? result
                                        : new StepResult.Failed("RuntimeError", String.valueOf(failure.getMessage()))));
    }

    private static boolean changesTheRuntime(PodStep step) {
        return !(step instanceof PodStep.RunProbe)
                && !(step instanceof PodStep.EnsureImage)
                && !(step instanceof PodStep.LookForImage);
    }

    private void report(PodLifecycle life) {
        if (life.isRemoved() || !observed) {
            return;
        }
        ObjectNode status = life.status(runner.node(), clock.instant());
        if (!status.equals(reported)) {
            reported = status;
            node.tell(new NodeAgent.PodReport(uid, life.pod(), status));
        }
    }

    /** Called from steps under way too, so it touches nothing of the actor but its node. */
    private void tell(PodNotice notice) {
        node.tell(new NodeAgent.PodNoticed(uid, notice));
    }
}
