package io.ruori.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ruori.node.runtime.AttachSpec;
import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.runtime.ContainerRuntimeProvider;
import io.ruori.node.runtime.ContainerSpec;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.ContainerState.Phase;
import io.ruori.node.runtime.ExecSpec;
import io.ruori.node.runtime.LogLine;
import io.ruori.node.runtime.LogQuery;
import io.ruori.node.runtime.RuntimeEvent;
import io.ruori.node.runtime.RuntimeFault;
import io.ruori.node.runtime.RuntimeInfo;
import io.ruori.node.runtime.RuntimeSettings;
import io.ruori.node.runtime.SandboxSpec;
import io.ruori.node.runtime.SandboxState;
import io.ruori.node.runtime.StreamInput;
import io.ruori.node.runtime.StreamOutput;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every promise of the runtime, kept by a real Docker Engine. */
@Tag("services")
class DockerRuntimeServicesTest {
    private static final String NODE = "test-" + UUID.randomUUID();
    /** The first 41, which is what a Linux of our days has. */
    private static final long ALL_CAPABILITIES = (1L << 41) - 1;

    private static final Duration NO_GRACE = Duration.ZERO;
    private static final LogQuery ALL = new LogQuery(false, OptionalLong.empty(), Optional.empty());

    @TempDir
    private static Path state;

    private static ActorSystem system;
    private static DockerRuntime runtime;

    @BeforeAll
    static void start() throws IOException {
        BusyboxImages.onThisMachine().load(DockerSettings.defaultSocket(), List.of("1", "2"));
        system = ActorSystem.create("runtime-test");
        runtime = DockerRuntime.connect(settings(NODE));
    }

    @AfterEach
    void clean() {
        for (SandboxState sandbox : done(runtime.list())) {
            done(runtime.removeSandbox(sandbox.id()));
        }
        assertThat(done(runtime.list())).isEmpty();
        if (Files.exists(state.resolve("sandboxes"))) {
            assertThat(state.resolve("sandboxes")).isEmptyDirectory();
        }
    }

    @AfterAll
    static void stop() {
        runtime.close();
        system.terminate();
    }

