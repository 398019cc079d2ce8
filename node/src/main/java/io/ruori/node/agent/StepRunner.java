package io.ruori.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.node.core.ConfigProblem;
import io.ruori.node.core.ContainerSpecs;
import io.ruori.node.core.ContainerTemplate;
import io.ruori.node.core.EnvResolver;
import io.ruori.node.core.FieldPaths;
import io.ruori.node.core.GoDuration;
import io.ruori.node.core.NodeFacts;
import io.ruori.node.core.PodNotice;
import io.ruori.node.core.PodSpec;
import io.ruori.node.core.PodStep;
import io.ruori.node.core.PullPolicy;
import io.ruori.node.core.References;
import io.ruori.node.core.StepResult;
import io.ruori.node.core.VolumePlan;
import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.runtime.ContainerSpec;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.ImageState;
import io.ruori.node.runtime.LogQuery;
import io.ruori.node.runtime.RegistryCredentials;
import io.ruori.node.runtime.RuntimeFault;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * Carries out the steps of Pods on the runtime. It keeps nothing of a Pod; a step's result says all. The stages it returns
 * never fail.
 */
final class StepRunner {
    private static final int START_FAILED = 128;
    private static final Duration LEAST_GRACE_AFTER_HOOK = Duration.ofSeconds(2);
    private static final Duration HOOK_LIMIT = Duration.ofHours(1);
    private static final int LAST_WORDS_LINES = 80;
    private static final int LAST_WORDS_BYTES = 2048;

    /** One Pod, as it was when the step was decided. */
    record Job(PodSpec pod, References references, Consumer<PodNotice> tell) {}

    private final ContainerRuntime runtime;
    private final ActionRunner actions;
    private final VolumeStore volumes;
    private final NodeFacts node;
    private final Executor blocking;
    private final Materializer materializer;
    private final Clock clock;

    StepRunner(
            ContainerRuntime runtime,
            ActionRunner actions,
            VolumeStore volumes,
            NodeFacts node,
            Executor blocking,
            Materializer materializer,
            Clock clock) {
        this.runtime = runtime;
        this.actions = actions;
        this.volumes = volumes;
        this.node = node;
        this.blocking = blocking;
        this.materializer = materializer;
        this.clock = clock;
    }

    NodeFacts node() {
        return node;
    }

    CompletionStage<StepResult> run(PodStep step, Job job) {
        return guarded(() -> switch (step) {
            case PodStep.CreateSandbox create ->
                runtime.runSandbox(ContainerSpecs.sandbox(job.pod(), create.attempt()))
                        .<StepResult>thenApply(StepResult.SandboxCreated::new);
            case PodStep.RemoveSandbox remove ->
                runtime.removeSandbox(remove.sandboxId()).thenApply(ok -> done());
            case PodStep.RemoveContainer remove ->
                runtime.removeContainer(remove.containerId()).thenApply(ok -> done());
            case PodStep.EnsureImage ensure -> ensureImage(ensure.container(), job);
            case PodStep.LookForImage look -> lookForImage(look.container(), job);
            case PodStep.StartContainer start -> start(start, job);
            case PodStep.StopContainer stop -> stop(stop, job);
            case PodStep.RunProbe probe ->
                actions.run(
                                probe.probe().action(),
                                probe.container(),
                                probe.containerId(),
                                probe.podIp(),
                                probe.probe().timeout())
                        .thenApply(result -> result);
        });
    }

    /** The state of a container, with its last log lines as its message where the Pod asks for that. */
    CompletionStage<ContainerState> inspect(String containerId, PodSpec pod) {
        return runtime.inspectContainer(containerId).thenCompose(state -> withLastWords(state, pod));
    }

