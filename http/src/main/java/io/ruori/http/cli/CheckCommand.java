package io.ruori.http.cli;

import io.ruori.http.codec.CodecCheck;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks of this build against recorded facts. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Checks this build against recorded facts.",
        subcommands = CheckCommand.Codec.class)
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return ExitCode.USAGE;
    }

    /** {@code check codec DIR}. */
    @Command(
            name = "codec",
            mixinStandardHelpOptions = true,
            description = {
                "Reads every GROUP.VERSION.KIND.json, .yaml and .pb of a folder and writes it again.",
                "The last line is \"N of M\": so many files were read equal and re-written byte for byte."
            },
            footer = {"", "Exit codes: 0 all equal, 1 some differ, 2 the folder cannot be read."})
    static final class Codec implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "The folder with the recorded objects.")
        private Path directory = Path.of(".");

        @Override
        public Integer call() {
            return CodecCheck.run(directory, System.out);
        }
    }
}
