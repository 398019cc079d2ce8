package io.ruori.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
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
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Pods on a Docker Engine. A sandbox is a pause container on the machine's Pod network; its members join its network and
 * IPC namespaces. Nothing is remembered between calls: labels in Docker and files in the state directory say it all, so
 * a new agent finds everything the old one made.
 */
public final class DockerRuntime implements ContainerRuntime {
    private static final Duration EXIT_CODE_WAIT = Duration.ofSeconds(10);
    private static final Duration REMOVAL_WAIT = Duration.ofSeconds(30);

    private static final String RUNC_REFUSED = "OCI runtime create failed";
    private static final String LOOPBACK = "127.0.0.1";

    private final DockerSettings settings;
    private final EngineClient engine;
    private final VirtualThreads threads = new VirtualThreads();
    private final PodNetwork network;
    private final ImageStore images;
    private final StateFiles files;

    /** True until the Engine has shown that it lacks the right; then it is not tried again. */
    private volatile boolean canLowerOomScores = true;

    private DockerRuntime(DockerSettings settings) {
        this.settings = settings;
        this.engine = new EngineClient(settings.socket(), settings.patience());
        this.network = new PodNetwork(engine, settings);
        this.images = new ImageStore(engine);
        this.files = new StateFiles(settings.stateDirectory());
    }

    /** Connects lazily: while the Engine is away every call fails with {@link RuntimeFault.Reason#UNREACHABLE}. */
    public static DockerRuntime connect(DockerSettings settings) {
        return new DockerRuntime(settings);
    }

    @Override
    public CompletionStage<RuntimeInfo> info() {
        return threads.call(() -> {
            JsonNode info = engine.get("/info");
            return new RuntimeInfo(
                    "docker",
                    Json.text(info, "ServerVersion"),
                    Json.text(info, "OSType"),
                    Json.text(info, "OperatingSystem"),
                    architecture(Json.text(info, "Architecture")),
                    Json.text(info, "KernelVersion"),
                    info.path("NCPU").asInt(),
                    info.path("MemTotal").asLong(),
                    diskBytes(Path.of(Json.text(info, "DockerRootDir"))));
        });
    }

    @Override
    public CompletionStage<SandboxState> runSandbox(SandboxSpec spec) {
        return threads.call(() -> {
            boolean protect = canLowerOomScores;
            try {
                return runSandbox(spec, protect);
            } catch (RuntimeFault fault) {
                if (fault.reason() != RuntimeFault.Reason.CANNOT_START) {
                    throw fault;
                }
                // Either the network was removed behind our back, or the Engine may not lower OOM scores.
                boolean refused = protect && String.valueOf(fault.getMessage()).contains(RUNC_REFUSED);
                SandboxState state = runSandbox(spec, protect && !refused);
                canLowerOomScores = protect && !refused;
                return state;
            }
        });
    }

    @Override
    public CompletionStage<Void> removeSandbox(String sandboxId) {
        return threads.call(() -> {
            List<Callable<Boolean>> removals = new ArrayList<>();
            for (JsonNode member : summaries(Labels.SANDBOX + "=" + sandboxId)) {
                removals.add(() -> remove(Json.text(member, "Id")));
            }
            threads.all(removals);
            remove(sandboxId);
            files.remove(sandboxId);
            return null;
        });
    }

    @Override
    public CompletionStage<String> createContainer(String sandboxId, ContainerSpec spec) {
        return threads.call(() -> {
            JsonNode sandbox = inspect(sandboxId);
            Optional<Path> message = spec.terminationMessagePath().isEmpty()
                    ? Optional.empty()
                    : Optional.of(files.newTerminationMessage(sandboxId, spec.name(), spec.attempt()));
            ObjectNode request =
                    CreateRequests.container(settings, sandbox, spec, files.resolvConf(sandboxId), message);
            try {
                return create(Labels.containerName(Json.at(sandbox, "Config", "Labels"), spec), request);
            } catch (EngineRefusal refusal) {
                throw VirtualThreads.fault(createReason(refusal), refusal);
            }
        });
    }