    @Test
    void tellsAboutTheMachine() {
        RuntimeInfo info = done(runtime.info());

        assertThat(info.name()).isEqualTo("docker");
        assertThat(info.version()).isNotEmpty();
        assertThat(info.operatingSystem()).isEqualTo("linux");
        assertThat(info.cpus()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(info.memoryBytes()).isGreaterThan(1L << 28);
        assertThat(info.diskBytes()).isPositive();
    }

    @Test
    void isFoundByName() {
        ContainerRuntimeProvider provider =
                ContainerRuntimeProvider.named("docker").orElseThrow();

        assertThat(provider.available()).isTrue();
        try (ContainerRuntime opened = provider.open(new RuntimeSettings("elsewhere", state, Map.of()))) {
            assertThat(done(opened.list())).isEmpty();
        }
        assertThatThrownBy(() -> provider.open(new RuntimeSettings("elsewhere", state, Map.of("colour", "red"))))
                .hasMessageContaining("colour");
    }

    @Test
    void podsAnswerOnTheirAddressesAndReachEachOther() throws Exception {
        SandboxState one = sandbox();
        SandboxState two = sandbox();
        run(one.id(), new Specs.Container("web"));
        Specs.Container second = new Specs.Container("web");
        second.image = BusyboxImages.WEB_REPOSITORY + ":2";
        run(two.id(), second);

        assertThat(get(one.ip())).isEqualTo("web 1 on " + one.podName() + "\n");
        assertThat(get(two.ip())).isEqualTo("web 2 on " + two.podName() + "\n");
        ContainerSpec nc = Specs.shell("client", "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc " + two.ip() + " 8080")
                .build();
        assertThat(outputOf(one.id(), nc)).contains("web 2 on " + two.podName());
    }

    @Test
    void containersOfOnePodShareNetworkAndIpc() {
        SandboxState pod = sandbox();
        String web = run(pod.id(), new Specs.Container("web"));
        ContainerSpec neighbour = Specs.shell(
                        "neighbour",
                        "until printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc 127.0.0.1 8080; do usleep 50000; done;"
                                + " hostname; readlink /proc/self/ns/ipc")
                .build();

        assertThat(outputOf(pod.id(), neighbour))
                .contains("web 1 on " + pod.podName())
                .contains("\n" + pod.podName() + "\n")
                .contains(exec(web, "readlink", "/proc/self/ns/ipc").out());
    }

    @Test
    void settingsReachTheProcess() throws IOException {
        Path shared = Files.createDirectory(state.resolve("shared-" + UUID.randomUUID()));
        Files.writeString(shared.resolve("in"), "from outside");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        Specs.Container spec = new Specs.Container("all").command("/bin/sh", "-c");
        spec.args = List.of(
                "echo $GREETING; pwd; id -u; id -g; cat /data/in; echo inside > /data/out; echo no > /ro/out || echo"
                        + " read-only mount; touch /x || echo read-only root; grep CapEff /proc/self/status");
        spec.env = Map.of("GREETING", "a = \"b\"");
        spec.workingDir = "/tmp";
        spec.user = "1000:2000";
        spec.readOnlyRoot = true;
        spec.mounts = List.of(
                new ContainerSpec.Mount(shared.toString(), "/data", false),
                new ContainerSpec.Mount(shared.toString(), "/ro", true));

        String output = outputOf(sandbox().id(), spec.build());

        assertThat(output.lines()).containsSubsequence("a = \"b\"", "/tmp", "1000", "2000");
        assertThat(output)
                .contains("from outside")
                .contains("read-only mount")
                .contains("read-only root")
                .contains("CapEff:\t0000000000000000");
        assertThat(shared.resolve("out")).hasContent("inside");
    }

    @Test
    void capabilitiesAndPrivilege() {
        SandboxState pod = sandbox();
        Specs.Container none = Specs.shell("none", "grep CapEff /proc/self/status");
        none.drop = List.of("ALL");
        Specs.Container one = Specs.shell("one", "grep CapEff /proc/self/status");
        one.drop = List.of("ALL");
        one.add = List.of("NET_ADMIN");

        assertThat(outputOf(pod.id(), none.build())).contains("0000000000000000");
        assertThat(outputOf(pod.id(), one.build())).contains("0000000000001000");
    }

    @Test
    void privilegedContainersMayMount() throws IOException {
        String ours = Files.readString(Path.of("/proc/self/status")).replaceAll("(?s).*CapEff:\\s*(\\w+).*", "$1");
        boolean complete = (Long.parseLong(ours, 16) & ALL_CAPABILITIES) == ALL_CAPABILITIES;
        assumeTrue(complete, "a machine that withholds capabilities cannot run privileged containers");
        Specs.Container all = Specs.shell("all", "mount -t tmpfs none /tmp && echo mounted");
        all.privileged = true;

        assertThat(outputOf(sandbox().id(), all.build())).contains("mounted");
    }

    @Test
    void limitsAreRealControlGroups() {
        Specs.Container spec = Specs.shell(
                "limited",
                "g=/sys/fs/cgroup; if [ -f $g/memory.max ]; then cat $g/memory.max $g/cpu.max $g/cpu.weight;"
                        + " else cat $g/memory/memory.limit_in_bytes $g/cpu/cpu.cfs_quota_us"
                        + " $g/cpu/cpu.cfs_period_us $g/cpu/cpu.shares; fi; cat /proc/self/oom_score_adj");
        spec.limits = new ContainerSpec.Limits(64 << 20, 512, 50_000, 100_000, OptionalInt.of(999));

        assertThat(outputOf(sandbox().id(), spec.build()))
                .startsWith("67108864\n50000")
                .contains("100000\n")
                .endsWith("\n999\n");
    }

    @Test
    void tooMuchMemoryIsReportedAsSuch() {
        Specs.Container spec = Specs.shell("hungry", "x=a; while :; do x=$x$x; done");
        spec.limits = new ContainerSpec.Limits(16 << 20, 0, 0, 0, OptionalInt.empty());
        String id = run(sandbox().id(), spec);

        ContainerState.Exit exit = exited(id);

        assertThat(exit.oomKilled()).isTrue();
        assertThat(exit.code()).isEqualTo(137);
        assertThat(exit.signal()).isEqualTo(9);
    }

    @Test
    void stopAsksFirstAndKillsAfterTheGrace() {
        SandboxState pod = sandbox();
        String polite = run(pod.id(), new Specs.Container("polite"));
        await().until(() -> text(logs(polite, ALL)).contains("listens"));
        String stubborn = run(pod.id(), Specs.shell("stubborn", "trap '' TERM; echo ready; while :; do sleep 1; done"));
        await().until(() -> text(logs(stubborn, ALL)).contains("ready"));
        String gone = run(pod.id(), Specs.shell("gone", "exit 3"));
        exited(gone);

        Instant start = Instant.now();
        done(runtime.stopContainer(polite, Duration.ofSeconds(20)));
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(exited(polite).code()).isZero();
        start = Instant.now();
        done(runtime.stopContainer(stubborn, Duration.ofSeconds(1)));
        assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(900));
        assertThat(exited(stubborn).signal()).isEqualTo(9);
        done(runtime.stopContainer(gone, Duration.ofSeconds(20)));
        assertThat(exited(gone).code()).isEqualTo(3);
        done(runtime.removeContainer(gone));
        done(runtime.removeContainer(gone));
        done(runtime.stopContainer(gone, NO_GRACE));
        assertThat(reason(runtime.inspectContainer(gone))).isEqualTo(RuntimeFault.Reason.NOT_FOUND);
    }

