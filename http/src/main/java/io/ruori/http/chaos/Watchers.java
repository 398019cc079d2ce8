package io.ruori.http.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.http.chaos.core.Change;
import io.ruori.http.chaos.core.PodCheck;
import io.ruori.http.chaos.core.WatchChecker;
import io.ruori.http.chaos.core.WatchChecker.Connection;
import io.ruori.http.chaos.core.WatchChecker.Told;
import io.ruori.http.chaos.core.WatchChecker.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Clients that watch, and go on from where they were whenever a watch ends or breaks: of each master one that stays with it
 * and one, of a selection, that goes on at any other; and one a master for Pods.
 */
final class Watchers {
    private static final String PODS = "/api/v1/namespaces/" + ConfigMaps.NAMESPACE + "/pods";

    private final Recording recording;
    private final List<MasterClient> clients;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Map<String, LongAdder> ends = new ConcurrentHashMap<>();
    private volatile boolean over;

    Watchers(RunSettings settings, Recording recording, List<MasterClient> clients, long revision) {
        this.recording = recording;
        this.clients = clients;
        for (MasterClient client : clients) {
            Random random = new Random(settings.seed() * 17 + client.number());
            watchers.add(new Watcher(client, false, "", version -> true, random, revision));
            watchers.add(new Watcher(
                    client,
                    true,
                    "&labelSelector=tier%3Dx",
                    version -> version.content() != null && version.content().endsWith("x"),
                    new Random(random.nextLong()),
                    revision));
            Thread.ofVirtual().start(() -> watchPods(client));
        }
    }

    void start() {
        watchers.forEach(watcher -> Thread.ofVirtual().start(watcher::watchOn));
    }

    /** Whether all watchers have been told everything up to a revision. */
    boolean haveSeen(long revision) {
        return watchers.stream().allMatch(watcher -> watcher.position >= revision);
    }

    String behind() {
        return watchers.stream()
                .map(w -> w.name() + " at " + w.position)
                .toList()
                .toString();
    }

    void stop() {
        over = true;
    }

    /** Why watches ended, and how often. */
    Map<String, LongAdder> ends() {
        return ends;
    }

    List<String> faults(List<Version> journal, long last) {
        List<String> faults = new ArrayList<>();
        for (Watcher watcher : watchers) {
            List<List<Connection>> all = watcher.recordings();
            for (int i = 0; i < all.size(); i++) {
                List<Connection> recorded = all.get(i);
                if (recorded.isEmpty()) {
                    if (i == all.size() - 1 && watcher.position < last) {
                        faults.add("WATCH " + watcher.name() + ": told nothing after " + watcher.position);
                    }
                    continue;
                }
                long end = i == all.size() - 1 ? last : 0;
                WatchChecker.check(journal, watcher.selection, recorded, end).stream()
                        .map(fault -> "WATCH " + fault.rule() + " " + watcher.name() + ": " + fault.what())
                        .forEach(faults::add);
            }
        }
        return faults;
    }

    long told() {
        return watchers.stream()
                .flatMap(watcher -> watcher.recordings().stream())
                .flatMap(List::stream)
                .mapToLong(connection -> connection.told().size())
                .sum();
    }

    private void ended(String why) {
        ends.computeIfAbsent(why, any -> new LongAdder()).increment();
    }

    private interface Line {
        /** @return whether to go on reading */
        boolean read(JsonNode event) throws IOException;
    }

