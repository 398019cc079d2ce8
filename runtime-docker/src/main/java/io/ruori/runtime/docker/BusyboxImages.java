package io.ruori.runtime.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Small images made on the spot from the machine's static busybox, for where no registry can be reached: the pause image
 * of every sandbox, and a web server in as many versions as a demonstration needs. The same busybox gives the same image
 * ids every time, so making them again changes nothing.
 */
public final class BusyboxImages {
    /** What every sandbox runs: waits, and ends at once when asked to. */
    public static final String PAUSE = "ruori/pause:1";

    /** The tag is the version it answers with, on port 8080. */
    public static final String WEB_REPOSITORY = "ruori/web";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ELF_INTERPRETER = 3;

    private static final String PAUSE_SCRIPT = """
        #!/bin/sh
        # As the first process it must ask for the signal, or the kernel drops it.
        trap 'exit 0' TERM INT
        while :; do sleep 86400 & wait $!; done
        """;

    private static final String WEB_SCRIPT = """
        #!/bin/sh
        port="${PORT:-8080}"
        echo "web $VERSION on $(hostname) listens on port $port"
        # As the first process it must ask for the signal, or the kernel drops it.
        trap 'echo "web $VERSION on $(hostname) stops"; kill $! && exit 0' TERM INT
        httpd -f -p "$port" -h /www &
        wait $!
        """;

    private static final String PAGE_SCRIPT = """
        #!/bin/sh
        printf 'Content-Type: text/plain\\r\\n\\r\\nweb %s on %s\\n' "$VERSION" "$(hostname)"
        """;

    private final byte[] busybox;
    private final List<String> commands;

    private BusyboxImages(byte[] busybox, List<String> commands) {
        this.busybox = busybox;
        this.commands = commands;
    }

    /** @throws IOException in one clear line, when there is no static busybox in the usual places */
    public static BusyboxImages onThisMachine() throws IOException {
        for (String place : List.of("/bin/busybox", "/usr/bin/busybox", "/usr/local/bin/busybox")) {
            Path path = Path.of(place);
            if (Files.isExecutable(path)) {
                byte[] program = Files.readAllBytes(path);
                if (isStatic(program)) {
                    return new BusyboxImages(program, commands(path));
                }
            }
        }
        throw new IOException("no statically linked busybox found: install the package busybox-static");
    }

    /**
     * Makes the pause image and these versions of the web server.
     *
     * @return the references, in that order
     */
    public List<String> load(Path socket, List<String> webVersions) throws IOException {
        Map<String, Recipe> wanted = new LinkedHashMap<>();
        wanted.put(PAUSE, pause());
        webVersions.forEach(version -> wanted.put(WEB_REPOSITORY + ":" + version, web(version)));
        load(new EngineClient(socket, PATIENCE), wanted);
        return List.copyOf(wanted.keySet());
    }

    void loadPause(EngineClient engine) throws IOException {
        load(engine, Map.of(PAUSE, pause()));
    }

