package io.ruori.http.past;

import static io.ruori.http.past.OneMaster.PARTIAL;
import static io.ruori.http.past.OneMaster.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.past.OneMaster.Answer;
import io.ruori.http.past.Watching.Seen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves what clients rely on when they read: versions, lists, chunks, watches and their ends, as upstream answers them. */
final class ReadsTest {
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

    // ---- versions

    @Test
    void revisionsGrowWithEveryWriteAndAListCarriesThatOfItsSnapshot() {
        String ns = master.namespace("growing");
        long a = master.create(ns, "a", "x", "1");
        long b = master.create(ns, "b", "x", "1");
        long changed = master.change(ns, "a", "x", "2");
        assertThat(List.of(a, b, changed)).isSorted().doesNotHaveDuplicates();
        assertThat(master.get(ns + "/secrets").is(200).revision()).isGreaterThanOrEqualTo(changed);
    }

    @Test
    void aCreateMayNotSayItsRevision() {
        String ns = master.namespace("saying");
        master.post(ns + "/secrets", "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"7\"}}")
                .is(400);
    }

    @Test
    void aGetTakesAnyRevisionThatHasHappened() {
        String ns = master.namespace("getting");
        long made = master.create(ns, "a", "x", "1");
        long changed = master.change(ns, "a", "x", "2");
        String path = ns + "/secrets/a";
        assertThat(master.get(path).is(200).revision()).isEqualTo(changed);
        assertThat(master.get(path + "?resourceVersion=0").is(200).revision()).isBetween(made, changed);
        assertThat(master.get(path + "?resourceVersion=" + made).is(200).revision())
                .isEqualTo(changed);
        master.get(path + "?resourceVersion=newest").is(400);
    }

