package io.ruori.http.past;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.chaos.core.WatchChecker;
import io.ruori.http.chaos.core.WatchChecker.Connection;
import io.ruori.http.chaos.core.WatchChecker.Told;
import io.ruori.http.chaos.core.WatchChecker.Version;
import io.ruori.http.past.OneMaster.Answer;
import io.ruori.http.past.Watching.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random traffic, watched by clients of several selections that lose their connections while the master restarts once; the
 * {@link WatchChecker} then holds what they were told against the journal. A failure names the seed; {@code -Druori.seed}
 * repeats it.
 */
final class WatchCheckTest {
    private static final int WRITES = 150;
    private static final List<String> NAMESPACES = List.of("one", "two");
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> TIERS = List.of("x", "y");

    private final long seed = Long.getLong("ruori.seed", System.nanoTime());

    @Test
    void watchesKeepTheirPromises(@TempDir Path data) throws IOException {
        System.out.println("watch check: -Druori.seed=" + seed);
        Random random = new Random(seed);
        List<Watcher> watchers = watchers(random);
        long last;
        try (OneMaster master = OneMaster.start(data)) {
            NAMESPACES.forEach(master::namespace);
            long start = master.get("/api/v1/secrets").is(200).revision();
            watchers.forEach(watcher -> watcher.startAt(start));
            phase(master, random.nextLong(), watchers);
        }
        try (OneMaster master = OneMaster.start(data)) {
            last = phase(master, random.nextLong(), watchers);
            List<Version> journal = journal(master);
            assertThat(journal).hasSizeGreaterThan(WRITES);
            for (Watcher watcher : watchers) {
                watcher.check(journal, last);
            }
            assertThat(watchers.stream().flatMap(Watcher::told).map(Told::type))
                    .as("traffic of every sort, seed %d", seed)
                    .contains("ADDED", "MODIFIED", "DELETED", "BOOKMARK");
        }
    }

    private List<Watcher> watchers(Random random) {
        List<Watcher> all = new ArrayList<>();
        for (String root : List.of("/api/v1/secrets?", "/api/v1/watch/secrets?")) {
            all.add(new Watcher(root, v -> true, random.nextLong()));
        }
        all.add(new Watcher(
                "/api/v1/namespaces/one/secrets?", v -> v.namespace().equals("one"), random.nextLong()));
        all.add(new Watcher("/api/v1/secrets?labelSelector=tier%3Dy&", v -> tier(v).equals("y"), random.nextLong()));
        all.add(new Watcher(
                "/api/v1/secrets?fieldSelector=metadata.name%3Da&",
                v -> v.name().equals("a"), random.nextLong()));
        all.add(new Watcher(
                "/api/v1/namespaces/two/secrets?labelSelector=tier!%3Dy&",
                v -> v.namespace().equals("two") && !tier(v).equals("y"), random.nextLong()));
        return all;
    }

    /** Traffic, and everybody watching; ends when all have seen everything. Returns the last revision. */
    private static long phase(OneMaster master, long phaseSeed, List<Watcher> watchers) {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (Watcher watcher : watchers) {
            running.add(CompletableFuture.runAsync(
                    () -> {
                        while (!over.get()) {
                            watcher.watchForAWhile(master);
                        }
                    },
                    task -> Thread.ofVirtual().start(task)));
        }
        try {
            write(master, new Random(phaseSeed));
        } finally {
            over.set(true);
        }
        running.forEach(CompletableFuture::join);
        long last = master.get("/api/v1/secrets").is(200).revision();
        watchers.forEach(watcher -> watcher.watchUpTo(master, last));
        return last;
    }

    private static void write(OneMaster master, Random random) {
        for (int i = 0; i < WRITES; i++) {
            String ns = "/api/v1/namespaces/" + NAMESPACES.get(random.nextInt(NAMESPACES.size()));
            String name = NAMES.get(random.nextInt(NAMES.size()));
            String tier = TIERS.get(random.nextInt(TIERS.size()));
            String path = ns + "/secrets/" + name;
            Answer answer = random.nextInt(4) == 0
                    ? master.delete(path)
                    : master.merge(path, OneMaster.secret(name, tier, "" + i));
            if (answer.code() == 404) {
                master.create(ns, name, tier, "" + i);
            } else {
                answer.is(200);
            }
        }
    }