    @Test
    void lastWordsAreTheFirstFourKibibytesOfTheFile() {
        Specs.Container spec = Specs.shell(
                "talker",
                "printf 'it broke: ' > /dev/termination-log; yes x | head -c 9000 >> /dev/termination-log; exit 7");
        spec.user = "1000";
        String id = run(sandbox().id(), spec);

        ContainerState.Exit exit = exited(id);

        assertThat(exit.code()).isEqualTo(7);
        assertThat(exit.signal()).isZero();
        assertThat(exit.message()).startsWith("it broke: x\n").hasSize(4096);
    }

    @Test
    void unusableSpecificationsAreTold() {
        SandboxState pod = sandbox();
        Specs.Container noImage = new Specs.Container("no-image");
        noImage.image = "ruori/nowhere:1";
        assertThat(fault(runtime.createContainer(pod.id(), noImage.build())))
                .hasMessageContaining("No such image")
                .extracting(RuntimeFault::reason)
                .isEqualTo(RuntimeFault.Reason.IMAGE_NOT_FOUND);

        Specs.Container noMount = new Specs.Container("no-mount");
        noMount.mounts = List.of(new ContainerSpec.Mount("/no/such/directory", "/data", false));
        assertThat(fault(runtime.createContainer(pod.id(), noMount.build())))
                .hasMessageContaining("/no/such/directory")
                .extracting(RuntimeFault::reason)
                .isEqualTo(RuntimeFault.Reason.CANNOT_START);

        String id = done(runtime.createContainer(
                pod.id(), new Specs.Container("no-command").command("/no/such").build()));
        assertThat(done(runtime.inspectContainer(id)).phase()).isEqualTo(Phase.CREATED);
        assertThat(fault(runtime.startContainer(id)))
                .hasMessageContaining("no such file or directory")
                .extracting(RuntimeFault::reason)
                .isEqualTo(RuntimeFault.Reason.CANNOT_START);
        ContainerState state = done(runtime.inspectContainer(id));
        assertThat(state.phase()).isEqualTo(Phase.EXITED);
        assertThat(state.exit().orElseThrow().code()).isEqualTo(127);
        assertThat(state.exit().orElseThrow().message()).contains("/no/such");

        assertThat(reason(runtime.createContainer(pod.id(), new Specs.Container("no-command").build())))
                .isEqualTo(RuntimeFault.Reason.CONFLICT);
        assertThat(reason(runtime.createContainer("0123456789ab", new Specs.Container("web").build())))
                .isEqualTo(RuntimeFault.Reason.NOT_FOUND);
    }