    /** Makes the images: {@code [--socket PATH] VERSION...}. Prints the reference of each. */
    public static void main(String[] arguments) {
        Path socket = DockerSettings.defaultSocket();
        List<String> versions = new ArrayList<>(List.of(arguments));
        if (versions.size() > 1 && versions.getFirst().equals("--socket")) {
            socket = Path.of(versions.get(1));
            versions.subList(0, 2).clear();
        }
        PrintStream out = System.out;
        try {
            onThisMachine().load(socket, versions).forEach(out::println);
        } catch (IOException | EngineRefusal e) {
            System.err.println("cannot make the images: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Docker's own archive of images: layers, a configuration each, and a list of what is what. */
    private void load(EngineClient engine, Map<String, Recipe> images) throws IOException {
        Tar archive = new Tar();
        Map<String, byte[]> parts = new LinkedHashMap<>();
        ArrayNode manifest = Json.array();
        images.forEach((reference, recipe) -> {
            ObjectNode entry = manifest.addObject();
            byte[] configuration = Json.write(recipe.configuration());
            parts.put(
                    entry.put("Config", sha256(configuration) + ".json")
                            .path("Config")
                            .asText(),
                    configuration);
            entry.putArray("RepoTags").add(reference);
            ArrayNode layers = entry.putArray("Layers");
            for (byte[] layer : recipe.layers()) {
                parts.put(
                        layers.add(sha256(layer) + ".tar")
                                .path(layers.size() - 1)
                                .asText(),
                        layer);
            }
        });
        parts.forEach((name, bytes) -> archive.file(name, 0644, bytes));
        archive.file("manifest.json", 0644, Json.write(manifest));
        engine.progress("/images/load?quiet=1", Map.of("Content-Type", "application/x-tar"), archive.bytes());
    }

    private Recipe pause() {
        return new Recipe(
                List.of(base(), new Tar().file("pause", 0755, PAUSE_SCRIPT).bytes()), List.of("/pause"), List.of());
    }

    private Recipe web(String version) {
        byte[] layer = new Tar()
                .directory("www", 0755)
                .directory("www/cgi-bin", 0755)
                .file("www/cgi-bin/index.cgi", 0755, PAGE_SCRIPT)
                .file("www/healthz", 0644, "ok\n")
                .file("bin/web", 0755, WEB_SCRIPT)
                .bytes();
        return new Recipe(List.of(base(), layer), List.of("/bin/web"), List.of("VERSION=" + version));
    }

    private byte[] base() {
        Tar tar = new Tar()
                .directory("bin", 0755)
                .directory("etc", 0755)
                .directory("root", 0700)
                .directory("tmp", 01777)
                .directory("var", 0755)
                .link("usr", ".")
                .link("sbin", "bin")
                .file("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n")
                .file("etc/group", 0644, "root:x:0:\nnogroup:x:65534:\n")
                .file("bin/busybox", 0755, busybox);
        commands.forEach(command -> tar.link("bin/" + command, "busybox"));
        return tar.bytes();
    }

    private static List<String> commands(Path busybox) throws IOException {
        Process list = new ProcessBuilder(busybox.toString(), "--list").start();
        try (Stream<String> lines = list.inputReader(StandardCharsets.UTF_8).lines()) {
            return lines.map(String::strip)
                    .filter(name -> !name.isEmpty() && !name.equals("busybox"))
                    .toList();
        }
    }

    /** A dynamic program names its interpreter, which an otherwise empty image would not have. */
    static boolean isStatic(byte[] elf) {
        if (elf.length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F') {
            return false;
        }
        boolean wide = elf[4] == 2;
        ByteBuffer fields = ByteBuffer.wrap(elf).order(elf[5] == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long table = wide ? fields.getLong(32) : fields.getInt(28);
        int size = fields.getShort(wide ? 54 : 42);
        int count = fields.getShort(wide ? 56 : 44);
        for (int i = 0; i < count; i++) {
            if (fields.getInt((int) table + i * size) == ELF_INTERPRETER) {
                return false;
            }
        }
        return true;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private record Recipe(List<byte[]> layers, List<String> entrypoint, List<String> env) {
        ObjectNode configuration() {
            ObjectNode configuration = Json.object()
                    .put("architecture", architecture())
                    .put("os", "linux")
                    .put("created", "1970-01-01T00:00:00Z");
            ObjectNode run = configuration.putObject("config");
            ArrayNode environment = run.putArray("Env").add("PATH=/bin");
            env.forEach(environment::add);
            ArrayNode start = run.putArray("Entrypoint");
            entrypoint.forEach(start::add);
            ArrayNode layerIds =
                    configuration.putObject("rootfs").put("type", "layers").putArray("diff_ids");
            layers.forEach(layer -> layerIds.add("sha256:" + sha256(layer)));
            ArrayNode history = configuration.putArray("history");
            layers.forEach(layer -> history.addObject().put("created_by", "ruori"));
            return configuration;
        }

        private static String architecture() {
            String machine = System.getProperty("os.arch", "amd64");
            return machine.equals("aarch64") ? "arm64" : machine;
        }
    }
}
