package io.ruori.http.past;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.past.OneMaster.Answer;
import io.ruori.http.past.Watching.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves what watches promise, over random traffic and against what the journal says: events are ordered, unique, whole
 * (atomic) and filtered; nothing is left out (reliable) although watchers lose their connections and the master restarts
 * (resumable), and a bookmark is as good a place to go on from as an event. A failure names the seed; {@code -Druori.seed}
 * repeats it.
 */
final class WatchCheckTest {
    private static final int WRITES = 150;
    private static final List<String> NAMESPACES = List.of("one", "two");
    private static final List<String> NAMES = List.of("a", "b", "c", "d");
    private static final List<String> TIERS = List.of("x", "y");

    private final long seed = Long.getLong("ruori.seed", System.nanoTime());

    /** One state of an object in the journal; no object for a deletion. */
    private record Version(
            String key, long revision, @Nullable ObjectNode object) {
        String namespace() {
            return key.substring(0, key.indexOf('/'));
        }

        String name() {
            return key.substring(key.indexOf('/') + 1);
        }

        String tier() {
            return object == null ? "" : Json.text(object, "metadata", "labels", "tier");
        }
    }

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
        }
    }

    private List<Watcher> watchers(Random random) {
        List<Watcher> all = new ArrayList<>();
        for (String root : List.of("/api/v1/secrets?", "/api/v1/watch/secrets?")) {
            all.add(new Watcher(root, v -> true, random.nextLong()));
        }
        all.add(new Watcher(
                "/api/v1/namespaces/one/secrets?", v -> v.namespace().equals("one"), random.nextLong()));
        all.add(new Watcher(
                "/api/v1/secrets?labelSelector=tier%3Dy&", v -> v.tier().equals("y"), random.nextLong()));
        all.add(new Watcher(
                "/api/v1/secrets?fieldSelector=metadata.name%3Da&",
                v -> v.name().equals("a"), random.nextLong()));
        all.add(new Watcher(
                "/api/v1/namespaces/two/secrets?labelSelector=tier!%3Dy&",
                v -> v.namespace().equals("two") && !v.tier().equals("y"), random.nextLong()));
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
        for (JsonNode change :
                master.get("/ruori/history?kind=secrets").is(200).json().path("items")) {
            String key = Json.text(change, "namespace") + "/" + Json.text(change, "name");
            long revision = change.path("revision").asLong();
            Answer object = master.get("/asof/" + revision + "/api/v1/namespaces/" + Json.text(change, "namespace")
                    + "/secrets/" + Json.text(change, "name"));
            boolean deleted = Json.text(change, "event").equals("deleted");
            versions.add(
                    new Version(key, revision, deleted ? null : object.is(200).json()));
            assertThat(object.code()).as(key + " at " + revision).isEqualTo(deleted ? 404 : 200);
        }
        return versions;
    }

    /** One client that watches a selection, loses its connection now and then, and goes on from the last revision it was told. */
    private final class Watcher {
        private final String path;
        private final Predicate<Version> selection;
        private final Random random;
        private final List<Seen> seen = new ArrayList<>();
        private long start;
        private long position;
        private int connections;

        Watcher(String path, Predicate<Version> selection, long watcherSeed) {
            this.path = path;
            this.selection = selection;
            this.random = new Random(watcherSeed);
        }

        void startAt(long revision) {
            start = revision;
            position = revision;
        }

        /** Until the server ends it, or until the connection breaks after a few events. */
        void watchForAWhile(OneMaster master) {
            int patience = random.nextInt(3) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(8);
            connections++;
            try (Watching watch = master.watch(path + (path.contains("/watch/") ? "" : "watch=true&")
                    + "allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=" + position)) {
                for (Seen next = watch.next(); next != null; next = watch.next()) {
                    take(next);
                    if (--patience == 0) {
                        return;
                    }
                }
            }
        }

        private void take(Seen next) {
            assertThat(next.type()).as("seed %d, %s: %s", seed, path, next).isNotEqualTo("ERROR");
            if (next.type().equals("BOOKMARK")) {
                assertThat(next.revision())
                        .as("a bookmark never goes back, seed %d", seed)
                        .isGreaterThanOrEqualTo(position);
            } else {
                assertThat(next.revision())
                        .as("ordered and unique: seed %d, %s, %s after %d", seed, path, next, position)
                        .isGreaterThan(position);
                seen.add(next);
            }
            position = next.revision();
        }

        void watchUpTo(OneMaster master, long revision) {
            while (position < revision) {
                watchForAWhile(master);
            }
        }

        /** What it saw is what the journal says its selection went through. */
        void check(List<Version> journal, long last) {
            List<String> expected = new ArrayList<>();
            Map<Long, ObjectNode> objects = new HashMap<>();
            Map<String, Version> before = new HashMap<>();
            for (Version version : journal) {
                Version was = before.put(version.key(), version);
                boolean wasIn = was != null && was.object() != null && selection.test(was);
                boolean isIn = version.object() != null && selection.test(version);
                if (version.revision() > start && version.revision() <= last && (wasIn || isIn)) {
                    String type = !isIn ? "DELETED" : wasIn ? "MODIFIED" : "ADDED";
                    expected.add(type + " " + version.key() + "@" + version.revision());
                    ObjectNode object = version.object();
                    if (isIn && object != null) {
                        objects.put(version.revision(), object);
                    }
                }
            }
            assertThat(seen.stream()
                            .map(event -> event.type() + " " + Json.text(event.object(), "metadata", "namespace") + "/"
                                    + event.name() + "@" + event.revision()))
                    .as("reliable, resumable and filtered: seed %d, %s, %d connections", seed, path, connections)
                    .containsExactlyElementsOf(expected);
            for (Seen event : seen) {
                if (!event.type().equals("DELETED")) {
                    assertThat(event.object())
                            .as("whole: seed %d, %s", seed, path)
                            .isEqualTo(objects.get(event.revision()));
                }
            }
        }
    }
}
