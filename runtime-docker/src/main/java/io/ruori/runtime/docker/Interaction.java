package io.ruori.runtime.docker;

import io.ruori.node.runtime.StreamInput;
import io.ruori.node.runtime.StreamOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A taken-over connection as a flow: exec and attach. The two directions end separately. The end of the input closes
 * only the sending half of the socket, which is what ends a command that reads its standard input; the end of the output
 * ends the flow; cancelling the output closes the connection.
 */
final class Interaction implements Feed<StreamOutput> {
    private static final int PIECE = 32 << 10;

    /** What Docker writes as the command's own output when the command could not be started. */
    private static final String RUNTIME_ERROR = "OCI runtime exec failed";

    private static final int CANNOT_RUN = 126;
    private static final int NOT_FOUND = 127;

    private final EngineConnection connection;
    private final Ending ending;
    private final Resizing resizing;
    private final boolean tty;
    private final boolean takesInput;
    private final OutputFrames frames;
    private Optional<StreamOutput.Stdout> suspect = Optional.empty();
    private boolean first = true;
    private boolean ended;

    Interaction(EngineConnection connection, boolean tty, boolean takesInput, Ending ending, Resizing resizing) {
        this.connection = connection;
        this.tty = tty;
        this.takesInput = takesInput;
        this.ending = ending;
        this.resizing = resizing;
        this.frames = new OutputFrames(connection.in(), PIECE);
    }

    /** Called once the output is at its end: the exit code, or nothing when there is none to tell. */
    interface Ending {
        Optional<Integer> exitCode() throws IOException;
    }

    /** Tells the terminal its size. */
    interface Resizing {
        void resize(int columns, int rows) throws IOException;
    }

    /** A fresh interaction each time the flow is run. A refusal to open it is a last element, not a failure. */
    static Flow<StreamInput, StreamOutput, NotUsed> flow(VirtualThreads threads, Callable<Interaction> open) {
        return Flow.fromMaterializer((materializer, attributes) -> run(threads, open))
                .mapMaterializedValue(ignored -> NotUsed.getInstance());
    }

    private static Flow<StreamInput, StreamOutput, NotUsed> run(VirtualThreads threads, Callable<Interaction> open) {
        CompletableFuture<Interaction> opened = new CompletableFuture<>();
        SharedKillSwitch outputEnded = KillSwitches.shared("interaction");
        Sink<StreamInput, NotUsed> input = Flow.<StreamInput>create()
                .via(outputEnded.flow())
                .mapAsync(1, in -> opened.thenCompose(to -> threads.call(() -> to.accept(in))))
                .to(Sink.onComplete(result -> finish(threads, opened, result.isSuccess())));
        Source<StreamOutput, CompletionStage<Done>> output = Feed.source(threads, () -> opening(open, opened))
                .watchTermination((none, done) -> done.whenComplete((ok, failed) -> {
                    outputEnded.shutdown();
                    opened.cancel(false);
                }));
        return Flow.fromSinkAndSource(input, output);
    }

    private static Feed<StreamOutput> opening(Callable<Interaction> open, CompletableFuture<Interaction> opened)
            throws Exception {
        try {
            Interaction interaction = open.call();
            opened.complete(interaction);
            return interaction;
        } catch (EngineRefusal refusal) {
            opened.cancel(false);
            return new Refused(String.valueOf(refusal.getMessage()));
        }
    }

    /** The input has ended, in order or not; nobody is interested in how this goes. */
    private static void finish(VirtualThreads threads, CompletionStage<Interaction> opened, boolean orderly) {
        opened.thenCompose(to -> threads.call(() -> {
            if (orderly) {
                to.endInput();
            } else {
                to.close();
            }
            return Done.getInstance();
        }));
    }

    private Done accept(StreamInput in) throws IOException {
        switch (in) {
            case StreamInput.Stdin stdin -> send(stdin.bytes());
            case StreamInput.Closed closed -> endInput();
            case StreamInput.Resize size -> resizing.resize(size.columns(), size.rows());
        }
        return Done.getInstance();
    }

    private void send(ByteString bytes) throws IOException {
        if (takesInput) {
            connection.write(ByteBuffer.wrap(bytes.toArray()));
        }
    }

    private void endInput() throws IOException {
        if (takesInput) {
            connection.endOutput();
        }
    }

    @Override
    public List<StreamOutput> next() throws IOException {
        if (ended) {
            return List.of();
        }
        Optional<StreamOutput> piece = tty ? raw() : frames.next().map(Interaction::output);
        if (piece.isEmpty()) {
            ended = true;
            return last();
        }
        return first ? opening(piece.get()) : held(piece.get());
    }

    /** Keeps back a first piece that may be Docker's own error until the exit code tells. */
    private List<StreamOutput> opening(StreamOutput piece) throws IOException {
        first = false;
        if (piece instanceof StreamOutput.Stdout out && out.bytes().utf8String().startsWith(RUNTIME_ERROR)) {
            suspect = Optional.of(out);
            return next();
        }
        return List.of(piece);
    }

    private List<StreamOutput> held(StreamOutput piece) {
        List<StreamOutput> pieces = new ArrayList<>(2);
        suspect.ifPresent(pieces::add);
        suspect = Optional.empty();
        pieces.add(piece);
        return pieces;
    }

    private List<StreamOutput> last() throws IOException {
        Optional<Integer> code = ending.exitCode();
        if (suspect.isPresent()
                && code.filter(c -> c == CANNOT_RUN || c == NOT_FOUND).isPresent()) {
            return List.of(
                    new StreamOutput.Failed(suspect.get().bytes().utf8String().strip()));
        }
        List<StreamOutput> rest = new ArrayList<>(2);
        suspect.ifPresent(rest::add);
        code.ifPresent(c -> rest.add(new StreamOutput.Exited(c)));
        return rest;
    }

    private Optional<StreamOutput> raw() throws IOException {
        byte[] bytes = new byte[PIECE];
        int got = connection.in().read(bytes);
        return got < 0 ? Optional.empty() : Optional.of(new StreamOutput.Stdout(ByteString.fromArray(bytes, 0, got)));
    }

    private static StreamOutput output(OutputFrames.Frame frame) {
        ByteString bytes = ByteString.fromArrayUnsafe(frame.bytes());
        return frame.stderr() ? new StreamOutput.Stderr(bytes) : new StreamOutput.Stdout(bytes);
    }

    @Override
    public void close() {
        connection.close();
    }

    /** The Engine would not even begin. */
    private static final class Refused implements Feed<StreamOutput> {
        private List<StreamOutput> left;

        Refused(String message) {
            this.left = List.of(new StreamOutput.Failed(message));
        }

        @Override
        public List<StreamOutput> next() {
            List<StreamOutput> now = left;
            left = List.of();
            return now;
        }

        @Override
        public void close() {}
    }
}