    @Test
    void listFindsEverythingOfThisNodeOnly() {
        SandboxState pod = sandbox();
        Specs.Container spec = new Specs.Container("web");
        spec.attempt = 4;
        String running = run(pod.id(), spec);
        String exited = run(pod.id(), Specs.shell("job", "exit 2"));
        exited(exited);
        try (DockerRuntime again = DockerRuntime.connect(settings(NODE));
                DockerRuntime other = DockerRuntime.connect(settings("other-" + NODE))) {
            assertThat(done(other.list())).isEmpty();
            SandboxState found = done(again.list()).getFirst();

            assertThat(found.id()).isEqualTo(pod.id());
            assertThat(found.running()).isTrue();
            assertThat(found.ip()).isEqualTo(pod.ip()).isNotEmpty();
            assertThat(found.podUid()).isEqualTo(pod.podUid());
            assertThat(found.podNamespace()).isEqualTo("default");
            assertThat(found.podName()).isEqualTo("pod-" + pod.podUid());
            assertThat(found.containers()).extracting(ContainerState::id).containsExactly(running, exited);
            ContainerState web = found.containers().getFirst();
            assertThat(web.name()).isEqualTo("web");
            assertThat(web.attempt()).isEqualTo(4);
            assertThat(web.specHash()).isEqualTo("hash-web");
            assertThat(web.phase()).isEqualTo(Phase.RUNNING);
            assertThat(web.startedAt().orElseThrow()).isAfter(found.createdAt());
            assertThat(web.image()).isEqualTo("ruori/web:1");
            assertThat(web.imageId())
                    .isEqualTo(done(runtime.image("ruori/web:1")).orElseThrow().id());
        }
    }

    @Test
    void membersOfALostSandboxAreStillFoundAndRemoved() throws IOException {
        SandboxState pod = sandbox();
        run(pod.id(), new Specs.Container("web"));
        engine().delete("/containers/" + pod.id() + "?force=1");

        SandboxState found = done(runtime.list()).getFirst();

        assertThat(found.id()).isEqualTo(pod.id());
        assertThat(found.running()).isFalse();
        assertThat(found.podUid()).isEqualTo(pod.podUid());
        assertThat(found.containers()).hasSize(1);
        done(runtime.removeSandbox(pod.id()));
        assertThat(done(runtime.list())).isEmpty();
    }

    @Test
    void hostNetworkAndDns() throws IOException {
        SandboxSpec plain = Specs.sandbox(uid());
        SandboxState host = done(runtime.runSandbox(new SandboxSpec(
                plain.podNamespace(), plain.podName(), plain.podUid(), 0, "ignored", true, plain.dns(), Map.of())));
        SandboxSpec.Dns dns =
                new SandboxSpec.Dns(List.of("10.96.0.10"), List.of("default.svc.cluster.local"), List.of("ndots:5"));
        SandboxState own =
                done(runtime.runSandbox(new SandboxSpec("default", "dns", uid(), 0, "dns", false, dns, Map.of())));

        assertThat(host.ip()).isEmpty();
        assertThat(outputOf(
                                host.id(),
                                Specs.shell("look", "readlink /proc/self/ns/net")
                                        .build())
                        .strip())
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
        assertThat(outputOf(
                        own.id(), Specs.shell("look", "cat /etc/resolv.conf").build()))
                .isEqualTo("nameserver 10.96.0.10\nsearch default.svc.cluster.local\noptions ndots:5\n");
    }

