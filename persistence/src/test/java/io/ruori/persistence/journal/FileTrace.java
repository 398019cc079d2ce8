package io.ruori.persistence.journal;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a process did to the files below a directory, call by call, with every byte, as strace saw it. A write counts from when its
 * call began; a sync counts from when it returned, for what had begun before it. So a cut between any two steps is one the
 * process could have met.
 */
final class FileTrace {
    /** One step. Names are relative to the directory; the directory itself is the empty name. */
    sealed interface Step {
        /** From here on the handle stands for what lies under the name now, whatever it is called later. */
        record Open(String name, boolean create, boolean truncate, int handle) implements Step {}

        record Write(int handle, long offset, byte[] bytes) implements Step {
            static final long AT_THE_END = Long.MIN_VALUE;
        }

        record Resize(int handle, long size) implements Step {}

        record Rename(String from, String to) implements Step {}

        record Remove(String name) implements Step {}

        record MakeDirectory(String name) implements Step {}

        /**
         * Of a file or a directory.
         *
         * @param covers how many steps had begun before it
         */
        record Sync(int handle, int covers) implements Step {}

        /** A line said to the outside world. */
        record Said(String line) implements Step {}
    }

    private static final String STRACE = "/usr/bin/strace";
    private static final String CALLS = "openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,"
            + "unlink,unlinkat,ftruncate,mkdir,mkdirat,rmdir";
    private static final Pattern LINE = Pattern.compile("(\\d+) +(?:<\\.\\.\\. )?([a-z0-9_]+)(?:\\(| resumed>)(.*)");
    private static final Pattern RESULT = Pattern.compile("= (-?\\d+)(?: [A-Z].*)?$");
    private static final String UNFINISHED = "<unfinished ...>";
    private static final int PROMISES = -1;

    private final Path directory;
    private final Path promises;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Begun> begun = new HashMap<>();
    private final Map<Integer, Integer> handles = new HashMap<>();
    private final Map<Integer, Long> offsets = new HashMap<>();
    private int opened;

    private record Begun(String arguments, int at) {}

    private FileTrace(Path directory, Path promises) {
        this.directory = directory;
        this.promises = promises;
    }

    static boolean isPossible() {
        return Files.isExecutable(Path.of(STRACE));
    }

    /**
     * Runs the scripted writer to its end and returns what it did.
     *
     * @param arguments more for the writer
     */
    static List<Step> of(Path directory, Path scratch, Object... arguments) throws IOException, InterruptedException {
        Path promises = scratch.resolve("promises");
        Path raw = scratch.resolve("trace");
        Files.deleteIfExists(promises);
        List<String> command = new ArrayList<>(List.of(STRACE, "-f", "--seccomp-bpf", "-xx", "-s", "4000000"));
        command.addAll(List.of("-e", "signal=none", "-e", "trace=" + CALLS, "-o", raw.toString()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ScriptedWriter.class.getName(),
                directory.toString(),
                promises.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        File output = scratch.resolve("output").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("the writer failed: " + Files.readString(output.toPath()));
        }
        FileTrace trace = new FileTrace(directory, promises);
        try (BufferedReader lines = Files.newBufferedReader(raw, StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                trace.line(line);
            }
        }
        Files.delete(raw);
        return trace.steps;
    }

    private void line(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            return; // a thread that ended, or the process
        }
        String thread = parts.group(1);
        String call = parts.group(2);
        String rest = parts.group(3);
        if (rest.endsWith(UNFINISHED)) {
            String arguments = rest.substring(0, rest.length() - UNFINISHED.length());
            begun.put(thread, new Begun(arguments, steps.size()));
            begin(call, arguments);
            return;
        }
        Begun before = begun.remove(thread);
        int at = before == null ? steps.size() : before.at();
        String arguments = before == null ? rest : before.arguments() + rest;
        if (before == null) {
            begin(call, arguments);
        }
        Matcher result = RESULT.matcher(rest);
        if (result.find() && Integer.parseInt(result.group(1)) >= 0) {
            end(call, arguments, at, Integer.parseInt(result.group(1)));
        }
    }