    /** Brings the files of a running Pod's volumes up to date. */
    CompletionStage<Void> refreshVolumes(PodSpec pod, References references, String podIp) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        volumes.write(pod.uid(), VolumePlan.of(pod, references, new FieldPaths(pod, node, podIp)));
                    } catch (ConfigProblem problem) {
                        throw new CompletionException(problem);
                    }
                },
                blocking);
    }

    CompletionStage<Void> removeFiles(PodSpec pod) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        volumes.remove(pod.uid());
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                blocking);
    }

    // ---- images ----

    private CompletionStage<StepResult> lookForImage(ContainerTemplate container, Job job) {
        return runtime.image(container.image()).thenApply(image -> {
            if (image.isEmpty()) {
                return new StepResult.ImageAbsent();
            }
            tellPresent(container, job);
            return new StepResult.ImagePresent();
        });
    }

    private static void tellPresent(ContainerTemplate container, Job job) {
        job.tell()
                .accept(PodNotice.normal(
                        "Pulled",
                        "Container image \"" + container.image() + "\" already present on machine",
                        container));
    }

    private CompletionStage<StepResult> ensureImage(ContainerTemplate container, Job job) {
        if (container.pullPolicy() == PullPolicy.ALWAYS) {
            return pull(container, job);
        }
        return runtime.image(container.image()).thenCompose(image -> {
            if (image.isPresent()) {
                tellPresent(container, job);
                return CompletableFuture.completedStage(new StepResult.ImagePresent());
            }
            if (container.pullPolicy() == PullPolicy.NEVER) {
                return CompletableFuture.completedStage(new StepResult.Failed(
                        "ErrImageNeverPull",
                        "Container image \"" + container.image() + "\" is not present with pull policy of Never"));
            }
            return pull(container, job);
        });
    }

    private CompletionStage<StepResult> pull(ContainerTemplate container, Job job) {
        String image = container.image();
        job.tell().accept(PodNotice.normal("Pulling", "Pulling image \"" + image + "\"", container));
        Instant began = clock.instant();
        return runtime.pullImage(image, credentials(image, job)).handle((state, failure) -> {
            if (failure != null) {
                return new StepResult.Failed("ErrImagePull", message(failure));
            }
            job.tell()
                    .accept(PodNotice.normal(
                            "Pulled", pulled(image, state, Duration.between(began, clock.instant())), container));
            return new StepResult.ImagePresent();
        });
    }

    private static String pulled(String image, ImageState state, Duration took) {
        String time = GoDuration.format(took);
        return "Successfully pulled image \"" + image + "\" in " + time + " (" + time
                + " including waiting). Image size: " + state.sizeBytes() + " bytes.";
    }

    /** The first of the Pod's pull secrets that knows the image's registry. */
    private static Optional<RegistryCredentials> credentials(String image, Job job) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
        String server = named ? first : "https://index.docker.io/v1/";
        for (JsonNode reference : job.pod().spec().path("imagePullSecrets")) {
            Optional<JsonNode> auths =
                    job.references().dockerConfig(job.pod().namespace(), Json.text(reference, "name"));
            JsonNode entry = auths.map(all -> all.path(server)).orElse(Json.object());
            if (entry.isObject() && !entry.isEmpty()) {
                return Optional.of(login(entry, server));
            }
        }
        return Optional.empty();
    }

    private static RegistryCredentials login(JsonNode entry, String server) {
        String username = Json.text(entry, "username");
        String password = Json.text(entry, "password");
        String both = Json.text(entry, "auth");
        if (username.isEmpty() && !both.isEmpty()) {
            String[] parts = new String(Base64.getMimeDecoder().decode(both), StandardCharsets.UTF_8).split(":", 2);
            username = parts[0];
            password = parts.length > 1 ? parts[1] : "";
        }
        return new RegistryCredentials(username, password, server);
    }

    // ---- start ----

    private CompletionStage<StepResult> start(PodStep.StartContainer start, Job job) {
        return CompletableFuture.supplyAsync(() -> prepare(start, job), blocking)
                .thenCompose(prepared -> switch (prepared) {
                    case Prepared.Refused refused -> CompletableFuture.<StepResult>completedStage(refused.why());
                    case Prepared.Ready ready -> create(start, ready.spec(), job);
                });
    }

    /** Resolving and writing files blocks, so it happens before the runtime is asked. */
    private sealed interface Prepared {
        record Ready(ContainerSpec spec) implements Prepared {}

        record Refused(StepResult.Failed why) implements Prepared {}
    }

    private Prepared prepare(PodStep.StartContainer start, Job job) {
        PodSpec pod = job.pod();
        FieldPaths fields = new FieldPaths(pod, node, start.podIp());
        Map<String, VolumePlan.Volume> plan;
        try {
            plan = VolumePlan.of(pod, job.references(), fields);
            volumes.write(pod.uid(), plan);
        } catch (ConfigProblem problem) {
            return new Prepared.Refused(
                    new StepResult.Failed(StepResult.MOUNT_REASON, String.valueOf(problem.getMessage())));
        }
        try {
            Map<String, String> env = new EnvResolver(pod, job.references(), fields)
                    .environment(start.container().tree());
            var mounts = volumes.mounts(pod.uid(), plan, start.container(), env);
            return new Prepared.Ready(ContainerSpecs.container(
                    pod, start.container(), start.attempt(), fields, job.references(), mounts));
        } catch (ConfigProblem problem) {
            return new Prepared.Refused(
                    new StepResult.Failed("CreateContainerConfigError", String.valueOf(problem.getMessage())));
        }
    }

    private CompletionStage<StepResult> create(PodStep.StartContainer start, ContainerSpec spec, Job job) {
        return runtime.createContainer(start.sandboxId(), spec)
                .handle((id, failure) -> failure == null
                        ? startCreated(start, id, job)
                        : CompletableFuture.<StepResult>completedStage(
                                new StepResult.Failed("CreateContainerError", message(failure))))
                .thenCompose(stage -> stage);
    }

    private CompletionStage<StepResult> startCreated(PodStep.StartContainer start, String id, Job job) {
        ContainerTemplate container = start.container();
        job.tell().accept(PodNotice.normal("Created", "Created container: " + container.name(), container));
        return runtime.startContainer(id)
                .handle((ok, failure) ->
                        failure == null ? started(start, id, job) : startFailed(start, id, message(failure)))
                .thenCompose(stage -> stage);
    }

    private CompletionStage<StepResult> started(PodStep.StartContainer start, String id, Job job) {
        ContainerTemplate container = start.container();
        job.tell().accept(PodNotice.normal("Started", "Started container " + container.name(), container));
        CompletionStage<?> hook =
                container.postStart().isObject() ? postStart(start, id, job) : CompletableFuture.completedStage("");
        return hook.thenCompose(ok -> inspect(id, job.pod())).thenApply(StepResult.Observed::new);
    }

    private CompletionStage<?> postStart(PodStep.StartContainer start, String id, Job job) {
        ContainerTemplate container = start.container();
        return actions.run(container.postStart(), container, id, start.podIp(), HOOK_LIMIT)
                .thenCompose(result -> {
                    if (result.success()) {
                        return CompletableFuture.completedStage(null);
                    }
                    job.tell()
                            .accept(PodNotice.warning(
                                    "FailedPostStartHook", "PostStartHook failed: " + result.output(), container));
                    job.tell().accept(PodNotice.normal("Killing", "FailedPostStartHook", container));
                    return runtime.stopContainer(id, job.pod().grace());
                });
    }

    private CompletionStage<StepResult> startFailed(PodStep.StartContainer start, String id, String message) {
        ContainerTemplate container = start.container();
        ContainerState state = new ContainerState(
                id,
                start.sandboxId(),
                container.name(),
                start.attempt(),
                container.hash(),
                container.image(),
                "",
                ContainerState.Phase.EXITED,
                Optional.empty(),
                Optional.of(new ContainerState.Exit(START_FAILED, 0, false, clock.instant(), message)));
        return runtime.removeContainer(id).handle((ok, failure) -> new StepResult.StartFailed(state));
    }

    // ---- stop ----

    private CompletionStage<StepResult> stop(PodStep.StopContainer stop, Job job) {
        Instant began = clock.instant();
        CompletionStage<?> hook =
                stop.preStop() && !stop.grace().isZero() ? preStop(stop, job) : CompletableFuture.completedStage("");
        return hook.thenCompose(ok -> {
                    Duration left = stop.grace().minus(Duration.between(began, clock.instant()));
                    Duration least = stop.preStop() ? LEAST_GRACE_AFTER_HOOK : Duration.ZERO;
                    return runtime.stopContainer(stop.containerId(), left.compareTo(least) < 0 ? least : left);
                })
                .thenCompose(ok -> inspect(stop.containerId(), job.pod()))
                .<StepResult>thenApply(StepResult.Observed::new)
                .exceptionally(failure -> {
                    if (fault(failure) instanceof RuntimeFault f && f.reason() == RuntimeFault.Reason.NOT_FOUND) {
                        return done();
                    }
                    return new StepResult.Failed("KillContainerError", message(failure));
                });
    }

    private CompletionStage<?> preStop(PodStep.StopContainer stop, Job job) {
        ContainerTemplate container = stop.container();
        String podIp = "";
        return runtime.list()
                .thenCompose(all -> {
                    String ip = all.stream()
                            .filter(s -> s.podUid().equals(job.pod().uid().value()) && s.running())
                            .map(io.ruori.node.runtime.SandboxState::ip)
                            .findFirst()
                            .orElse(podIp);
                    return actions.run(container.preStop(), container, stop.containerId(), ip, stop.grace());
                })
                .thenAccept(result -> {
                    if (!result.success()) {
                        job.tell()
                                .accept(PodNotice.warning(
                                        "FailedPreStopHook", "PreStopHook failed: " + result.output(), container));
                    }
                });
    }

    // ---- the rest ----

    private CompletionStage<ContainerState> withLastWords(ContainerState state, PodSpec pod) {
        boolean silent =
                state.exit().filter(e -> e.code() != 0 && e.message().isEmpty()).isPresent();
        boolean wanted = silent
                && pod.container(state.name())
                        .map(c -> Json.text(c.tree(), "terminationMessagePolicy"))
                        .filter("FallbackToLogsOnError"::equals)
                        .isPresent();
        if (!wanted) {
            return CompletableFuture.completedStage(state);
        }
        LogQuery tail = new LogQuery(false, OptionalLong.of(LAST_WORDS_LINES), Optional.empty());
        return runtime.logs(state.id(), tail)
                .runWith(Sink.fold(ByteString.emptyByteString(), (all, line) -> all.concat(line.bytes())), materializer)
                .handle((bytes, failure) -> failure == null ? withMessage(state, bytes) : state);
    }

    private static ContainerState withMessage(ContainerState state, ByteString bytes) {
        ContainerState.Exit exit = state.exit().orElseThrow();
        String message = bytes.takeRight(LAST_WORDS_BYTES).utf8String();
        return new ContainerState(
                state.id(),
                state.sandboxId(),
                state.name(),
                state.attempt(),
                state.specHash(),
                state.image(),
                state.imageId(),
                state.phase(),
                state.startedAt(),
                Optional.of(new ContainerState.Exit(
                        exit.code(), exit.signal(), exit.oomKilled(), exit.finishedAt(), message)));
    }

    private static StepResult done() {
        return new StepResult.Done();
    }

    private static CompletionStage<StepResult> guarded(Supplier<CompletionStage<StepResult>> step) {
        CompletionStage<StepResult> stage;
        try {
            stage = step.get();
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        return stage.exceptionally(failure -> new StepResult.Failed("RuntimeError", message(failure)));
    }

    private static Throwable fault(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String message(Throwable failure) {
        Throwable cause = fault(failure);
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