    @Test
    void imagesAreInspectedAndPulledOrSayWhyNot() {
        assertThat(done(runtime.image("ruori/web:1")).orElseThrow().sizeBytes()).isGreaterThan(500_000);
        assertThat(done(runtime.image("ruori/web:none"))).isEmpty();

        RuntimeFault failed = fault(runtime.pullImage("127.0.0.1:1/no/such:1", Optional.empty()));
        assertThat(failed.reason()).isEqualTo(RuntimeFault.Reason.IMAGE_PULL_FAILED);
        assertThat(failed).hasMessageContaining("connection refused");
    }

    @Test
    void eventsOfThisNodeAreTold() throws Exception {
        Queue<RuntimeEvent> seen = new ConcurrentLinkedQueue<>();
        UniqueKillSwitch stop = runtime.events()
                .viaMat(KillSwitches.single(), Keep.right())
                .to(Sink.foreach(seen::add))
                .run(system);
        SandboxState pod = sandbox();
        String id = run(pod.id(), Specs.shell("job", "exit 0"));
        exited(id);
        done(runtime.removeContainer(id));
        done(runtime.removeSandbox(pod.id()));

        await().untilAsserted(() -> assertThat(seen)
                .startsWith(
                        new RuntimeEvent.ContainerStarted(pod.podUid(), pod.id(), id, "job"),
                        new RuntimeEvent.ContainerStopped(pod.podUid(), pod.id(), id, "job"),
                        new RuntimeEvent.ContainerRemoved(pod.podUid(), pod.id(), id, "job"),
                        new RuntimeEvent.SandboxStopped(pod.podUid(), pod.id())));
        stop.shutdown();
    }

    @Test
    void logsKeepOrderStreamAndTime() {
        SandboxState pod = sandbox();
        String id =
                run(pod.id(), Specs.shell("talk", "echo one; usleep 30000; echo two >&2; usleep 30000; printf three"));
        exited(id);

        List<LogLine> lines = logs(id, ALL);

        assertThat(lines).extracting(line -> line.bytes().utf8String()).containsExactly("one\n", "two\n", "three");
        assertThat(lines).extracting(LogLine::stderr).containsExactly(false, true, false);
        assertThat(lines).extracting(LogLine::at).isSorted();
        assertThat(text(logs(id, new LogQuery(false, OptionalLong.of(1), Optional.empty()))))
                .isEqualTo("three");
        assertThat(text(logs(id, new LogQuery(false, OptionalLong.of(0), Optional.empty()))))
                .isEmpty();
        assertThat(text(logs(
                        id,
                        new LogQuery(
                                false,
                                OptionalLong.empty(),
                                Optional.of(lines.get(1).at())))))
                .isEqualTo("two\nthree");
        assertThat(reason(runtime.logs("0123456789ab", ALL).runWith(Sink.seq(), system)))
                .isEqualTo(RuntimeFault.Reason.NOT_FOUND);
    }

    @Test
    void followedLogsEndWithTheContainer() {
        String id = run(
                sandbox().id(), Specs.shell("talk", "while [ ! -f /go ]; do echo tick; usleep 20000; done; echo end"));
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        CompletionStage<Done> ended = runtime.logs(id, new LogQuery(true, OptionalLong.empty(), Optional.empty()))
                .runForeach(line -> seen.add(line.bytes().utf8String()), system);

        await().until(() -> seen.size() > 3);
        exec(id, "touch", "/go");
        done(ended);

        assertThat(seen).contains("tick\n", "end\n");
    }