    @Override
    public CompletionStage<Void> startContainer(String containerId) {
        return threads.call(() -> {
            try {
                engine.post("/containers/" + containerId + "/start");
                return null;
            } catch (EngineRefusal refusal) {
                throw VirtualThreads.fault(startReason(refusal), refusal);
            }
        });
    }

    @Override
    public CompletionStage<Void> stopContainer(String containerId, Duration grace) {
        return threads.call(() -> {
            long seconds = grace.plusMillis(999).toSeconds();
            unlessGone(() -> engine.post("/containers/" + containerId + "/stop?t=" + seconds, grace));
            return null;
        });
    }

    @Override
    public CompletionStage<Void> removeContainer(String containerId) {
        return threads.call(() -> {
            Optional<JsonNode> labels = find(containerId).map(c -> Json.at(c, "Config", "Labels"));
            remove(containerId);
            if (labels.isPresent()) {
                files.removeTerminationMessage(
                        Json.text(labels.get(), Labels.SANDBOX),
                        Json.text(labels.get(), Labels.CONTAINER_NAME),
                        Labels.attempt(labels.get()));
            }
            return null;
        });
    }

    @Override
    public CompletionStage<ContainerState> inspectContainer(String containerId) {
        return threads.call(() -> containerState(inspect(containerId)));
    }

    @Override
    public CompletionStage<List<SandboxState>> list() {
        return threads.call(() -> {
            List<Callable<Optional<JsonNode>>> looks = new ArrayList<>();
            for (JsonNode summary : summaries(Labels.NODE + "=" + settings.nodeName())) {
                looks.add(() -> find(Json.text(summary, "Id")));
            }
            return sandboxes(
                    threads.all(looks).stream().flatMap(Optional::stream).toList());
        });
    }

    @Override
    public CompletionStage<Optional<ImageState>> image(String reference) {
        return threads.call(() -> images.find(reference));
    }

    @Override
    public CompletionStage<ImageState> pullImage(String reference, Optional<RegistryCredentials> credentials) {
        return threads.call(() -> images.pull(reference, credentials));
    }

    @Override
    public Source<RuntimeEvent, NotUsed> events() {
        return Feed.source(threads, () -> {
            // Asking from now on, by the same clock, includes what happens while the subscription is being made.
            Instant now = Instant.now();
            EngineClient.Streaming answer = engine.stream("/events?since=" + seconds(now) + "&"
                    + EngineClient.filters(EventRecords.filters(settings.nodeName())));
            return new EventFeed(answer);
        });
    }

    @Override
    public Source<LogLine, NotUsed> logs(String containerId, LogQuery query) {
        return Feed.source(threads, () -> {
            boolean tty = Json.at(inspect(containerId), "Config", "Tty").asBoolean();
            EngineClient.Streaming answer = engine.stream("/containers/" + containerId
                    + "/logs?stdout=1&stderr=1&timestamps=1"
                    + (query.follow() ? "&follow=1" : "")
                    + (query.tailLines().isPresent()
                            ? "&tail=" + query.tailLines().getAsLong()
                            : "")
                    + query.since().map(at -> "&since=" + seconds(at)).orElse(""));
            return new LogFeed(answer, tty);
        });
    }

    @Override
    public Flow<StreamInput, StreamOutput, NotUsed> exec(String containerId, ExecSpec spec) {
        return Interaction.flow(threads, () -> openExec(containerId, spec));
    }

