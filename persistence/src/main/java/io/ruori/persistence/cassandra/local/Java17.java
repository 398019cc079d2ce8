package io.ruori.persistence.cassandra.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds a Java 17, the only one that Cassandra 5.0 runs on (it sets a security manager, which newer ones refuse). */
public final class Java17 {
    /** Names the home of a Java 17, before all other places. */
    public static final String VARIABLE = "RUORI_JAVA17_HOME";

    private Java17() {}

    /** The home of a Java 17 in the usual places. */
    public static Optional<Path> find(Map<String, String> environment) {
        List<Path> homes = new ArrayList<>();
        for (String variable : List.of(VARIABLE, "JAVA_HOME")) {
            String home = environment.get(variable);
            if (home != null && !home.isEmpty()) {
                homes.add(Path.of(home));
            }
        }
        homes.addAll(children(Path.of("/usr/lib/jvm")));
        homes.addAll(children(Path.of("/opt")));
        String user = environment.get("HOME");
        if (user != null) {
            homes.addAll(children(Path.of(user, ".sdkman/candidates/java")));
            homes.addAll(children(Path.of(user, ".jdks")));
        }
        return homes.stream().filter(Java17::is17).findFirst();
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.sorted().toList();
        } catch (IOException e) {
            return List.of(); // a place we may not look into is not a place to run Java from
        }
    }

    private static boolean is17(Path home) {
        if (!Files.isExecutable(home.resolve("bin/java"))) {
            return false;
        }
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.anyMatch(line -> line.startsWith("JAVA_VERSION=\"17"));
        } catch (IOException e) {
            return false; // no release file: not a Java we know the version of
        }
    }
}
