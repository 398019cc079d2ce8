package io.ruori.http.past;

import static io.ruori.http.past.OneMaster.PARTIAL;
import static io.ruori.http.past.OneMaster.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.http.past.OneMaster.Answer;
import io.ruori.http.past.Watching.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the past is an API root: whatever reads the present reads any moment, and nothing there can be written. */
final class AsOfTest {
    private static final String POD = """
        {"metadata":{"name":"p","labels":{"app":"p"}},"spec":{"containers":[{"name":"c","image":"ruori/web:1"}]}}
        """;

    @SuppressWarnings("NullAway.Init")
    private static OneMaster master;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        master = OneMaster.start(data);
    }

    @AfterAll
    static void stop() {
        if (master != null) {
            master.close();
        }
    }

    private static String asOf(long revision, String path) {
        return "/asof/" + revision + path;
    }

    @Test
    void objectsListsAndPagesAreThoseOfThen() {
        String ns = master.namespace("then");
        long one = master.create(ns, "a", "x", "1");
        long two = master.create(ns, "b", "y", "1");
        master.change(ns, "a", "x", "2");
        master.delete(ns + "/secrets/b").is(200);
        Answer a = master.get(asOf(two, ns + "/secrets/a")).is(200);
        assertThat(a.revision()).isEqualTo(one);
        assertThat(a.text("data", "v")).isEqualTo("MQ==");
        master.get(asOf(one, ns + "/secrets/b")).is(404);
        Answer list = master.get(asOf(two, ns + "/secrets")).is(200);
        assertThat(list.names()).containsExactly("a", "b");
        assertThat(list.revision()).isEqualTo(two);
        assertThat(master.get(asOf(two, ns + "/secrets?resourceVersion=0")).names())
                .containsExactly("a", "b");
        assertThat(master.get(asOf(two, ns + "/secrets?labelSelector=tier%3Dy")).names())
                .containsExactly("b");
        assertThat(master.get(asOf(two, "/api/v1/secrets?fieldSelector=metadata.namespace%3Dthen"))
                        .names())
                .containsExactly("a", "b");
        Answer page = master.get(asOf(two, ns + "/secrets?limit=1")).is(200);
        assertThat(page.json().path("metadata").path("remainingItemCount").asInt())
                .isEqualTo(1);
        Answer rest = master.get(asOf(two, ns + "/secrets?limit=1&continue=" + page.text("metadata", "continue")));
        assertThat(rest.names()).containsExactly("b");
        assertThat(rest.revision()).isEqualTo(two);
        assertThat(master.get(asOf(two, "/api/v1/namespaces/then")).is(200).text("status", "phase"))
                .isEqualTo("Active");
    }

    @Test
    void aMomentIsARevisionATimeOrAnAge() {
        String ns = master.namespace("moments");
        long one = master.create(ns, "a", "x", "1");
        Instant then = new Revision(one).instant();
        await().until(() -> Instant.now().isAfter(then.plusSeconds(2)));
        master.change(ns, "a", "x", "2");
        for (String when :
                List.of("" + one, then.toString(), then.toString().replace("Z", "%2B00:00"), "1s", "0h0m1s")) {
            Answer a = master.get("/asof/" + when + ns + "/secrets/a").is(200);
            assertThat(a.text("data", "v")).as(when).isEqualTo("MQ==");
        }
        for (String nonsense : List.of("yesterday", "10", "-5m", "2026-01-31", "1m2h", "99999999999999999999")) {
            int code = master.get("/asof/" + nonsense + ns + "/secrets/a").code();
            assertThat(code).as(nonsense).isIn(400, 410);
        }
        // Clients hide what discovery answers, so it is not there that they are told.
        master.get("/asof/yesterday/api").is(200);
        master.get("/asof/yesterday/apis/apps/v1").is(200);
        assertThat(master.get("/asof/yesterday/api/v1/pods").is(400).text("message"))
                .contains("is no moment");
    }

    @Test
    void beforeTheFirstRecordNothingIsKnownAndAheadOfNowNothingEither() {
        assertThat(master.get("/asof/2020-01-02T00:00:00Z/api/v1/pods").is(410).text("message"))
                .contains("the journal begins at");
        assertThat(master.get("/asof/2100-01-01T00:00:00Z/api/v1/pods").is(504).text("reason"))
                .isEqualTo("Timeout");
        long now = master.create(master.namespace("ahead"), "a", "x", "1");
        master.get(asOf(now, "/api/v1/pods?resourceVersion=" + (now + 1))).is(504);
        master.get(asOf(now, "/api/v1/namespaces/ahead/secrets/a?resourceVersion=" + (now + 1)))
                .is(504);
    }

    @Test
    void nothingCanBeWritten() {
        String ns = master.namespace("readonly");
        long made = master.create(ns, "a", "x", "1");
        String path = asOf(made, ns + "/secrets");
        for (Answer answer : List.of(
                master.post(path, OneMaster.secret("b", "x", "1")),
                master.put(path + "/a", OneMaster.secret("a", "x", "2")),
                master.merge(path + "/a", OneMaster.secret("a", "x", "2")),
                master.delete(path + "/a"))) {
            assertThat(answer.is(405).text("reason")).isEqualTo("MethodNotAllowed");
            assertThat(answer.text("message")).startsWith("the past cannot be changed");
        }
        assertThat(master.get(ns + "/secrets").names()).containsExactly("a");
        master.get(asOf(made, "/ruori/agent")).is(404);
        master.get("/asof/1m").is(404);
    }

    @Test
    void tablesAndMetadataAndDiscovery() {
        String ns = master.namespace("forms");
        Instant made = Instant.parse(master.post(ns + "/pods", POD).is(201).text("metadata", "creationTimestamp"));
        await().until(() -> Instant.now().isAfter(made.plusSeconds(4)));
        long then = Revision.upTo(made.plusSeconds(2)).value();
        ObjectNode table = master.get(asOf(then, ns + "/pods"), TABLE).is(200).json();
        assertThat(Json.text(table, "kind")).isEqualTo("Table");
        JsonNode cells = table.path("rows").path(0).path("cells");
        assertThat(cells.path(0).asText()).isEqualTo("p");
        // The age of then, not of now.
        assertThat(cells.path(4).asText()).isIn("1s", "2s");
        ObjectNode partial =
                master.get(asOf(then, ns + "/pods/p"), PARTIAL).is(200).json();
        assertThat(Json.text(partial, "kind")).isEqualTo("PartialObjectMetadata");
        for (String path :
                List.of("/api", "/apis", "/api/v1", "/apis/apps/v1", "/openapi/v3", "/openapi/v2", "/version")) {
            assertThat(master.get(asOf(then, path)).is(200).body())
                    .as(path)
                    .isEqualTo(master.get(path).body());
        }
        assertThat(master.get(asOf(then, ns + "/pods/p/status")).is(200).text("metadata", "name"))
                .isEqualTo("p");
        assertThat(master.get(asOf(then, ns + "/pods/p/log")).is(405).text("message"))
                .contains("log is not served for the past");
    }

    @Test
    void eventsAreThoseThatWereShownThen() {
        String ns = master.namespace("told");
        master.post(ns + "/pods", POD).is(201);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !master.get(ns + "/events").names().isEmpty());
        Answer now = master.get(ns + "/events").is(200);
        assertThat(now.body()).contains("FailedScheduling");
        Answer then = master.get(asOf(now.revision(), ns + "/events")).is(200);
        assertThat(then.names()).containsExactlyElementsOf(now.names());
        String name = now.names().getFirst();
        assertThat(master.get(asOf(now.revision(), ns + "/events/" + name))
                        .is(200)
                        .text("reason"))
                .isEqualTo("FailedScheduling");
        assertThat(master.get(asOf(now.revision(), "/apis/events.k8s.io/v1/namespaces/told/events"))
                        .names())
                .containsExactlyElementsOf(now.names());
    }

    @Test
    void aWatchBeginsThenAndGoesOnIntoThePresent() {
        String ns = master.namespace("onwards");
        master.create(ns, "a", "x", "1");
        long then = master.create(ns, "b", "y", "1");
        master.change(ns, "a", "y", "2");
        master.delete(ns + "/secrets/b").is(200);
        String path = ns + "/secrets?watch=true&timeoutSeconds=20";
        try (Watching watch = master.watch(asOf(then, path));
                Watching selected = master.watch(asOf(then, path + "&labelSelector=tier%3Dy"));
                Watching table = master.watch(asOf(then, path), TABLE);
                Watching since = master.watch(asOf(then, path + "&resourceVersion=" + then));
                Watching list = master.watch(asOf(
                        then,
                        path + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"))) {
            long last = master.create(ns, "c", "y", "1");
            assertThat(watch.untilRevision(last))
                    .containsExactly("ADDED a", "ADDED b", "MODIFIED a", "DELETED b", "ADDED c");
            assertThat(selected.untilRevision(last)).containsExactly("ADDED b", "ADDED a", "DELETED b", "ADDED c");
            assertThat(since.untilRevision(last)).containsExactly("MODIFIED a", "DELETED b", "ADDED c");
            assertThat(table.untilRevision(last)).hasSize(5);
            List<Seen> initial = list.until(Seen::endsInitialEvents);
            assertThat(initial.getLast().revision()).isEqualTo(then);
            assertThat(list.untilRevision(last)).containsExactly("MODIFIED a", "DELETED b", "ADDED c");
        }
    }
}
