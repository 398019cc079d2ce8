package io.ruori.http.contract;

import static io.ruori.http.contract.KindCase.label;
import static io.ruori.http.contract.KindCase.revision;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.contract.Api.Answer;
import io.ruori.kind.Kind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What a watcher sees of an object's life. */
final class WatchingProofs {
    private static final String INITIAL =
            "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
                    + "&timeoutSeconds=10&";
    private static final String END = "k8s.io/initial-events-end";

    private static final List<Proof> EVERY = List.of(
            Proof.of("watch", WatchingProofs::life),
            Proof.of("watch with a selector sees objects come and go", WatchingProofs::transitions)
                    .where(kind -> kind.can("patch")),
            Proof.of("watch with initial events", WatchingProofs::initialEvents),
            Proof.of("watch as Table", WatchingProofs::table),
            Proof.of("watch as metadata", WatchingProofs::partial),
            Proof.of("watch in protobuf", WatchingProofs::protobuf).where(EncodingProofs::hasProtobuf));

    static final List<Proof> ALL =
            EVERY.stream().map(proof -> proof.where(kind -> kind.can("watch"))).toList();

    private WatchingProofs() {}

    private static void life(KindCase kind) {
        long start = revision(kind.api().get(kind.collection()).is(200).json());
        try (Watch watch = kind.api()
                .watch(
                        kind.collection() + "?watch=true&timeoutSeconds=10&resourceVersion=" + start + "&"
                                + kind.mine(),
                        Api.JSON)) {
            ObjectNode created = kind.created();
            kind.update("", live -> label(live, "step", "two"), old -> {}).is(200);
            kind.api().delete(kind.path()).is(200);
            List<ObjectNode> events = watch.until(Watch.is("DELETED"));
            assertThat(Watch.type(events.getFirst())).isEqualTo("ADDED");
            assertThat(events.getFirst().path("object"))
                    .as("the watcher gets what the writer got")
                    .isEqualTo(created);
            assertThat(events)
                    .anyMatch(event -> Watch.type(event).equals("MODIFIED")
                            && Json.text(event, "object", "metadata", "labels", "step")
                                    .equals("two"));
            long last = start;
            for (ObjectNode event : events) {
                assertThat(Watch.revision(event)).as("revisions increase").isGreaterThan(last);
                last = Watch.revision(event);
            }
            boolean waited = events.stream().anyMatch(event -> Watch.type(event).equals("MODIFIED") && isEnding(event));
            assertThat(isEnding(events.getLast()))
                    .as("only what waited for its end, or might have, shows when it was to be")
                    .isEqualTo(waited || kind.kind().rules().isDeletedGracefully());
        }
    }

    private static boolean isEnding(ObjectNode event) {
        return !Json.text(event, "object", "metadata", "deletionTimestamp").isEmpty();
    }

    private static void transitions(KindCase kind) {
        long start = revision(kind.created());
        try (Watch watch = kind.api()
                .watch(
                        kind.collection() + "?watch=true&timeoutSeconds=10&resourceVersion=" + start
                                + "&labelSelector=step%3Dseen",
                        Api.JSON)) {
            kind.api()
                    .patch(kind.path(), Api.MERGE_PATCH, label(Json.object(), "step", "seen"))
                    .is(200);
            kind.api()
                    .patch(kind.path(), Api.MERGE_PATCH, label(Json.object(), "step", "hidden"))
                    .is(200);
            List<ObjectNode> events = watch.until(Watch.is("DELETED"));
            assertThat(Watch.type(events.getFirst())).isEqualTo("ADDED");
            assertThat(Json.text(events.getLast(), "object", "metadata", "labels", "step"))
                    .as("leaving shows the last state that matched")
                    .isEqualTo("seen");
            assertThat(Watch.revision(events.getLast())).isGreaterThan(Watch.revision(events.getFirst()));
        }
    }

    private static boolean isEnd(ObjectNode event) {
        return Watch.type(event).equals("BOOKMARK")
                && Json.text(event, "object", "metadata", "annotations", END).equals("true");
    }

    private static void initialEvents(KindCase kind) {
        long created = revision(kind.created());
        try (Watch watch = kind.api().watch(kind.collection() + "?" + INITIAL + kind.mine(), Api.JSON)) {
            List<ObjectNode> events = watch.until(WatchingProofs::isEnd);
            assertThat(events.stream().map(Watch::type)).containsExactly("ADDED", "BOOKMARK");
            assertThat(Watch.revision(events.getLast())).isGreaterThanOrEqualTo(created);
            assertThat(Json.text(events.getLast(), "object", "kind"))
                    .isEqualTo(kind.kind().kind());
        }
    }

    private static void table(KindCase kind) {
        kind.created();
        try (Watch watch = kind.api().watch(kind.collection() + "?" + INITIAL + kind.mine(), Api.TABLE)) {
            List<ObjectNode> events = watch.until(Watch.is("BOOKMARK"));
            ObjectNode added = events.getFirst();
            assertThat(Json.text(added, "object", "kind")).isEqualTo("Table");
            assertThat(added.path("object").path("columnDefinitions")).isNotEmpty();
            assertThat(added.path("object").path("rows")).hasSize(1);
        }
    }

    private static void partial(KindCase kind) {
        kind.created();
        try (Watch watch = kind.api().watch(kind.collection() + "?" + INITIAL + kind.mine(), Api.PARTIAL)) {
            List<ObjectNode> events = watch.until(Watch.is("BOOKMARK"));
            for (ObjectNode event : events) {
                assertThat(Json.text(event, "object", "kind")).isEqualTo("PartialObjectMetadata");
            }
            assertThat(events.getFirst().path("object").has("spec")).isFalse();
        }
    }

    private static void protobuf(KindCase kind) {
        ObjectNode created = kind.created();
        try (Watch watch = kind.api().watch(kind.collection() + "?" + INITIAL + kind.mine(), Api.PROTOBUF)) {
            List<ObjectNode> events = watch.framesUntil(Watch.is("BOOKMARK"));
            assertThat(Json.text(events.getFirst(), "object", "metadata", "uid"))
                    .isEqualTo(Json.text(created, "metadata", "uid"));
        }
    }

    /** Started for all kinds at once, since each takes its second. */
    static final class Bookmarks {
        private final Api api;
        private final Map<Kind, CompletableFuture<Answer>> running = new ConcurrentHashMap<>();

        Bookmarks(Api api) {
            this.api = api;
        }

        void start(Kind kind) {
            KindCase all = new KindCase(api, kind, new Sample(Json.object(), Json.object()));
            running.put(kind, api.later(all.everywhere() + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=1"));
        }

        void shown(Kind kind) {
            String text = running.get(kind).join().is(200).text().strip();
            ObjectNode last = Json.read(text.substring(text.lastIndexOf('\n') + 1));
            assertThat(Watch.type(last)).isEqualTo("BOOKMARK");
            assertThat(Watch.revision(last)).isPositive();
            assertThat(Json.text(last, "object", "kind")).isEqualTo(kind.kind());
            assertThat(Json.text(last, "object", "apiVersion")).isEqualTo(kind.apiVersion());
        }
    }
}