    @Override
    public Flow<StreamInput, StreamOutput, NotUsed> attach(String containerId, AttachSpec spec) {
        return Interaction.flow(threads, () -> {
            JsonNode container = inspect(containerId);
            if (!Inspections.isRunning(container)) {
                throw new EngineRefusal(409, "container " + containerId + " is not running");
            }
            boolean tty = Json.at(container, "Config", "Tty").asBoolean();
            EngineConnection connection = engine.hijack(
                    "/containers/" + containerId + "/attach" + CreateRequests.attachQuery(spec), new byte[0]);
            return new Interaction(
                    connection,
                    tty,
                    spec.stdin(),
                    Optional::empty,
                    (columns, rows) -> resize("/containers/" + containerId, columns, rows));
        });
    }

    @Override
    public Flow<ByteString, ByteString, NotUsed> connect(String sandboxId, int port) {
        return Flow.<ByteString>create()
                .<StreamInput>map(StreamInput.Stdin::new)
                .via(Interaction.flow(threads, () -> openPort(sandboxId, port)))
                .mapConcat(DockerRuntime::bytesFromPort);
    }

    /** Open streams fail; what runs in Docker goes on. */
    @Override
    public void close() {
        threads.close();
    }

    private SandboxState runSandbox(SandboxSpec spec, boolean protectedFromOom) throws IOException {
        if (!spec.hostNetwork()) {
            network.ensure();
        }
        String id = createSandbox(spec, CreateRequests.sandbox(settings, spec, protectedFromOom));
        try {
            files.writeResolvConf(id, spec.dns());
            startSandbox(id);
            return Inspections.sandbox(inspect(id), List.of());
        } catch (IOException | RuntimeException e) {
            discard(id, e);
            throw e;
        }
    }

    private String createSandbox(SandboxSpec spec, ObjectNode request) throws IOException {
        try {
            return create(Labels.sandboxName(spec), request);
        } catch (EngineRefusal refusal) {
            if (refusal.status() != 404 || !settings.pauseImage().equals(BusyboxImages.PAUSE)) {
                throw VirtualThreads.fault(createReason(refusal), refusal);
            }
            loadPauseImage();
            return create(Labels.sandboxName(spec), request);
        }
    }

    private void loadPauseImage() throws IOException {
        BusyboxImages images;
        try {
            images = BusyboxImages.onThisMachine();
        } catch (IOException e) {
            throw new RuntimeFault(
                    RuntimeFault.Reason.IMAGE_NOT_FOUND,
                    "cannot make " + BusyboxImages.PAUSE + ": " + e.getMessage(),
                    e);
        }
        images.loadPause(engine);
    }

    private void startSandbox(String id) throws IOException {
        try {
            engine.post("/containers/" + id + "/start");
        } catch (EngineRefusal refusal) {
            network.forget();
            throw VirtualThreads.fault(startReason(refusal), refusal);
        }
    }

