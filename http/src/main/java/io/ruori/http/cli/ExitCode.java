package io.ruori.http.cli;

/** What scripts may rely on; listed in {@code ./ruori --help}. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    /** No cluster runs with this data directory. */
    static final int NOT_RUNNING = 3;
    /** The cluster runs, but not all of it. */
    static final int UNHEALTHY = 4;
    /** It was started, but was not ready in time. */
    static final int NOT_READY = 5;

    private ExitCode() {}
}