    @Test
    void terminalLogsAndLongLines() {
        SandboxState pod = sandbox();
        String script = "echo short; head -c 40000 /dev/zero | tr '\\0' x; echo; echo after";
        Specs.Container terminal = Specs.shell("terminal", script);
        terminal.tty = true;
        String raw = run(pod.id(), terminal);
        String framed = run(pod.id(), Specs.shell("framed", script));
        exited(raw);
        exited(framed);

        String expected = "short\n" + "x".repeat(40_000) + "\nafter\n";
        assertThat(text(logs(framed, ALL))).isEqualTo(expected);
        assertThat(text(logs(raw, ALL)).replace("\r", "")).isEqualTo(expected);
    }

    @Test
    void execSplitsItsStreamsAndTellsTheExitCode() {
        String id = run(sandbox().id(), new Specs.Container("web"));

        Ran ran = exec(id, "/bin/sh", "-c", "echo out; echo err >&2; exit 42");

        assertThat(ran).isEqualTo(new Ran("out\n", "err\n", OptionalInt.of(42), ""));
    }

    @Test
    void execEndsWhenItsFiniteInputEnds() {
        String id = run(sandbox().id(), new Specs.Container("web"));
        ByteString block = ByteString.fromString("0123456789abcdef".repeat(4096));
        Source<StreamInput, ?> input = Source.range(1, 64).map(i -> (StreamInput) new StreamInput.Stdin(block));

        Ran ran = ran(input, id, new ExecSpec(List.of("/bin/sh", "-c", "wc -c; echo done"), true, true, true, false));
        Ran cat = ran(input, id, new ExecSpec(List.of("cat"), true, true, true, false));

        assertThat(ran).isEqualTo(new Ran("4194304\ndone\n", "", OptionalInt.of(0), ""));
        assertThat(cat.out()).hasSize(4_194_304);
        assertThat(cat.code()).hasValue(0);
    }

    @Test
    void outputGoesOnAfterTheInputIsClosed() {
        String id = run(sandbox().id(), new Specs.Container("web"));
        Source<StreamInput, ?> input = Source.<StreamInput>from(
                        List.of(new StreamInput.Stdin(ByteString.fromString("hello")), new StreamInput.Closed()))
                .concat(Source.maybe());

        Ran ran = ran(
                input,
                id,
                new ExecSpec(List.of("/bin/sh", "-c", "cat; usleep 200000; echo; echo late"), true, true, true, false));

        assertThat(ran.out()).isEqualTo("hello\nlate\n");
    }

    @Test
    void execOnATerminalKnowsItsSize() {
        String id = run(sandbox().id(), new Specs.Container("web"));
        Pair<SourceQueueWithComplete<StreamInput>, Queue<StreamOutput>> terminal =
                terminal(id, new ExecSpec(List.of("/bin/sh"), true, true, false, true));
        terminal.first().offer(new StreamInput.Resize(132, 40));
        terminal.first()
                .offer(new StreamInput.Stdin(ByteString.fromString("stty size; tty; echo to-stderr >&2; exit 5\n")));

        await().untilAsserted(() -> assertThat(terminal.second()).endsWith(new StreamOutput.Exited(5)));
        assertThat(stdout(terminal.second()))
                .contains("40 132\r\n")
                .contains("/dev/")
                .contains("\r\nto-stderr\r\n");
    }

    @Test
    void commandsThatCannotRunFailWithDockersReason() {
        String id = run(sandbox().id(), new Specs.Container("web"));
        String gone = run(sandbox().id(), Specs.shell("gone", "exit 0"));
        exited(gone);

        assertThat(exec(id, "/no/such/command").failure()).contains("no such file or directory");
        assertThat(exec(gone, "true").failure()).contains("is not running");
        assertThat(exec("0123456789ab", "true").failure()).contains("No such container");
        assertThat(exec(id, "/bin/sh", "-c", "echo OCI runtime exec failed; exit 1")
                        .out())
                .isEqualTo("OCI runtime exec failed\n");
    }