    @Test
    void aRevisionOfTheFutureIsWaitedForAndThenRefused() {
        String ns = master.namespace("future");
        long made = master.create(ns, "a", "x", "1");
        long ahead = made + Duration.ofMinutes(10).toMillis() * (1L << 22);
        for (String path : List.of(
                ns + "/secrets/a?resourceVersion=" + ahead,
                ns + "/secrets?resourceVersion=" + ahead,
                ns + "/secrets?resourceVersionMatch=Exact&resourceVersion=" + ahead)) {
            long asked = System.nanoTime();
            ObjectNode status = master.get(path).is(504).json();
            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(10));
            assertThat(Json.text(status, "reason")).isEqualTo("Timeout");
            assertThat(Json.text(status, "message")).startsWith("Too large resource version: " + ahead + ", current: ");
            assertThat(status.path("details").path("retryAfterSeconds").asInt()).isEqualTo(1);
            assertThat(Json.text(status.path("details").path("causes").path(0), "reason"))
                    .isEqualTo("ResourceVersionTooLarge");
        }
        try (Watching watch = master.watch(ns + "/secrets?watch=true&resourceVersion=" + ahead)) {
            Seen error = watch.all().getFirst();
            assertThat(error.type()).isEqualTo("ERROR");
            assertThat(error.object().path("code").asInt()).isEqualTo(504);
        }
    }

    // ---- lists

    @Test
    void exactlyThatRevisionHoweverOld() {
        String ns = master.namespace("exact");
        long one = master.create(ns, "a", "x", "1");
        long two = master.create(ns, "b", "x", "1");
        long three = master.change(ns, "a", "y", "2");
        master.delete(ns + "/secrets/b").is(200);
        String exactly = ns + "/secrets?resourceVersionMatch=Exact&resourceVersion=";
        assertThat(master.get(exactly + one).is(200).names()).containsExactly("a");
        Answer both = master.get(exactly + two).is(200);
        assertThat(both.names()).containsExactly("a", "b");
        assertThat(both.revision()).isEqualTo(two);
        assertThat(master.get(exactly + three + "&labelSelector=tier%3Dy").names())
                .containsExactly("a");
        assertThat(master.get(exactly + three + "&fieldSelector=metadata.name%3Db")
                        .names())
                .containsExactly("b");
        // A limit without a match has always meant exactly that revision, too.
        Answer page = master.get(ns + "/secrets?limit=1&resourceVersion=" + two);
        assertThat(page.revision()).isEqualTo(two);
        assertThat(page.names()).containsExactly("a");
    }

    @Test
    void notOlderThanIsThePresentOrNewer() {
        String ns = master.namespace("newer");
        long one = master.create(ns, "a", "x", "1");
        master.create(ns, "b", "x", "1");
        for (String match : List.of("", "&resourceVersionMatch=NotOlderThan")) {
            Answer list =
                    master.get(ns + "/secrets?resourceVersion=" + one + match).is(200);
            assertThat(list.revision()).isGreaterThanOrEqualTo(one);
            assertThat(list.names()).contains("a");
        }
        assertThat(master.get(ns + "/secrets?resourceVersion=0").is(200).revision())
                .isPositive();
    }

    @Test
    void whatIsAtHandComesWhole() {
        String ns = master.namespace("athand");
        master.create(ns, "a", "x", "1");
        master.create(ns, "b", "x", "1");
        master.get(ns + "/secrets").is(200);
        assertThat(master.get(ns + "/secrets?resourceVersion=0&limit=1").names())
                .containsExactly("a", "b");
    }

    @Test
    void optionsThatDoNotFitTogetherAreAllNamed() {
        String list = "/api/v1/secrets?";
        refused(list + "resourceVersionMatch=Exact", "resourceVersionMatch is forbidden unless resourceVersion is");
        refused(
                list + "resourceVersionMatch=Newest&resourceVersion=5",
                "Unsupported value: \"Newest\": supported values: \"Exact\", \"NotOlderThan\", \"\"");
        refused(
                list + "resourceVersionMatch=Exact&resourceVersion=0",
                "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        refused(
                list + "resourceVersionMatch=Exact&resourceVersion=5&continue=abc",
                "resourceVersionMatch is forbidden when continue is provided");
        refused(list + "sendInitialEvents=true", "sendInitialEvents is forbidden for list");
        refused(
                list + "watch=true&sendInitialEvents=true",
                "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        refused(
                list + "watch=true&resourceVersionMatch=NotOlderThan&resourceVersion=5",
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        ObjectNode both = master.get(list + "sendInitialEvents=true&resourceVersionMatch=Nearly")
                .is(422)
                .json();
        assertThat(both.path("details").path("causes")).hasSize(3);
        assertThat(Json.text(both, "details", "kind")).isEqualTo("ListOptions");
    }

    private static void refused(String path, String words) {
        assertThat(master.get(path).is(422).text("message")).contains(words);
    }

    // ---- chunks

    @Test
    void pagesAreOfOneSnapshotAndSayHowManyRemain() {
        String ns = master.namespace("pages");
        for (String name : List.of("a", "b", "c", "d", "e")) {
            master.create(ns, name, "x", "1");
        }
        Answer first = master.get(ns + "/secrets?limit=2").is(200);
        assertThat(first.names()).containsExactly("a", "b");
        assertThat(first.json().path("metadata").path("remainingItemCount").asInt())
                .isEqualTo(3);
        master.delete(ns + "/secrets/d").is(200);
        master.create(ns, "bb", "x", "1");
        Answer second = next(ns, first, 2);
        assertThat(second.names()).containsExactly("c", "d");
        assertThat(second.revision()).isEqualTo(first.revision());
        assertThat(second.json().path("metadata").path("remainingItemCount").asInt())
                .isEqualTo(1);
        Answer third = next(ns, second, 2);
        assertThat(third.names()).containsExactly("e");
        assertThat(third.revision()).isEqualTo(first.revision());
        assertThat(third.json().path("metadata").has("continue")).isFalse();
        assertThat(third.json().path("metadata").has("remainingItemCount")).isFalse();
    }

    @Test
    void withSelectorsNobodyCountsTheRest() {
        String ns = master.namespace("selected");
        for (String name : List.of("a", "b", "c")) {
            master.create(ns, name, name.equals("b") ? "y" : "x", "1");
        }
        Answer first = master.get(ns + "/secrets?limit=1&labelSelector=tier%3Dx");
        assertThat(first.json().path("metadata").has("remainingItemCount")).isFalse();
        assertThat(master.get(ns + "/secrets?limit=1&labelSelector=tier%3Dx&continue="
                                + first.text("metadata", "continue"))
                        .names())
                .containsExactly("c");
    }

    private static Answer next(String ns, Answer page, int limit) {
        return master.get(ns + "/secrets?limit=" + limit + "&continue=" + page.text("metadata", "continue"))
                .is(200);
    }

    @Test
    void aListGoesOnFromTheJournalHoweverManyWerePagedMeanwhile() {
        String ns = master.namespace("forgotten");
        for (String name : List.of("a", "b", "c")) {
            master.create(ns, name, "x", "1");
        }
        Answer first = master.get(ns + "/secrets?limit=1").is(200);
        master.delete(ns + "/secrets/b").is(200);
        for (int i = 0; i < 200; i++) {
            master.change(ns, "a", "x", "" + i);
            master.get(ns + "/secrets?limit=1").is(200);
        }
        Answer rest = next(ns, first, 1);
        assertThat(rest.names()).containsExactly("b");
        assertThat(rest.revision()).isEqualTo(first.revision());
        assertThat(rest.json().path("metadata").path("remainingItemCount").asInt())
                .isEqualTo(1);
    }

    @Test
    void aTokenFromBeforeTheJournalIsExpiredAndOffersToGoOnInThePresent() {
        String ns = master.namespace("expired");
        for (String name : List.of("a", "b", "c")) {
            master.create(ns, name, "x", "1");
        }
        String old = token("{\"v\":\"ruori/v1\",\"rv\":5,\"ns\":\"expired\",\"name\":\"a\"}");
        Answer refused = master.get(ns + "/secrets?limit=1&continue=" + old).is(410);
        assertThat(refused.text("reason")).isEqualTo("Expired");
        assertThat(refused.text("message"))
                .startsWith("The provided continue parameter is too old to display a consistent");
        Answer inconsistent = next(ns, refused, 10);
        assertThat(inconsistent.names()).containsExactly("b", "c");
        master.get(ns + "/secrets?resourceVersionMatch=Exact&resourceVersion=5").is(410);
    }

    @Test
    void forgedTokensAreRefused() {
        for (String forged : List.of(
                "nonsense",
                token("{}"),
                token("{\"v\":\"ruori/v1\",\"rv\":-1,\"ns\":\"\",\"name\":\"a\"}"),
                token("{\"v\":\"meta.k8s.io/v1\",\"rv\":5,\"start\":\"a\"}"))) {
            assertThat(master.get("/api/v1/secrets?continue=" + forged).is(400).text("message"))
                    .contains("continue key is not valid");
        }
        String valid = token("{\"v\":\"ruori/v1\",\"rv\":5,\"ns\":\"\",\"name\":\"a\"}");
        master.get("/api/v1/secrets?resourceVersion=7&continue=" + valid).is(400);
    }

    private static String token(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    // ---- watches

    @Test
    void aWatchWithoutARevisionBeginsWithTheState() {
        String ns = master.namespace("synthetic");
        master.create(ns, "a", "x", "1");
        for (String from : List.of("", "&resourceVersion=0")) {
            try (Watching watch = master.watch(ns + "/secrets?watch=true&timeoutSeconds=20" + from)) {
                assertThat(watch.until(seen -> true).getFirst().brief()).isEqualTo("ADDED a");
            }
        }
        long made = master.get(ns + "/secrets/a").revision();
        long changed = master.change(ns, "a", "x", "2");
        try (Watching watch = master.watch(ns + "/secrets?watch=1&timeoutSeconds=20&resourceVersion=" + made)) {
            assertThat(watch.untilRevision(changed)).containsExactly("MODIFIED a");
        }
    }

    @Test
    void aWatchFromBeforeTheJournalEndsWithAnErrorEvent() {
        try (Watching watch = master.watch("/api/v1/secrets?watch=true&timeoutSeconds=20&resourceVersion=1")) {
            List<Seen> all = watch.all();
            assertThat(all).hasSize(1);
            assertThat(all.getFirst().type()).isEqualTo("ERROR");
            assertThat(Json.text(all.getFirst().object(), "reason")).isEqualTo("Expired");
            assertThat(all.getFirst().object().path("code").asInt()).isEqualTo(410);
            assertThat(Json.text(all.getFirst().object(), "message")).startsWith("too old resource version: 1 (");
        }
    }

    @Test
    void watchesOfOneObjectAndTheDeprecatedPaths() {
        String ns = master.namespace("single");
        long made = master.create(ns, "a", "x", "1");
        master.create(ns, "b", "x", "1");
        long changed = master.change(ns, "a", "x", "2");
        String deprecated = "/api/v1/watch/namespaces/single/secrets";
        for (String path : List.of(ns + "/secrets?watch=true&fieldSelector=metadata.name%3Da&", deprecated + "/a?")) {
            try (Watching watch = master.watch(path + "timeoutSeconds=20&resourceVersion=" + made)) {
                assertThat(watch.untilRevision(changed)).containsExactly("MODIFIED a");
            }
        }
        for (String path : List.of(deprecated + "?", "/api/v1/watch/secrets?")) {
            try (Watching watch = master.watch(path + "timeoutSeconds=20&resourceVersion=" + made)) {
                assertThat(watch.untilRevision(changed)).contains("ADDED b", "MODIFIED a");
            }
        }
    }

    @Test
    void enteringASelectionIsAddedAndLeavingItDeleted() {
        String ns = master.namespace("moving");
        long start = master.create(ns, "a", "x", "1");
        List<Long> revisions = new ArrayList<>();
        revisions.add(master.change(ns, "a", "y", "2"));
        revisions.add(master.change(ns, "a", "y", "3"));
        revisions.add(master.change(ns, "a", "x", "4"));
        revisions.add(master.change(ns, "a", "y", "5"));
        master.delete(ns + "/secrets/a").is(200);
        try (Watching watch = master.watch(
                ns + "/secrets?watch=true&timeoutSeconds=20&labelSelector=tier%3Dy" + "&resourceVersion=" + start)) {
            List<Seen> seen = watch.until(event -> event.revision() > revisions.getLast());
            assertThat(seen.stream().map(Seen::type))
                    .containsExactly("ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED");
            assertThat(seen.stream().limit(4).map(Seen::revision)).containsExactlyElementsOf(revisions);
            Seen left = seen.get(2);
            assertThat(Json.text(left.object(), "metadata", "labels", "tier")).isEqualTo("y");
            assertThat(Json.text(left.object(), "data", "v")).isEqualTo("Mw==");
        }
    }

    @Test
    void aWatchListIsTheStateABookmarkAndWhatFollows() {
        String ns = master.namespace("streaming");
        master.create(ns, "a", "x", "1");
        long last = master.create(ns, "b", "x", "1");
        String path = ns + "/secrets?watch=true&timeoutSeconds=20&sendInitialEvents=true"
                + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
        for (String from : List.of("", "&resourceVersion=0", "&resourceVersion=" + last)) {
            try (Watching watch = master.watch(path + from)) {
                List<Seen> initial = watch.until(Seen::endsInitialEvents);
                assertThat(initial.stream().map(Seen::brief)).containsExactly("ADDED a", "ADDED b", "BOOKMARK");
                Seen end = initial.getLast();
                assertThat(end.revision()).isGreaterThanOrEqualTo(last);
                assertThat(Json.text(end.object(), "kind")).isEqualTo("Secret");
                assertThat(Json.text(end.object(), "apiVersion")).isEqualTo("v1");
                long changed = master.change(ns, "a", "x", from);
                assertThat(watch.untilRevision(changed)).containsExactly("MODIFIED a");
            }
        }
    }

    @Test
    void withoutInitialEventsAWatchBeginsWithWhatFollows() {
        String ns = master.namespace("noinitial");
        long made = master.create(ns, "a", "x", "1");
        String path = ns + "/secrets?watch=true&timeoutSeconds=20&sendInitialEvents=false"
                + "&resourceVersionMatch=NotOlderThan";
        try (Watching now = master.watch(path);
                Watching since = master.watch(path + "&resourceVersion=" + made)) {
            long changed = master.change(ns, "a", "x", "2");
            assertThat(now.untilRevision(changed)).containsExactly("MODIFIED a");
            assertThat(since.untilRevision(changed)).containsExactly("MODIFIED a");
        }
    }

    @Test
    void aWatchThatEndsSaysHowFarItCame() {
        String ns = master.namespace("ending");
        long made = master.create(ns, "a", "x", "1");
        String path = ns + "/secrets?watch=true&timeoutSeconds=1&resourceVersion=" + made;
        try (Watching plain = master.watch(path);
                Watching booked = master.watch(path + "&allowWatchBookmarks=true")) {
            assertThat(plain.all()).isEmpty();
            List<Seen> seen = booked.all();
            assertThat(seen.stream().map(Seen::type)).containsExactly("BOOKMARK");
            Seen bookmark = seen.getFirst();
            assertThat(bookmark.revision()).isGreaterThanOrEqualTo(made);
            assertThat(bookmark.object().path("metadata")).hasSize(1);
            try (Watching resumed =
                    master.watch(ns + "/secrets?watch=true&timeoutSeconds=20&resourceVersion=" + bookmark.revision())) {
                long changed = master.change(ns, "a", "x", "2");
                assertThat(resumed.untilRevision(changed)).containsExactly("MODIFIED a");
            }
        }
    }

    @Test
    void tablesHaveTheirColumnsOnceInAWatch() {
        String ns = master.namespace("tables");
        long made = master.create(ns, "a", "x", "1");
        ObjectNode list = master.get(ns + "/secrets", TABLE).is(200).json();
        assertThat(Json.text(list, "kind")).isEqualTo("Table");
        assertThat(list.path("columnDefinitions").size()).isPositive();
        master.change(ns, "a", "x", "2");
        long last = master.change(ns, "a", "x", "3");
        try (Watching watch =
                master.watch(ns + "/secrets?watch=true&timeoutSeconds=20&resourceVersion=" + made, TABLE)) {
            List<Seen> seen = watch.until(event -> event.revision() == last);
            assertThat(seen)
                    .hasSize(2)
                    .allMatch(event -> Json.text(event.object(), "kind").equals("Table"));
            assertThat(seen.get(0).object().path("columnDefinitions").size()).isPositive();
            assertThat(seen.get(1).object().path("columnDefinitions").size()).isZero();
            JsonNode row = seen.get(1).object().path("rows").path(0);
            assertThat(row.path("cells").path(0).asText()).isEqualTo("a");
            assertThat(Json.text(row.path("object"), "kind")).isEqualTo("PartialObjectMetadata");
        }
    }

    @Test
    void metadataAlone() {
        String ns = master.namespace("metadata");
        long made = master.create(ns, "a", "x", "1");
        long last = master.change(ns, "a", "x", "2");
        ObjectNode one = master.get(ns + "/secrets/a", PARTIAL).is(200).json();
        assertThat(Json.text(one, "kind")).isEqualTo("PartialObjectMetadata");
        assertThat(one.has("data")).isFalse();
        String asList = PARTIAL.replace("Metadata;", "MetadataList;");
        ObjectNode list = master.get(ns + "/secrets", asList).is(200).json();
        assertThat(Json.text(list, "kind")).isEqualTo("PartialObjectMetadataList");
        try (Watching watch =
                master.watch(ns + "/secrets?watch=true&timeoutSeconds=20&resourceVersion=" + made, PARTIAL)) {
            Seen seen = watch.until(event -> event.revision() == last).getLast();
            assertThat(Json.text(seen.object(), "kind")).isEqualTo("PartialObjectMetadata");
            assertThat(seen.object().has("data")).isFalse();
        }
    }
}