    /** Until it ends, or long enough after it should have. */
    private void follow(MasterClient client, String path, int seconds, Line line)
            throws IOException, InterruptedException {
        InputStream body = client.open(path + "&timeoutSeconds=" + seconds).body();
        Thread limit = Thread.ofVirtual().start(() -> closeAfter(body, Duration.ofSeconds(seconds + 5L)));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8), 1 << 15)) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                if (!line.read(Json.read(text))) {
                    return;
                }
            }
        } finally {
            limit.interrupt();
        }
    }

    private static void closeAfter(InputStream stream, Duration patience) {
        try {
            Thread.sleep(patience);
            stream.close();
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt(); // the watch has ended by itself
        }
    }

    private void watchPods(MasterClient client) {
        try {
            for (; !over; Thread.sleep(500)) {
                try {
                    follow(client, PODS + "?watch=true", 60, event -> {
                        pod(event.path("object"));
                        return !over;
                    });
                } catch (IOException | RuntimeException e) {
                    ended("watch of Pods: " + e.getClass().getSimpleName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pod(JsonNode object) {
        if (object.path("kind").asText().equals("Pod")) {
            recording.pods().saw(shown(object));
        }
    }

    static PodCheck.Shown shown(JsonNode pod) {
        return new PodCheck.Shown(
                Json.text(pod, "metadata", "uid"),
                Json.text(pod, "metadata", "name"),
                Json.text(pod, "metadata", "labels", "app"),
                ConfigMaps.revision(pod),
                Json.text(pod, "spec", "nodeName"));
    }

    private final class Watcher {
        private final MasterClient home;
        private final boolean roams;
        private final String query;
        private final Predicate<Version> selection;
        private final Random random;
        private final List<List<Connection>> recordings = new ArrayList<>();
        private volatile long position;

        Watcher(
                MasterClient home,
                boolean roams,
                String query,
                Predicate<Version> selection,
                Random random,
                long position) {
            this.home = home;
            this.roams = roams;
            this.query = query;
            this.selection = selection;
            this.random = random;
            this.position = position;
            recordings.add(new ArrayList<>());
        }

        String name() {
            return (roams ? "a roaming watcher of a selection, " : "the watcher of ") + home.name();
        }

        synchronized List<List<Connection>> recordings() {
            return List.copyOf(recordings);
        }

        void watchOn() {
            try {
                for (; !over; Thread.sleep(300)) {
                    MasterClient client = roams ? clients.get(random.nextInt(clients.size())) : home;
                    watchOnce(client, 10 + random.nextInt(30));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void watchOnce(MasterClient client, int seconds) throws InterruptedException {
            Connection connection = new Connection(position, Collections.synchronizedList(new ArrayList<>()));
            boolean refused = false;
            try {
                follow(
                        client,
                        ConfigMaps.PATH + "?watch=true&allowWatchBookmarks=true" + query + "&resourceVersion="
                                + position,
                        seconds,
                        event -> {
                            told(connection, event, client);
                            return !over;
                        });
                ended("watch: at its end");
            } catch (MasterClient.RefusedException e) {
                ended("watch: " + e.code());
                refused = e.code() == 410;
                if (refused) {
                    connection.told().add(new Told("ERROR", "", 0, client.name() + " answered " + e.getMessage()));
                }
            } catch (GoneException e) {
                ended("watch: gone");
                connection.told().add(new Told("ERROR", "", 0, client.name() + " told " + e.getMessage()));
                refused = true;
            } catch (IOException | RuntimeException e) {
                ended("watch: " + e.getClass().getSimpleName());
            }
            keep(connection, refused, client);
        }

        private synchronized void keep(Connection connection, boolean refused, MasterClient client) {
            List<Connection> last = recordings.get(recordings.size() - 1);
            if (!connection.told().isEmpty()) {
                last.add(connection);
            }
            if (refused) {
                // Starts anew, as a client would; that it had to is a fault already.
                new Lists(recording).list(client).ifPresent(revision -> {
                    position = revision;
                    recordings.add(new ArrayList<>());
                });
            }
        }

        private void told(Connection connection, JsonNode event, MasterClient client) throws IOException {
            String type = event.path("type").asText();
            JsonNode object = event.path("object");
            if (type.equals("ERROR")) {
                if (object.path("code").asInt() == 410) {
                    throw new GoneException(object.toString());
                }
                throw new IOException(object.toString());
            }
            long revision = ConfigMaps.revision(object);
            if (type.equals("BOOKMARK")) {
                connection.told().add(new Told(type, "", revision, ""));
            } else if (ConfigMaps.isOurs(object)) {
                Change change = ConfigMaps.change(object, !type.equals("DELETED"));
                // Of a selection, DELETED may only say that it left.
                if (change.isLive() || query.isEmpty()) {
                    recording.saw(change, "a watch of " + client.name());
                }
                connection
                        .told()
                        .add(new Told(type, recording.once(change.key()), revision, recording.once(change.content())));
            } else {
                return;
            }
            position = Math.max(position, revision);
        }
    }

    private static final class GoneException extends IOException {
        private static final long serialVersionUID = 1;

        GoneException(String what) {
            super(what);
        }
    }
}
