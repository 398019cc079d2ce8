package io.ruori.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Json;
import io.ruori.node.runtime.AttachSpec;
import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.runtime.ExecSpec;
import io.ruori.node.runtime.LogLine;
import io.ruori.node.runtime.LogQuery;
import io.ruori.node.runtime.StreamInput;
import io.ruori.node.runtime.StreamOutput;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One byte stream: logs, a command, an attached terminal or a port. Output is taken from the runtime only while the master
 * has granted bytes, input is acknowledged only when the runtime took it, so neither side can be flooded.
 */
final class ByteStream extends AbstractBehavior<ByteStream.Command> {
    private static final int PIECE = 32 * 1024;
    private static final int RESIZE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    sealed interface Command {}

    record Input(int channel, byte[] bytes) implements Command {}

    record InputClosed(int channel) implements Command {}

    record Credit(int bytes) implements Command {}

    /** The client or the session is gone. */
    record Drop() implements Command {}

    private record Located(PodWorker.Located where) implements Command {}

    private record Pulled(Optional<Output> output) implements Command {}

    private record Broken(String why) implements Command {}

    private record Taken(int bytes) implements Command {}

    /** What comes out: a piece for a channel, or how it ended. */
    private sealed interface Output {
        record Piece(int channel, ByteString bytes) implements Output {}

        record End(int exitCode, String error) implements Output {}
    }

    private final long id;
    private final ToAgent.Stream stream;
    private final ContainerRuntime runtime;
    private final ActorRef<ToMaster> master;
    private final ActorRef<NodeAgent.Command> node;
    private final Materializer materializer;
    private final Deque<Input> waiting = new ArrayDeque<>();
    private @Nullable SinkQueueWithCancel<Output> output;
    private @Nullable SourceQueueWithComplete<Input> input;
    private long credit = AgentGate.STREAM_WINDOW;
    private long waitingBytes;
    private boolean pulling;
    private boolean offering;
    private boolean inputClosed;

    private ByteStream(
            ActorContext<Command> context,
            long id,
            ToAgent.Stream stream,
            ContainerRuntime runtime,
            ActorRef<ToMaster> master,
            ActorRef<NodeAgent.Command> node) {
        super(context);
        this.id = id;
        this.stream = stream;
        this.runtime = runtime;
        this.master = master;
        this.node = node;
        this.materializer = Materializer.createMaterializer(context);
    }