    /** A sandbox that did not come up would only be in the way of the next attempt. */
    private void discard(String id, Exception because) {
        try {
            remove(id);
            files.remove(id);
        } catch (IOException | RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    private String create(String name, ObjectNode request) throws IOException {
        return Json.text(engine.post("/containers/create?name=" + EngineClient.encode(name), request), "Id");
    }

    private JsonNode inspect(String id) throws IOException {
        return engine.get("/containers/" + id + "/json");
    }

    private Optional<JsonNode> find(String id) throws IOException {
        try {
            return Optional.of(inspect(id));
        } catch (EngineRefusal refusal) {
            if (refusal.status() == 404) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    private JsonNode summaries(String label) throws IOException {
        return engine.get("/containers/json?all=1&" + EngineClient.filters(Map.of("label", List.of(label))));
    }

    /** Kills and removes, and returns only when it is gone, even when somebody else is removing it just now. */
    private boolean remove(String id) throws IOException {
        Instant giveUp = Instant.now().plus(REMOVAL_WAIT);
        while (true) {
            try {
                unlessGone(() -> engine.delete("/containers/" + id + "?force=1&v=1"));
                return true;
            } catch (EngineRefusal refusal) {
                if (!refusal.says("already in progress") || Instant.now().isAfter(giveUp)) {
                    throw refusal;
                }
                pause();
            }
        }
    }

    private ContainerState containerState(JsonNode inspect) throws IOException {
        JsonNode labels = Json.at(inspect, "Config", "Labels");
        String message = Inspections.isRunning(inspect)
                ? ""
                : files.terminationMessage(
                        Json.text(labels, Labels.SANDBOX),
                        Json.text(labels, Labels.CONTAINER_NAME),
                        Labels.attempt(labels));
        return Inspections.container(inspect, images.shownId(Json.text(inspect, "Image")), message);
    }

    private List<SandboxState> sandboxes(List<JsonNode> inspects) throws IOException {
        List<ContainerState> members = new ArrayList<>();
        List<JsonNode> ours = new ArrayList<>(inspects);
        ours.sort(Comparator.comparing(inspect -> Json.text(inspect, "Created")));
        List<JsonNode> pauses = new ArrayList<>();
        List<JsonNode> orphans = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (JsonNode inspect : ours) {
            if (Labels.isSandbox(Json.at(inspect, "Config", "Labels"))) {
                pauses.add(inspect);
                known.add(Json.text(inspect, "Id"));
            } else {
                members.add(containerState(inspect));
                orphans.add(inspect);
            }
        }
        List<SandboxState> found = new ArrayList<>();
        for (JsonNode pause : pauses) {
            found.add(Inspections.sandbox(pause, membersOf(Json.text(pause, "Id"), members)));
        }
        for (JsonNode orphan : orphans) {
            String sandbox = Json.text(orphan, "Config", "Labels", Labels.SANDBOX);
            if (known.add(sandbox)) {
                found.add(Inspections.lostSandbox(sandbox, orphan, membersOf(sandbox, members)));
            }
        }
        return found;
    }

    private static List<ContainerState> membersOf(String sandbox, List<ContainerState> all) {
        return all.stream().filter(member -> member.sandboxId().equals(sandbox)).toList();
    }

    /**
     * Straight to the Pod's address; what listens only on the Pod's own loopback is reached from inside, by the
     * sandbox's {@code nc}.
     */
    private Interaction openPort(String sandboxId, int port) throws IOException {
        JsonNode sandbox = inspect(sandboxId);
        if (!Inspections.isRunning(sandbox)) {
            throw new EngineRefusal(404, "sandbox " + sandboxId + " is not running");
        }
        String ip = Inspections.address(sandbox);
        try {
            InetSocketAddress address = new InetSocketAddress(ip.isEmpty() ? LOOPBACK : ip, port);
            return new Interaction(EngineConnection.open(address), true, true, Optional::empty, (columns, rows) -> {});
        } catch (ConnectException refused) {
            return openExec(
                    sandboxId, new ExecSpec(List.of("nc", LOOPBACK, Integer.toString(port)), true, true, true, false));
        }
    }

    private static List<ByteString> bytesFromPort(StreamOutput output) {
        return switch (output) {
            case StreamOutput.Stdout out -> List.of(out.bytes());
            case StreamOutput.Stderr trouble ->
                throw new RuntimeFault(
                        RuntimeFault.Reason.OTHER, trouble.bytes().utf8String().strip());
            case StreamOutput.Failed failed -> throw new RuntimeFault(RuntimeFault.Reason.OTHER, failed.message());
            case StreamOutput.Exited exited -> List.of();
        };
    }

    private Interaction openExec(String containerId, ExecSpec spec) throws IOException {
        String id = Json.text(engine.post("/containers/" + containerId + "/exec", CreateRequests.exec(spec)), "Id");
        EngineConnection connection = engine.hijack(
                "/exec/" + id + "/start",
                Json.write(Json.object().put("Detach", false).put("Tty", spec.tty())));
        return new Interaction(
                connection,
                spec.tty(),
                spec.stdin(),
                () -> Optional.of(execExitCode(id)),
                (columns, rows) -> resize("/exec/" + id, columns, rows));
    }

    /** The output may end a moment before Docker has noted the exit. */
    private int execExitCode(String execId) throws IOException {
        Instant giveUp = Instant.now().plus(EXIT_CODE_WAIT);
        JsonNode exec = engine.get("/exec/" + execId + "/json");
        while (exec.path("Running").asBoolean() && Instant.now().isBefore(giveUp)) {
            pause();
            exec = engine.get("/exec/" + execId + "/json");
        }
        return exec.path("ExitCode").asInt();
    }

    private void resize(String path, int columns, int rows) throws IOException {
        try {
            engine.post(path + "/resize?w=" + columns + "&h=" + rows);
        } catch (EngineRefusal refusal) {
            // The command has ended meanwhile; its exit code is on the way.
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the Docker Engine", e);
        }
    }

    private static void unlessGone(Callable<JsonNode> call) throws IOException {
        try {
            call.call();
        } catch (EngineRefusal refusal) {
            if (refusal.status() != 404) {
                throw refusal;
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeFault.Reason createReason(EngineRefusal refusal) {
        return switch (refusal.status()) {
            case 400 -> RuntimeFault.Reason.CANNOT_START;
            case 404 ->
                refusal.says("No such image") ? RuntimeFault.Reason.IMAGE_NOT_FOUND : RuntimeFault.Reason.NOT_FOUND;
            case 409 ->
                refusal.says("is not running") || refusal.says("cannot join")
                        ? RuntimeFault.Reason.NOT_FOUND
                        : RuntimeFault.Reason.CONFLICT;
            default -> RuntimeFault.Reason.OTHER;
        };
    }

    private static RuntimeFault.Reason startReason(EngineRefusal refusal) {
        return switch (refusal.status()) {
            case 400 -> RuntimeFault.Reason.CANNOT_START;
            case 404 ->
                refusal.says("No such container:") ? RuntimeFault.Reason.NOT_FOUND : RuntimeFault.Reason.CANNOT_START;
            default -> refusal.says(RUNC_REFUSED) ? RuntimeFault.Reason.CANNOT_START : RuntimeFault.Reason.OTHER;
        };
    }

    private static String seconds(Instant at) {
        return String.format("%d.%09d", at.getEpochSecond(), at.getNano());
    }

    private static long diskBytes(Path dockerRoot) {
        try {
            return Files.getFileStore(dockerRoot).getTotalSpace();
        } catch (IOException e) {
            // An Engine in another mount namespace: unknown, not wrong.
            return 0;
        }
    }

    /** Kubernetes names architectures as Go does. */
    private static String architecture(String machine) {
        return switch (machine) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> machine;
        };
    }

    private static final class EventFeed implements Feed<RuntimeEvent> {
        private final EngineClient.Streaming answer;
        private final MappingIterator<JsonNode> records;

        EventFeed(EngineClient.Streaming answer) throws IOException {
            this.answer = answer;
            this.records = Json.mapper().readerFor(JsonNode.class).readValues(answer.body());
        }

        @Override
        public List<RuntimeEvent> next() throws IOException {
            while (records.hasNextValue()) {
                Optional<RuntimeEvent> event = EventRecords.read(records.nextValue());
                if (event.isPresent()) {
                    return List.of(event.get());
                }
            }
            throw new IOException("the event stream ended");
        }

        @Override
        public void close() {
            answer.close();
        }
    }

    private static final class LogFeed implements Feed<LogLine> {
        private final EngineClient.Streaming answer;
        private final LogRecords records;

        LogFeed(EngineClient.Streaming answer, boolean tty) {
            this.answer = answer;
            this.records = new LogRecords(new BufferedInputStream(answer.body(), 32 << 10), tty);
        }

        @Override
        public List<LogLine> next() throws IOException {
            return records.nextBatch();
        }

        @Override
        public void close() {
            answer.close();
        }
    }
}
