package io.ruori.node.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ruori.node.runtime.AttachSpec;
import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.runtime.ContainerSpec;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.ExecSpec;
import io.ruori.node.runtime.ImageState;
import io.ruori.node.runtime.LogLine;
import io.ruori.node.runtime.LogQuery;
import io.ruori.node.runtime.RegistryCredentials;
import io.ruori.node.runtime.RuntimeEvent;
import io.ruori.node.runtime.RuntimeFault;
import io.ruori.node.runtime.RuntimeInfo;
import io.ruori.node.runtime.SandboxSpec;
import io.ruori.node.runtime.SandboxState;
import io.ruori.node.runtime.StreamInput;
import io.ruori.node.runtime.StreamOutput;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A container runtime without containers. It keeps the promises of the interface (idempotent calls, events, logs, one
 * address a sandbox), runs what a {@link Script} says, and can be told to misbehave: {@link #crash}, {@link #killSandbox},
 * {@link #forgetImage}, {@link #cutEvents}.
 */
public final class SimulatedRuntime implements ContainerRuntime {
    /** Images of this prefix exist nowhere, so that failing pulls can be shown. */
    public static final String MISSING_PREFIX = "missing/";

    private static final int KEPT_LINES = 1000;
    private static final int KILLED = 137;

    private final SimulatedSettings settings;
    private final ScheduledExecutorService timer;
    private final Map<String, Sandbox> sandboxes = new LinkedHashMap<>();
    private final Map<String, Container> containers = new HashMap<>();
    private final Set<String> missingImages = new HashSet<>();
    private SubmissionPublisher<RuntimeEvent> events = new SubmissionPublisher<>();
    private long nextId = 1;

    private static final class Sandbox {
        final String id;
        final SandboxSpec spec;
        final String ip;
        final Instant createdAt = Instant.now();
        final List<Container> members = new ArrayList<>();
        boolean running = true;

        Sandbox(String id, SandboxSpec spec, String ip) {
            this.id = id;
            this.spec = spec;
            this.ip = ip;
        }
    }

    private static final class Container {
        final String id;
        final Sandbox sandbox;
        final ContainerSpec spec;
        final Script script;
        final Deque<LogLine> lines = new ArrayDeque<>();
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        final SubmissionPublisher<LogLine> live = new SubmissionPublisher<>();

        @Nullable
        Instant startedAt;

        ContainerState.@Nullable Exit exit;

        Container(String id, Sandbox sandbox, ContainerSpec spec, Script script) {
            this.id = id;
            this.sandbox = sandbox;
            this.spec = spec;
            this.script = script;
        }

        boolean isRunning() {
            return startedAt != null && exit == null;
        }

        ContainerState state() {
            ContainerState.Phase phase = exit != null
                    ? ContainerState.Phase.EXITED
                    : startedAt == null ? ContainerState.Phase.CREATED : ContainerState.Phase.RUNNING;
            return new ContainerState(
                    id,
                    sandbox.id,
                    spec.name(),
                    spec.attempt(),
                    spec.specHash(),
                    spec.image(),
                    imageId(spec.image()),
                    phase,
                    Optional.ofNullable(startedAt),
                    Optional.ofNullable(exit));
        }
    }

    public SimulatedRuntime(SimulatedSettings settings) {
        this.settings = settings;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "simulated-runtime");
            thread.setDaemon(true);
            return thread;
        });
    }

    // ---- the interface ----

    @Override
    public CompletionStage<RuntimeInfo> info() {
        return CompletableFuture.completedStage(new RuntimeInfo(
                "simulated",
                "1.0",
                "linux",
                "Simulated",
                System.getProperty("os.arch", "amd64").equals("aarch64") ? "arm64" : "amd64",
                System.getProperty("os.version", ""),
                settings.cpus(),
                settings.memoryBytes(),
                1L << 40));
    }

    @Override
    public CompletionStage<SandboxState> runSandbox(SandboxSpec spec) {
        return later(settings.startLatency(), () -> {
            long number = nextId++;
            String ip = spec.hostNetwork() ? "" : settings.subnet() + "." + (2 + (number - 1) % 252);
            Sandbox sandbox = new Sandbox("sandbox-" + id(spec.podUid(), number), spec, ip);
            sandboxes.put(sandbox.id, sandbox);
            return state(sandbox);
        });
    }

    @Override
    public CompletionStage<Void> removeSandbox(String sandboxId) {
        return later(Duration.ZERO, () -> {
            Sandbox sandbox = sandboxes.remove(sandboxId);
            if (sandbox != null) {
                sandbox.running = false;
                List.copyOf(sandbox.members).forEach(this::removeNow);
                publish(new RuntimeEvent.SandboxStopped(sandbox.spec.podUid(), sandboxId));
            }
            return nothing();
        });
    }

    @Override
    public CompletionStage<String> createContainer(String sandboxId, ContainerSpec spec) {
        return later(Duration.ZERO, () -> {
            Sandbox sandbox = sandboxes.get(sandboxId);
            if (sandbox == null || !sandbox.running) {
                throw new RuntimeFault(RuntimeFault.Reason.NOT_FOUND, "no such sandbox: " + sandboxId);
            }
            if (isMissing(spec.image())) {
                throw new RuntimeFault(RuntimeFault.Reason.IMAGE_NOT_FOUND, "no such image: " + spec.image());
            }
            boolean twice = sandbox.members.stream()
                    .anyMatch(c -> c.spec.name().equals(spec.name()) && c.spec.attempt() == spec.attempt());
            if (twice) {
                throw new RuntimeFault(
                        RuntimeFault.Reason.CONFLICT, "container " + spec.name() + "/" + spec.attempt() + " exists");
            }
            Container container = new Container(
                    id(sandbox.spec.podUid(), nextId++),
                    sandbox,
                    spec,
                    settings.script().apply(spec));
            containers.put(container.id, container);
            sandbox.members.add(container);
            return container.id;
        });
    }

    @Override
    public CompletionStage<Void> startContainer(String containerId) {
        return later(settings.startLatency(), () -> {
            Container container = find(containerId);
            if (container.startedAt != null) {
                return nothing();
            }
            boolean running = container.sandbox.members.stream()
                    .anyMatch(c -> c.isRunning() && c.spec.name().equals(container.spec.name()));
            if (running) {
                throw new RuntimeFault(
                        RuntimeFault.Reason.CONFLICT, container.spec.name() + " is running in this sandbox already");
            }
            if (!container.spec.command().isEmpty()
                    && container.spec.command().get(0).startsWith("/missing")) {
                throw new RuntimeFault(
                        RuntimeFault.Reason.CANNOT_START,
                        "exec: \"" + container.spec.command().get(0) + "\": stat "
                                + container.spec.command().get(0) + ": no such file or directory: unknown");
            }
            container.startedAt = Instant.now();
            container.script.lines().forEach(line -> write(container, line));
            publish(new RuntimeEvent.ContainerStarted(
                    container.sandbox.spec.podUid(), container.sandbox.id, container.id, container.spec.name()));
            container
                    .script
                    .endsAfter()
                    .ifPresent(after -> schedule(after, () -> end(container, container.script.exitCode(), 0)));
            return nothing();
        });
    }

    @Override
    public CompletionStage<Void> stopContainer(String containerId, Duration grace) {
        return later(Duration.ZERO, () -> find(containerId)).thenCompose(container -> {
            boolean killed = settings.stopLatency().compareTo(grace) > 0;
            Duration wait = killed ? grace : settings.stopLatency();
            Runnable ending = () -> {
                if (killed) {
                    end(container, KILLED, 9);
                } else {
                    end(container, container.script.stopCode(), 0);
                }
            };
            synchronized (this) {
                if (!container.isRunning()) {
                    return CompletableFuture.completedStage(nothing());
                }
                if (wait.isZero()) {
                    ending.run();
                } else {
                    schedule(wait, ending);
                }
            }
            return container.ended.copy();
        });
    }

    @Override
    public CompletionStage<Void> removeContainer(String containerId) {
        return later(Duration.ZERO, () -> {
            Container container = containers.get(containerId);
            if (container != null) {
                removeNow(container);
            }
            return nothing();
        });
    }

    @Override
    public CompletionStage<ContainerState> inspectContainer(String containerId) {
        return later(Duration.ZERO, () -> find(containerId).state());
    }

    @Override
    public CompletionStage<List<SandboxState>> list() {
        return later(
                Duration.ZERO,
                () -> sandboxes.values().stream().map(SimulatedRuntime::state).toList());
    }

    @Override
    public CompletionStage<Optional<ImageState>> image(String reference) {
        return later(Duration.ZERO, () -> isMissing(reference) ? Optional.empty() : Optional.of(imageState(reference)));
    }

    @Override
    public CompletionStage<ImageState> pullImage(String reference, Optional<RegistryCredentials> credentials) {
        return later(settings.startLatency(), () -> {
            if (isMissing(reference)) {
                throw new RuntimeFault(
                        RuntimeFault.Reason.IMAGE_NOT_FOUND,
                        "manifest for " + reference + " not found: manifest unknown");
            }
            return imageState(reference);
        });
    }

    @Override
    public Source<RuntimeEvent, NotUsed> events() {
        return Source.lazySource(() -> {
                    synchronized (this) {
                        return JavaFlowSupport.Source.<RuntimeEvent>fromPublisher(events);
                    }
                })
                .mapMaterializedValue(ignored -> NotUsed.getInstance());
    }

    @Override
    public synchronized Source<LogLine, NotUsed> logs(String containerId, LogQuery query) {
        Container container = containers.get(containerId);
        if (container == null) {
            return Source.failed(new RuntimeFault(RuntimeFault.Reason.NOT_FOUND, "no such container: " + containerId));
        }
        List<LogLine> past = container.lines.stream()
                .filter(line -> query.since().isEmpty()
                        || !line.at().isBefore(query.since().get()))
                .toList();
        long skip = query.tailLines().isPresent()
                ? Math.max(0, past.size() - query.tailLines().getAsLong())
                : 0;
        Source<LogLine, NotUsed> written = Source.from(past.stream().skip(skip).toList());
        return query.follow() && container.isRunning()
                ? written.concat(JavaFlowSupport.Source.fromPublisher(container.live))
                : written;
    }

    @Override
    public Flow<StreamInput, StreamOutput, NotUsed> exec(String containerId, ExecSpec spec) {
        return SimulatedExec.flow(spec, hostname(containerId), isRunning(containerId));
    }

    @Override
    public Flow<StreamInput, StreamOutput, NotUsed> attach(String containerId, AttachSpec spec) {
        Source<StreamOutput, NotUsed> output = logs(
                        containerId, new LogQuery(true, java.util.OptionalLong.of(0), Optional.empty()))
                .map(line -> new StreamOutput.Stdout(line.bytes()));
        return Flow.fromSinkAndSourceCoupled(org.apache.pekko.stream.javadsl.Sink.ignore(), output);
    }

    /** Every port echoes. */
    @Override
    public Flow<ByteString, ByteString, NotUsed> connect(String sandboxId, int port) {
        return Flow.create();
    }

    @Override
    public synchronized void close() {
        timer.shutdownNow();
        events.close();
    }

    // ---- misbehaviour ----

    /** Ends the running life of a container as if it had exited by itself. */
    public synchronized void crash(String podUid, String name, int code) {
        containers.values().stream()
                .filter(c -> c.isRunning()
                        && c.sandbox.spec.podUid().equals(podUid)
                        && c.spec.name().equals(name))
                .toList()
                .forEach(c -> end(c, code, 0));
    }

    /** Kills the sandbox; its containers go on without a network, as they do with a real pause container. */
    public synchronized void killSandbox(String podUid) {
        for (Sandbox sandbox : sandboxes.values()) {
            if (sandbox.running && sandbox.spec.podUid().equals(podUid)) {
                sandbox.running = false;
                publish(new RuntimeEvent.SandboxStopped(podUid, sandbox.id));
            }
        }
    }

    public synchronized void forgetImage(String reference) {
        missingImages.add(reference);
    }

    public synchronized void addImage(String reference) {
        missingImages.remove(reference);
    }

    /** Fails every event stream; what happens until they are opened again is missed. */
    public synchronized void cutEvents() {
        SubmissionPublisher<RuntimeEvent> old = events;
        events = new SubmissionPublisher<>();
        old.closeExceptionally(new RuntimeFault(RuntimeFault.Reason.UNREACHABLE, "connection lost"));
    }

    /** Adds a line to the output of a running container. */
    public synchronized void print(String podUid, String name, String line) {
        containers.values().stream()
                .filter(c -> c.isRunning()
                        && c.sandbox.spec.podUid().equals(podUid)
                        && c.spec.name().equals(name))
                .forEach(c -> write(c, line));
    }

    // ---- inside; everything below runs under the lock ----

    private <T> CompletionStage<T> later(Duration delay, Supplier<T> action) {
        CompletableFuture<T> promise = new CompletableFuture<>();
        Runnable run = () -> {
            try {
                T value;
                synchronized (this) {
                    value = action.get();
                }
                promise.complete(value);
            } catch (RuntimeFault fault) {
                promise.completeExceptionally(fault);
            }
        };
        if (delay.isZero()) {
            run.run();
        } else {
            schedule(delay, run);
        }
        return promise;
    }

    private void schedule(Duration delay, Runnable run) {
        if (!timer.isShutdown()) {
            var unused = timer.schedule(run, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private Container find(String id) {
        Container container = containers.get(id);
        if (container == null) {
            throw new RuntimeFault(RuntimeFault.Reason.NOT_FOUND, "no such container: " + id);
        }
        return container;
    }

    private synchronized void end(Container container, int code, int signal) {
        if (!container.isRunning()) {
            return;
        }
        container.exit = new ContainerState.Exit(code, signal, false, Instant.now(), "");
        container.live.close();
        publish(new RuntimeEvent.ContainerStopped(
                container.sandbox.spec.podUid(), container.sandbox.id, container.id, container.spec.name()));
        container.ended.complete(null);
    }

    private void removeNow(Container container) {
        end(container, KILLED, 9);
        containers.remove(container.id);
        container.sandbox.members.remove(container);
        publish(new RuntimeEvent.ContainerRemoved(
                container.sandbox.spec.podUid(), container.sandbox.id, container.id, container.spec.name()));
    }

    private static void write(Container container, String text) {
        LogLine line = new LogLine(Instant.now(), false, ByteString.fromString(text + "\n"));
        container.lines.addLast(line);
        if (container.lines.size() > KEPT_LINES) {
            container.lines.removeFirst();
        }
        container.live.offer(line, null);
    }

    private void publish(RuntimeEvent event) {
        // A subscriber that is 256 events behind misses some; the agent's relist makes up for it.
        events.offer(event, null);
    }

    private boolean isMissing(String image) {
        return image.startsWith(MISSING_PREFIX) || missingImages.contains(image);
    }

    private synchronized boolean isRunning(String containerId) {
        Container container = containers.get(containerId);
        return container != null && container.isRunning();
    }

    private synchronized String hostname(String containerId) {
        Container container = containers.get(containerId);
        return container == null ? "" : container.sandbox.spec.hostname();
    }

    private static SandboxState state(Sandbox s) {
        return new SandboxState(
                s.id,
                s.spec.podNamespace(),
                s.spec.podName(),
                s.spec.podUid(),
                s.spec.attempt(),
                s.running,
                s.running ? s.ip : "",
                s.createdAt,
                s.members.stream().map(Container::state).toList());
    }

    private static ImageState imageState(String reference) {
        return new ImageState(reference, imageId(reference), 1 << 20);
    }

    private static String imageId(String reference) {
        return "sha256:" + java.util.HexFormat.of().formatHex(reference.getBytes(UTF_8));
    }

    private static String id(String podUid, long number) {
        return String.format("%08x%08x", podUid.hashCode(), number);
    }

    @SuppressWarnings("NullAway") // the only value of Void
    private static Void nothing() {
        return null;
    }
}