    @Test
    void leavingAnExecClosesItsInput() {
        String id = run(sandbox().id(), new Specs.Container("web"));
        Pair<SourceQueueWithComplete<StreamInput>, UniqueKillSwitch> client = Source.<StreamInput>queue(
                        8, OverflowStrategy.backpressure())
                .via(runtime.exec(
                        id,
                        new ExecSpec(
                                List.of("/bin/sh", "-c", "touch /here; cat; touch /left"), true, true, true, false)))
                .viaMat(KillSwitches.single(), Keep.both())
                .to(Sink.ignore())
                .run(system);
        await().until(() -> exec(id, "test", "-f", "/here").code().orElse(-1) == 0);

        client.second().shutdown();

        await().until(() -> !exec(id, "ps").out().contains("cat"));
        assertThat(client.first().watchCompletion().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void attachJoinsTheContainersOwnStreams() {
        Specs.Container spec = Specs.shell("echo", "while read line; do echo \"heard $line\"; done; echo over; exit 3");
        spec.stdin = true;
        spec.stdinOnce = true;
        String id = run(sandbox().id(), spec);

        List<StreamOutput> heard = done(Source.<StreamInput>from(List.of(
                        new StreamInput.Stdin(ByteString.fromString("one\n")),
                        new StreamInput.Stdin(ByteString.fromString("two\n"))))
                .via(runtime.attach(id, new AttachSpec(true, true, true, false)))
                .runWith(Sink.seq(), system));

        assertThat(stdout(heard)).isEqualTo("heard one\nheard two\nover\n");
        assertThat(exited(id).code()).isEqualTo(3);
        assertThat(done(Source.<StreamInput>empty()
                        .via(runtime.attach(id, new AttachSpec(true, true, true, false)))
                        .runWith(Sink.seq(), system)))
                .hasOnlyElementsOfType(StreamOutput.Failed.class);
    }

    @Test
    void portsOfASandboxAreReached() {
        SandboxState pod = sandbox();
        run(pod.id(), new Specs.Container("web"));
        run(pod.id(), Specs.shell("local", "exec httpd -f -p 127.0.0.1:7070 -h /www"));

        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(connection(pod.id(), 8080, "GET / HTTP/1.0\r\n\r\n"))
                        .endsWith("web 1 on " + pod.podName() + "\n"));
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(connection(pod.id(), 7070, "GET /healthz HTTP/1.0\r\n\r\n"))
                        .endsWith("ok\n"));
        assertThatThrownBy(() -> connection(pod.id(), 9, "")).isInstanceOf(CompletionException.class);
    }

    @Test
    void manyPodsAtOnce() {
        List<CompletionStage<String>> starts = IntStream.range(0, 20)
                .mapToObj(i -> runtime.runSandbox(Specs.sandbox(uid()))
                        .thenCompose(pod -> runtime.createContainer(pod.id(), new Specs.Container("web").build()))
                        .thenCompose(id -> runtime.startContainer(id).thenApply(started -> id)))
                .toList();

        starts.forEach(start -> assertThat(done(start)).isNotEmpty());

        List<SandboxState> found = done(runtime.list());
        assertThat(found).hasSize(20).allMatch(SandboxState::running);
        assertThat(found.stream().map(SandboxState::ip).collect(Collectors.toSet()))
                .hasSize(20);
        List<CompletionStage<Void>> removals =
                found.stream().map(pod -> runtime.removeSandbox(pod.id())).toList();
        removals.forEach(DockerRuntimeServicesTest::done);
    }

    @Test
    void anAbsentEngineIsUnreachable() {
        try (DockerRuntime nobody = DockerRuntime.connect(settings(NODE).withSocket(state.resolve("none.sock")))) {
            assertThat(reason(nobody.list())).isEqualTo(RuntimeFault.Reason.UNREACHABLE);
            assertThat(reason(nobody.events().runWith(Sink.ignore(), system)))
                    .isEqualTo(RuntimeFault.Reason.UNREACHABLE);
        }
    }

