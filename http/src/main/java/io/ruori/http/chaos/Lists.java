package io.ruori.http.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.http.chaos.MasterClient.Answer;
import io.ruori.http.chaos.core.Change;
import io.ruori.http.chaos.core.ListCheck.Listing;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that list all objects again and again, one a master, and want to see everything there is. */
final class Lists {
    private static final Duration EVERY = Duration.ofMillis(1_500);

    private final Recording recording;
    private final AtomicInteger failed = new AtomicInteger();
    private volatile boolean over;

    Lists(Recording recording) {
        this.recording = recording;
    }

    void start(Iterable<MasterClient> clients) {
        for (MasterClient client : clients) {
            Thread.ofVirtual().start(() -> listAgain(client));
        }
    }

    void stop() {
        over = true;
    }

    int failed() {
        return failed.get();
    }

    private void listAgain(MasterClient client) {
        try {
            for (; !over; Thread.sleep(EVERY)) {
                if (list(client).isEmpty()) {
                    failed.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return the moment that the list is of; empty where there was none */
    Optional<Long> list(MasterClient client) {
        long began = System.nanoTime();
        Answer answer = client.get(ConfigMaps.PATH, MasterClient.PATIENCE);
        if (answer.code() != 200) {
            return Optional.empty();
        }
        ObjectNode list = answer.json();
        Map<String, Long> shown = new HashMap<>();
        for (JsonNode item : list.path("items")) {
            if (ConfigMaps.isOurs(item)) {
                Change change = ConfigMaps.change(item, true);
                recording.saw(change, "a list of " + client.name());
                shown.put(recording.once(change.key()), change.revision());
            }
        }
        long revision = ConfigMaps.revision(list);
        recording.listed(new Listing(client.name(), began, revision, shown));
        return Optional.of(revision);
    }
}
