package io.ruori.http.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The processes of one cluster on this machine: which there are, starting one more, stopping them. */
final class ClusterProcesses {
    /** A master closes its journal and says goodbye to its clients in about two seconds; a database may take ten. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private static final int LINES_OF_A_FAILURE = 5;

    private final ClusterDirectory directory;

    ClusterProcesses(ClusterDirectory directory) {
        this.directory = directory;
    }

    /** Everything that was started and not stopped, living or not; masters first. */
    List<ProcessRecord> all() throws IOException {
        if (!Files.isDirectory(directory.run())) {
            return List.of();
        }
        List<ProcessRecord> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.run())) {
            for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                found.add(ProcessRecord.read(file));
            }
        }
        found.sort(java.util.Comparator.comparing(each -> each.role().equals("agent")));
        return found;
    }

    Optional<ProcessRecord> living(String name) throws IOException {
        return all().stream()
                .filter(each -> each.name().equals(name) && each.process().isPresent())
                .findFirst();
    }

    boolean anyLiving() throws IOException {
        return all().stream().anyMatch(each -> each.process().isPresent());
    }

    /**
     * Starts a process of its own session, so that closing the terminal does not end it.
     *
     * @param arguments of the launcher
     */
    ProcessRecord start(String name, String role, String address, String runtime, List<String> arguments)
            throws IOException {
        Path log = directory.log(name);
        if (!Files.exists(log)) {
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        List<String> line = new ArrayList<>(List.of("setsid", launcher()));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // The build that this command comes from: whoever starts a cluster gets one version for all its processes.
        builder.environment().put("RUORI_NO_BUILD", "1");
        builder.environment().put("RUORI_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        ProcessRecord record = ProcessRecord.of(name, role, process.toHandle(), address, runtime);
        record.write(directory);
        return record;
    }

    /** Asks first, and kills what did not end in time. */
    boolean stop(ProcessRecord record, Duration grace) throws IOException, InterruptedException {
        Optional<ProcessHandle> living = record.process();
        boolean gentle = true;
        if (living.isPresent()) {
            ProcessHandle process = living.get();
            process.destroy();
            gentle = ended(record, process, grace);
            if (!gentle) {
                process.destroyForcibly();
                ended(record, process, grace);
            }
        }
        record.forget(directory);
        return gentle;
    }

    private static boolean ended(ProcessRecord record, ProcessHandle process, Duration grace)
            throws InterruptedException {
        CompletableFuture<ProcessHandle> exit = process.onExit();
        Instant deadline = Instant.now().plus(grace);
        while (Instant.now().isBefore(deadline)) {
            try {
                exit.get(200, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                if (record.process().isEmpty()) {
                    return true;
                }
            } catch (ExecutionException e) {
                return true;
            }
        }
        return false;
    }

    /** The end of a process's log, for the one line that says why it is gone. */
    String lastWords(ProcessRecord record) throws IOException {
        Path log = directory.log(record.name());
        if (!Files.exists(log)) {
            return "";
        }
        List<String> lines = Arrays.stream(Files.readString(log).split("\n"))
                .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                .toList();
        return String.join("\n  ", lines.subList(Math.max(0, lines.size() - LINES_OF_A_FAILURE), lines.size()));
    }

    static String launcher() {
        String launcher = System.getProperty("ruori.launcher");
        if (launcher == null) {
            throw Problem.failed("started without the launcher: use ./ruori");
        }
        return launcher;
    }
}