    private void begin(String call, String arguments) {
        if (!call.equals("write") && !call.equals("pwrite64")) {
            return;
        }
        int descriptor = descriptor(arguments);
        Integer handle = handles.get(descriptor);
        if (handle == null) {
            return;
        }
        byte[] bytes = quoted(arguments).getFirst();
        if (handle == PROMISES) {
            String said = new String(bytes, StandardCharsets.US_ASCII);
            said.lines().forEach(line -> steps.add(new Step.Said(line)));
        } else if (call.equals("write")) {
            long offset = offsets.getOrDefault(handle, 0L);
            steps.add(new Step.Write(handle, offset, bytes));
            if (offset != Step.Write.AT_THE_END) {
                offsets.put(handle, offset + bytes.length);
            }
        } else {
            String offset = arguments.substring(arguments.lastIndexOf("\", ")).split("[,)] *")[2];
            steps.add(new Step.Write(handle, Long.parseLong(offset.strip()), bytes));
        }
    }

    private void end(String call, String arguments, int at, int result) {
        switch (call) {
            case "openat" -> opened(name(quoted(arguments).getFirst()), arguments, result);
            case "fsync", "fdatasync" -> {
                Integer handle = handles.get(descriptor(arguments));
                if (handle != null && handle != PROMISES) {
                    steps.add(new Step.Sync(handle, at));
                }
            }
            case "ftruncate" -> {
                Integer handle = handles.get(descriptor(arguments));
                if (handle != null) {
                    steps.add(new Step.Resize(handle, Long.parseLong(arguments.split("[,)] *")[1].strip())));
                }
            }
            case "rename", "renameat", "renameat2" -> {
                String from = name(quoted(arguments).get(0));
                String to = name(quoted(arguments).get(1));
                if (from != null && to != null) {
                    steps.add(new Step.Rename(from, to));
                }
            }
            case "unlink", "unlinkat" -> {
                String name = name(quoted(arguments).getFirst());
                if (name != null) {
                    steps.add(new Step.Remove(name));
                }
            }
            case "mkdir", "mkdirat" -> {
                String name = name(quoted(arguments).getFirst());
                if (name != null) {
                    steps.add(new Step.MakeDirectory(name));
                }
            }
            case "write", "pwrite64" -> {}
            default -> {
                for (byte[] path : quoted(arguments)) {
                    if (name(path) != null) {
                        throw new IllegalStateException("a call this knows nothing of: " + call);
                    }
                }
            }
        }
    }

    private void opened(@Nullable String name, String arguments, int descriptor) {
        handles.remove(descriptor);
        byte[] path = quoted(arguments).getFirst();
        if (new String(path, StandardCharsets.US_ASCII).equals(promises.toString())) {
            handles.put(descriptor, PROMISES);
        } else if (name != null) {
            int handle = ++opened;
            handles.put(descriptor, handle);
            offsets.put(handle, arguments.contains("O_APPEND") ? Step.Write.AT_THE_END : 0);
            steps.add(new Step.Open(name, arguments.contains("O_CREAT"), arguments.contains("O_TRUNC"), handle));
        }
    }

    private static int descriptor(String arguments) {
        int end = 0;
        while (end < arguments.length() && Character.isDigit(arguments.charAt(end))) {
            end++;
        }
        return end == 0 ? Integer.MIN_VALUE : Integer.parseInt(arguments.substring(0, end));
    }

    /** Below the directory, or null. */
    private @Nullable String name(byte[] path) {
        Path whole = Path.of(new String(path, StandardCharsets.US_ASCII)).normalize();
        return whole.startsWith(directory) ? directory.relativize(whole).toString() : null;
    }

    private static List<byte[]> quoted(String arguments) {
        List<byte[]> found = new ArrayList<>();
        int at = arguments.indexOf('"');
        while (at >= 0) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int i = at + 1;
            for (; arguments.charAt(i) == '\\'; i += 4) {
                bytes.write(Integer.parseInt(arguments, i + 2, i + 4, 16));
            }
            found.add(bytes.toByteArray());
            at = arguments.indexOf('"', i + 1);
        }
        return found;
    }
}