    /** What the journal holds of Secrets, in order: each object as of each of its revisions. */
    private static List<Version> journal(OneMaster master) {
        List<Version> versions = new ArrayList<>();
        for (String namespace : NAMESPACES) {
            NAMES.forEach(name -> addVersions(master, namespace, name, versions));
        }
        versions.sort(Comparator.comparingLong(Version::revision));
        return versions;
    }

    private static void addVersions(OneMaster master, String namespace, String name, List<Version> versions) {
        String root = "/namespaces/" + namespace;
        Answer history = master.get("/apis/history.ruori.io/v1" + root + "/histories/secrets:" + name + "?limit=10000");
        for (JsonNode change : history.is(200).json().path("changes")) {
            String key = namespace + "/" + name;
            long revision = Long.parseLong(Json.text(change, "revision"));
            Answer object = master.get("/asof/" + revision + "/api/v1" + root + "/secrets/" + name);
            boolean deleted = Json.text(change, "event").equals("deleted");
            versions.add(new Version(
                    key, revision, deleted ? null : content(object.is(200).json())));
            assertThat(object.code()).as(key + " at " + revision).isEqualTo(deleted ? 404 : 200);
        }
    }

    private static Told asTold(Seen seen) {
        return switch (seen.type()) {
            case "BOOKMARK" -> new Told(seen.type(), "", seen.revision(), "");
            case "ERROR" -> new Told(seen.type(), "", 0, seen.object().toString());
            default ->
                new Told(
                        seen.type(),
                        Json.text(seen.object(), "metadata", "namespace") + "/" + seen.name(),
                        seen.revision(),
                        content(seen.object()));
        };
    }

    private static String content(ObjectNode object) {
        ObjectNode content = object.deepCopy();
        content.withObjectProperty("metadata").remove("resourceVersion");
        return content.toString();
    }

    /** Of its label; empty for a deletion. */
    private static String tier(Version version) {
        String content = version.content();
        return content == null ? "" : Json.text(Json.read(content), "metadata", "labels", "tier");
    }

    /** One client that watches a selection, loses its connection now and then, and goes on from the last revision it was told. */
    private final class Watcher {
        private final String path;
        private final Predicate<Version> selection;
        private final Random random;
        private final List<Connection> connections = new ArrayList<>();
        private long position;
        private boolean isRefused;

        Watcher(String path, Predicate<Version> selection, long watcherSeed) {
            this.path = path;
            this.selection = selection;
            this.random = new Random(watcherSeed);
        }

        void startAt(long revision) {
            position = revision;
        }

        /** Until the server ends it, or until the connection breaks after a few events. */
        void watchForAWhile(OneMaster master) {
            int patience = random.nextInt(3) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(8);
            Connection connection = new Connection(position, new ArrayList<>());
            connections.add(connection);
            try (Watching watch = master.watch(path + (path.contains("/watch/") ? "" : "watch=true&")
                    + "allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=" + position)) {
                Seen next = watch.next();
                while (next != null) {
                    connection.told().add(asTold(next));
                    isRefused |= next.type().equals("ERROR");
                    next = connection.told().size() < patience ? watch.next() : null;
                }
            }
            position = connection.end();
        }

        void watchUpTo(OneMaster master, long revision) {
            while (position < revision && !isRefused) {
                watchForAWhile(master);
            }
        }

        Stream<Told> told() {
            return connections.stream().flatMap(connection -> connection.told().stream());
        }

        /** What it was told is what the journal says its selection went through. */
        void check(List<Version> journal, long last) {
            assertThat(WatchChecker.check(journal, selection, connections, last))
                    .as("seed %d, %s, %d connections", seed, path, connections.size())
                    .isEmpty();
        }
    }
}
