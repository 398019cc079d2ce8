package io.ruori.node.simulated;

import io.ruori.node.runtime.ExecSpec;
import io.ruori.node.runtime.StreamInput;
import io.ruori.node.runtime.StreamOutput;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A handful of commands, so that {@code kubectl exec} has something to say: echo, cat, hostname, true, false, exit. */
final class SimulatedExec {
    private SimulatedExec() {}

    static Flow<StreamInput, StreamOutput, NotUsed> flow(ExecSpec spec, String hostname, boolean running) {
        if (!running) {
            return answer(new StreamOutput.Failed("container is not running"));
        }
        List<String> command = spec.command();
        String program = command.isEmpty() ? "" : command.get(0);
        String rest = String.join(" ", command.subList(Math.min(1, command.size()), command.size()));
        return switch (program) {
            case "cat" -> spec.stdin() ? cat() : answer(new StreamOutput.Exited(0));
            case "true" -> answer(new StreamOutput.Exited(0));
            case "false" -> answer(new StreamOutput.Exited(1));
            case "echo" -> answer(text(rest), new StreamOutput.Exited(0));
            case "hostname" -> answer(text(hostname), new StreamOutput.Exited(0));
            case "sh", "/bin/sh", "bash" -> shell(command, spec);
            default -> answer(new StreamOutput.Failed("exec: \"" + program + "\": executable file not found in $PATH"));
        };
    }

    private static Flow<StreamInput, StreamOutput, NotUsed> shell(List<String> command, ExecSpec spec) {
        if (command.size() < 3) {
            return spec.stdin() ? cat() : answer(new StreamOutput.Exited(0));
        }
        String script = command.get(2).strip();
        if (script.startsWith("echo ")) {
            return answer(text(script.substring(5)), new StreamOutput.Exited(0));
        }
        int code = script.startsWith("exit ")
                ? Integer.parseInt(script.substring(5).strip())
                : 0;
        return answer(new StreamOutput.Exited(code));
    }

    private static Flow<StreamInput, StreamOutput, NotUsed> cat() {
        return Flow.<StreamInput>create()
                .takeWhile(input -> !(input instanceof StreamInput.Closed))
                .mapConcat(input -> input instanceof StreamInput.Stdin stdin
                        ? List.<StreamOutput>of(new StreamOutput.Stdout(stdin.bytes()))
                        : List.of())
                .concat(Source.single(new StreamOutput.Exited(0)));
    }

    private static StreamOutput text(String line) {
        return new StreamOutput.Stdout(ByteString.fromString(line + "\n"));
    }

    private static Flow<StreamInput, StreamOutput, NotUsed> answer(StreamOutput... output) {
        return Flow.fromSinkAndSource(Sink.ignore(), Source.from(List.of(output)));
    }
}