    private record Ran(String out, String err, OptionalInt code, String failure) {}

    private static Ran exec(String id, String... command) {
        return ran(Source.empty(), id, new ExecSpec(List.of(command), false, true, true, false));
    }

    private static Ran ran(Source<StreamInput, ?> input, String id, ExecSpec spec) {
        List<StreamOutput> all = done(input.via(runtime.exec(id, spec)).runWith(Sink.seq(), system));
        StringBuilder err = new StringBuilder();
        OptionalInt code = OptionalInt.empty();
        String failure = "";
        for (StreamOutput each : all) {
            switch (each) {
                case StreamOutput.Stdout out -> {}
                case StreamOutput.Stderr bytes -> err.append(bytes.bytes().utf8String());
                case StreamOutput.Exited exited -> code = OptionalInt.of(exited.code());
                case StreamOutput.Failed failed -> failure = failed.message();
            }
        }
        return new Ran(stdout(all), err.toString(), code, failure);
    }

    private static String stdout(Iterable<StreamOutput> all) {
        ByteString bytes = ByteString.emptyByteString();
        for (StreamOutput each : all) {
            if (each instanceof StreamOutput.Stdout out) {
                bytes = bytes.concat(out.bytes());
            }
        }
        return bytes.utf8String();
    }

    private static Pair<SourceQueueWithComplete<StreamInput>, Queue<StreamOutput>> terminal(String id, ExecSpec spec) {
        Queue<StreamOutput> seen = new ConcurrentLinkedQueue<>();
        SourceQueueWithComplete<StreamInput> input = Source.<StreamInput>queue(8, OverflowStrategy.backpressure())
                .via(runtime.exec(id, spec))
                .to(Sink.foreach(seen::add))
                .run(system);
        return Pair.create(input, seen);
    }

    private static String connection(String sandbox, int port, String request) {
        return done(Source.single(ByteString.fromString(request))
                        .via(runtime.connect(sandbox, port))
                        .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), system))
                .utf8String();
    }

    private static SandboxState sandbox() {
        return done(runtime.runSandbox(Specs.sandbox(uid())));
    }

    private static String run(String sandbox, Specs.Container spec) {
        String id = done(runtime.createContainer(sandbox, spec.build()));
        done(runtime.startContainer(id));
        return id;
    }

    private static String outputOf(String sandbox, ContainerSpec spec) {
        String id = done(runtime.createContainer(sandbox, spec));
        done(runtime.startContainer(id));
        exited(id);
        return text(logs(id, ALL));
    }

    private static ContainerState.Exit exited(String id) {
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> done(runtime.inspectContainer(id)).exit(), Optional::isPresent)
                .orElseThrow();
    }

    private static List<LogLine> logs(String id, LogQuery query) {
        return done(runtime.logs(id, query).runWith(Sink.seq(), system));
    }

    private static String text(List<LogLine> lines) {
        List<String> texts = new ArrayList<>();
        lines.forEach(line -> texts.add(line.bytes().utf8String()));
        return String.join("", texts);
    }

    private static String get(String ip) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + ip + ":8080/")).build();
        return await().ignoreException(ConnectException.class)
                .until(
                        () -> client.send(request, HttpResponse.BodyHandlers.ofString())
                                .body(),
                        body -> true);
    }

    private static RuntimeFault.Reason reason(CompletionStage<?> stage) {
        return fault(stage).reason();
    }

    private static RuntimeFault fault(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeFault fault) {
                return fault;
            }
            throw e;
        }
        throw new AssertionError("it did not fail");
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static EngineClient engine() {
        return new EngineClient(DockerSettings.defaultSocket(), Duration.ofSeconds(30));
    }

    private static String uid() {
        return UUID.randomUUID().toString();
    }

    private static DockerSettings settings(String node) {
        return DockerSettings.of(node, state).withNetwork("ruori-test0", "10.249.0.0/16");
    }
}
