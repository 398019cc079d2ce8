package io.ruori.http.cli;

/** Something the user can understand and act on: one line and an exit code, no stack trace. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    Problem(int exitCode, String line) {
        super(line);
        this.exitCode = exitCode;
    }

    static Problem failed(String line) {
        return new Problem(ExitCode.FAILED, line);
    }

    static Problem notRunning(ClusterDirectory directory) {
        return new Problem(
                ExitCode.NOT_RUNNING,
                "no cluster runs with the data directory " + directory.root() + "; start one: ./ruori up"
                        + directory.option());
    }

    int exitCode() {
        return exitCode;
    }

    /** The message of an exception, or its name where it has none. */
    static String line(Throwable error) {
        String message = error.getMessage();
        return message == null || message.isBlank() ? error.getClass().getSimpleName() : message;
    }
}
