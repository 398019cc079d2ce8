package io.ruori.persistence.cassandra.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Prepares a database of one node under a directory and prints the command that runs it, an argument a line: the launcher
 * becomes that process ({@code ./ruori cassandra DIR PORT [ADDRESS]}, on loopback unless told otherwise). It is for trying out, as data that lies in one place is lost with
 * it.
 */
public final class LocalCassandraMain {
    private static final int HEAP_MIB = 512;
    private static final int WRONG_USAGE = 2;
    private static final int MISSING = 69;

    private LocalCassandraMain() {}

    public static void main(String[] arguments) throws IOException {
        String classPath = System.getenv("RUORI_CASSANDRA_CLASSPATH");
        if (arguments.length < 2 || arguments.length > 3 || classPath == null) {
            fail(WRONG_USAGE, "usage: ./ruori cassandra DIR PORT [ADDRESS]");
            return;
        }
        Optional<Path> java = Java17.find(System.getenv());
        if (java.isEmpty()) {
            fail(
                    MISSING,
                    "Cassandra needs a Java 17: apt-get install openjdk-17-jre-headless, or set " + Java17.VARIABLE);
            return;
        }
        Path home = Path.of(arguments[0]).toAbsolutePath();
        int port = Integer.parseInt(arguments[1]);
        LocalCassandra.Settings settings = new LocalCassandra.Settings(
                home,
                Files.readString(Path.of(classPath)).strip(),
                java.get(),
                arguments.length == 3 ? arguments[2] : LocalCassandra.LOOPBACK,
                port,
                port + 1,
                HEAP_MIB,
                home.resolve("archive"),
                false);
        new LocalCassandra(settings).prepare().forEach(System.out::println);
    }

    private static void fail(int code, String why) {
        System.err.println("ruori: " + why);
        System.exit(code);
    }
}
