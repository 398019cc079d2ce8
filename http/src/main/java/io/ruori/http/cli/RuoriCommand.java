package io.ruori.http.cli;

import io.ruori.http.Version;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The main class of every process: {@code ./ruori COMMAND}. */
@Command(
        name = "ruori",
        description = "Ruori, a container orchestrator that speaks the Kubernetes API.",
        mixinStandardHelpOptions = true,
        versionProvider = RuoriCommand.Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            KubeconfigCommand.class,
            HistoryCommand.class,
            DiffCommand.class,
            BlameCommand.class,
            WhyCommand.class,
            BenchCommand.class,
            CheckCommand.class,
            MasterCommand.class,
            TokenCommand.class,
            AgentCommand.class,
        },
        footer = {
            "",
            "Of the launcher itself:",
            "  test              Installs what the tests need and runs every test.",
            "  format [--check]  Formats the Java files.",
            "  cassandra         Runs a database for several masters on this machine.",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no cluster runs with this data directory,",
            "4 the cluster runs but not all of it, 5 not ready in time, 69 something needed is missing, 70 the build"
                    + " failed."
        })
final class RuoriCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private RuoriCommand() {}

    public static void main(String[] arguments) {
        int code = commandLine().execute(arguments);
        // A server runs on in its own threads; everything else is done when its command is.
        if (code != MasterCommand.RUNS_ON) {
            System.exit(code);
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new RuoriCommand())
                .setExecutionExceptionHandler(new OneLine())
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(30)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** A stack trace helps nobody who mistyped a path; {@code RUORI_TRACE=1} shows it all the same. */
    private static final class OneLine implements IExecutionExceptionHandler {
        @Override
        public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
            PrintWriter err = command.getErr();
            if (System.getenv("RUORI_TRACE") != null) {
                error.printStackTrace(err);
            }
            return switch (error) {
                case Problem problem -> say(err, Problem.line(problem), problem.exitCode());
                case ApiFailure refused -> say(err, Problem.line(refused), ExitCode.FAILED);
                case IOException io -> say(err, Problem.line(io), ExitCode.FAILED);
                case InterruptedException gone -> say(err, "interrupted", ExitCode.FAILED);
                default -> {
                    error.printStackTrace(err);
                    yield say(err, "this is a bug: " + error, ExitCode.FAILED);
                }
            };
        }

        private static int say(PrintWriter err, String line, int code) {
            err.println("ruori: " + line);
            err.flush();
            return code;
        }
    }

    /** For {@code --version}. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ruori 0.1.0, Kubernetes API " + Version.GIT_VERSION, "Java " + Runtime.version()};
        }
    }
}