    static Behavior<Command> create(
            long id,
            ToAgent.Stream stream,
            ContainerRuntime runtime,
            ActorRef<PodWorker.Command> worker,
            ActorRef<ToMaster> master,
            ActorRef<NodeAgent.Command> node) {
        return Behaviors.setup(context -> {
            boolean previous = stream instanceof ToAgent.Stream.Logs logs && logs.previous();
            context.ask(
                    PodWorker.Located.class,
                    worker,
                    PATIENCE,
                    replyTo -> new PodWorker.Locate(stream.container(), previous, replyTo),
                    (where, failure) -> failure == null ? new Located(where) : new Broken("pod does not answer"));
            return new ByteStream(context, id, stream, runtime, master, node);
        });
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::on)
                .onSignal(PostStop.class, stop -> {
                    node.tell(new NodeAgent.StreamOver(id));
                    return this;
                })
                .build();
    }

    private Behavior<Command> on(Command command) {
        return switch (command) {
            case Located located -> located(located.where());
            case Pulled pulled -> pulled(pulled.output());
            case Broken broken -> end(-1, broken.why());
            case Input more -> input(more);
            case InputClosed closed -> {
                inputClosed |= closed.channel() == 0;
                offer();
                yield this;
            }
            case Taken taken -> {
                offering = false;
                master.tell(new ToMaster.StreamCredit(id, taken.bytes()));
                offer();
                yield this;
            }
            case Credit granted -> {
                credit += granted.bytes();
                pull();
                yield this;
            }
            case Drop drop -> Behaviors.stopped();
        };
    }

    private Behavior<Command> end(int exitCode, String error) {
        master.tell(new ToMaster.StreamEnded(id, exitCode, error));
        return Behaviors.stopped();
    }

    // ---- opening ----

    private Behavior<Command> located(PodWorker.Located where) {
        if (!where.problem().isEmpty()) {
            return end(-1, where.problem());
        }
        boolean needsRunning = !(stream instanceof ToAgent.Stream.Logs) && !(stream instanceof ToAgent.Stream.Port);
        if (needsRunning && !where.running()) {
            return end(-1, "container not running (" + where.containerId() + ")");
        }
        Pair<SourceQueueWithComplete<Input>, SinkQueueWithCancel<Output>> ends = Source.<Input>queue(
                        1, OverflowStrategy.backpressure())
                .viaMat(flow(where), Keep.left())
                .toMat(Sink.<Output>queue(), Keep.both())
                .run(materializer);
        input = ends.first();
        output = ends.second();
        pull();
        offer();
        return this;
    }

    private Flow<Input, Output, NotUsed> flow(PodWorker.Located where) {
        return switch (stream) {
            case ToAgent.Stream.Logs logs -> Flow.fromSinkAndSource(Sink.cancelled(), logs(logs, where.containerId()));
            case ToAgent.Stream.Exec exec ->
                terminal(runtime.exec(
                        where.containerId(),
                        new ExecSpec(exec.command(), exec.stdin(), exec.stdout(), exec.stderr(), exec.tty())));
            case ToAgent.Stream.Attach attach ->
                terminal(runtime.attach(
                        where.containerId(),
                        new AttachSpec(attach.stdin(), attach.stdout(), attach.stderr(), attach.tty())));
            case ToAgent.Stream.Port port ->
                Flow.<Input>create()
                        .map(piece -> ByteString.fromArray(piece.bytes()))
                        .via(runtime.connect(where.sandboxId(), port.port()))
                        .mapConcat(bytes -> pieces(1, bytes));
        };
    }

    private static Flow<Input, Output, NotUsed> terminal(Flow<StreamInput, StreamOutput, NotUsed> process) {
        return Flow.<Input>create()
                .mapConcat(ByteStream::processInput)
                .via(process)
                .mapConcat(out -> switch (out) {
                    case StreamOutput.Stdout text -> pieces(1, text.bytes());
                    case StreamOutput.Stderr text -> pieces(2, text.bytes());
                    case StreamOutput.Exited exited -> List.<Output>of(new Output.End(exited.code(), ""));
                    case StreamOutput.Failed failed -> List.<Output>of(new Output.End(-1, failed.message()));
                });
    }

    private static List<StreamInput> processInput(Input piece) {
        if (piece.channel() == 0) {
            return List.of(new StreamInput.Stdin(ByteString.fromArray(piece.bytes())));
        }
        if (piece.channel() != RESIZE) {
            return List.of();
        }
        try {
            JsonNode size = Json.read(piece.bytes());
            return List.of(new StreamInput.Resize(
                    size.path("Width").asInt(), size.path("Height").asInt()));
        } catch (UncheckedIOException | ClassCastException e) {
            return List.of(); // a size that cannot be read changes nothing
        }
    }

    private Source<Output, NotUsed> logs(ToAgent.Stream.Logs logs, String containerId) {
        LogQuery query = new LogQuery(logs.follow(), logs.tailLines(), Optional.ofNullable(logs.since()));
        long limit = logs.limitBytes().orElse(Long.MAX_VALUE);
        return runtime.logs(containerId, query)
                .statefulMap(
                        () -> true,
                        (atLineStart, line) -> {
                            boolean endsLine =
                                    !line.bytes().isEmpty() && line.bytes().last() == (byte) '\n';
                            return Pair.create(endsLine, stamped(line, logs.timestamps() && atLineStart));
                        },
                        last -> Optional.empty())
                .statefulMap(
                        () -> limit,
                        (left, bytes) -> {
                            ByteString kept = bytes.size() > left ? bytes.take(left.intValue()) : bytes;
                            return Pair.create(left - kept.size(), Pair.create(kept, left - kept.size()));
                        },
                        last -> Optional.empty())
                .takeWhile(piece -> piece.second() > 0, true)
                .mapConcat(piece -> pieces(1, piece.first()));
    }

    private static ByteString stamped(LogLine line, boolean withTime) {
        return withTime
                ? ByteString.fromString(LOG_TIME.format(line.at()) + " ").concat(line.bytes())
                : line.bytes();
    }

    private static List<Output> pieces(int channel, ByteString bytes) {
        if (bytes.size() <= PIECE) {
            return List.of(new Output.Piece(channel, bytes));
        }
        List<Output> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.size(); at += PIECE) {
            pieces.add(new Output.Piece(channel, bytes.slice(at, Math.min(bytes.size(), at + PIECE))));
        }
        return pieces;
    }

    // ---- out ----

    private void pull() {
        if (output == null || pulling || credit <= 0) {
            return;
        }
        pulling = true;
        getContext()
                .pipeToSelf(
                        output.pull(),
                        (next, failure) ->
                                failure == null ? new Pulled(next) : new Broken(String.valueOf(failure.getMessage())));
    }

    private Behavior<Command> pulled(Optional<Output> next) {
        pulling = false;
        if (next.isEmpty()) {
            return end(-1, "");
        }
        switch (next.get()) {
            case Output.End over -> {
                return end(over.exitCode(), over.error());
            }
            case Output.Piece piece -> {
                credit -= piece.bytes().size();
                master.tell(new ToMaster.StreamData(
                        id, piece.channel(), piece.bytes().toArray()));
            }
        }
        pull();
        return this;
    }

    // ---- in ----

    private Behavior<Command> input(Input piece) {
        waiting.add(piece);
        waitingBytes += piece.bytes().length;
        if (waitingBytes > 2L * AgentGate.STREAM_WINDOW) {
            return end(-1, "more input than was granted");
        }
        offer();
        return this;
    }

    private void offer() {
        if (input == null || offering) {
            return;
        }
        Input next = waiting.poll();
        if (next != null) {
            offering = true;
            int bytes = next.bytes().length;
            waitingBytes -= bytes;
            getContext().pipeToSelf(input.offer(next), (result, failure) -> new Taken(bytes));
        } else if (inputClosed) {
            input.complete();
        }
    }
}
