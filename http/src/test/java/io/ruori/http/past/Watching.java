package io.ruori.http.past;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A watch, event by event. Give it {@code timeoutSeconds}, so that a test that waits for too much ends. */
final class Watching implements AutoCloseable {
    private final String path;
    private final BufferedReader lines;

    /** One event; the object of a bookmark or an error is one, too. */
    record Seen(String type, ObjectNode object) {
        String name() {
            return Json.text(object, "metadata", "name");
        }

        long revision() {
            return Long.parseLong(Json.text(object, "metadata", "resourceVersion"));
        }

        /** {@code ADDED a}: what most stories compare. */
        String brief() {
            return type + (name().isEmpty() ? "" : " " + name());
        }

        boolean endsInitialEvents() {
            return object.path("metadata").path("annotations").has("k8s.io/initial-events-end");
        }
    }

    Watching(String path, InputStream body) {
        this.path = path;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** Null at the end of the stream. */
    @Nullable
    Seen next() {
        try {
            String line = lines.readLine();
            if (line == null) {
                return null;
            }
            ObjectNode event = Json.read(line.getBytes(StandardCharsets.UTF_8));
            return new Seen(Json.text(event, "type"), (ObjectNode) event.path("object"));
        } catch (IOException closed) {
            return null;
        }
    }

    /** All up to and with the first that is wanted. */
    List<Seen> until(Predicate<Seen> wanted) {
        List<Seen> all = new ArrayList<>();
        for (Seen seen = next(); seen != null; seen = next()) {
            all.add(seen);
            if (wanted.test(seen)) {
                return all;
            }
        }
        return fail(path + " ended after " + all);
    }

    List<String> untilRevision(long revision) {
        return until(seen -> seen.revision() >= revision).stream()
                .map(Seen::brief)
                .toList();
    }

    /** All up to the end of the stream. */
    List<Seen> all() {
        List<Seen> all = new ArrayList<>();
        for (Seen seen = next(); seen != null; seen = next()) {
            all.add(seen);
        }
        return all;
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
