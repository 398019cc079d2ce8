package io.ruori.http.contract;

import static io.ruori.http.contract.KindCase.revision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.kind.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Get, list and what selectors select. */
final class ReadingProofs {
    static final List<Proof> ALL = List.of(
            Proof.of("get", ReadingProofs::get),
            Proof.ofAny("get of what is not there", ReadingProofs::missing).where(kind -> kind.can("get")),
            Proof.of("list", ReadingProofs::list).where(kind -> kind.can("list")),
            Proof.ofAny("list is empty", ReadingProofs::emptyList).where(kind -> kind.can("list")),
            Proof.of("list in chunks", ReadingProofs::chunks)
                    .where(kind -> kind.can("list") && kind.name().equals(Sample.NAME)),
            Proof.of("label selectors", ReadingProofs::labels).where(kind -> kind.can("list")),
            Proof.of("field selectors", ReadingProofs::fields).where(kind -> kind.can("list")));

    private ReadingProofs() {}

    private static void get(KindCase kind) {
        ObjectNode created = kind.created();
        ObjectNode read = kind.live();
        assertThat(Json.text(read, "metadata", "uid")).isEqualTo(Json.text(created, "metadata", "uid"));
        assertThat(revision(read)).isGreaterThanOrEqualTo(revision(created));
        assertThat(Json.text(read, "apiVersion")).isEqualTo(kind.kind().apiVersion());
        assertThat(Json.text(read, "kind")).isEqualTo(kind.kind().kind());
        kind.api().get(kind.path() + "?resourceVersion=0").is(200);
        kind.api().get(kind.path() + "?resourceVersion=" + revision(created)).is(200);
    }

    private static void missing(KindCase kind) {
        ObjectNode status = kind.api().get(kind.collection() + "/nobody").failed(404, "NotFound");
        assertThat(Json.text(status, "message")).isEqualTo(kind.qualified() + " \"nobody\" not found");
        assertThat(Json.text(status, "details", "name")).isEqualTo("nobody");
        assertThat(Json.text(status, "details", "kind")).isEqualTo(kind.kind().plural());
        assertThat(Json.text(status, "details", "group")).isEqualTo(kind.kind().group());
    }

    private static void list(KindCase kind) {
        ObjectNode created = kind.created();
        for (String path : List.of(kind.collection(), kind.everywhere())) {
            ObjectNode list = kind.api().get(path).is(200).json();
            assertThat(Json.text(list, "kind")).isEqualTo(kind.kind().kind() + "List");
            assertThat(Json.text(list, "apiVersion")).isEqualTo(kind.kind().apiVersion());
            assertThat(revision(list)).isGreaterThanOrEqualTo(revision(created));
            assertThat(uids(list)).contains(Json.text(created, "metadata", "uid"));
        }
    }

    private static void emptyList(KindCase kind) {
        ObjectNode list =
                kind.api().get(kind.collection() + "?" + kind.mine()).is(200).json();
        assertThat(list.path("items").isArray())
                .as("an empty list is [], not null")
                .isTrue();
        assertThat(list.path("items")).isEmpty();
    }

    private static void chunks(KindCase kind) {
        List<String> wanted = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            ObjectNode one = kind.wanted();
            Json.child(one, "metadata").put("name", "sample-" + i);
            wanted.add(Json.text(kind.api().post(kind.collection(), one).is(201).json(), "metadata", "uid"));
        }
        String query = kind.collection() + "?limit=2&" + kind.mine();
        ObjectNode first = kind.api().get(query).is(200).json();
        assertThat(first.path("items")).hasSize(2);
        String token = Json.text(first, "metadata", "continue");
        ObjectNode second =
                kind.api().get(query + "&continue=" + encoded(token)).is(200).json();
        assertThat(second.path("metadata").has("continue")).isFalse();
        assertThat(revision(second)).as("both pages are of one moment").isEqualTo(revision(first));
        List<String> seen = uids(first);
        seen.addAll(uids(second));
        assertThat(seen).containsExactlyElementsOf(wanted);
        kind.api().get(query + "&continue=forged").failed(400, "BadRequest");
    }

    private static void labels(KindCase kind) {
        ObjectNode created = kind.created();
        String uid = Json.text(created, "metadata", "uid");
        String label = KindCase.LABEL;
        String mine = kind.kind().plural();
        for (String selector : List.of(
                label,
                label + "=" + mine,
                label + "==" + mine,
                label + " in (" + mine + ",x)",
                label + "!=x",
                label + " notin (x)")) {
            assertThat(uids(selected(kind, "labelSelector", selector)))
                    .as(selector)
                    .contains(uid);
        }
        for (String selector :
                List.of("!" + label, label + "=x", label + "!=" + mine, label + " notin (" + mine + ")")) {
            assertThat(uids(selected(kind, "labelSelector", selector)))
                    .as(selector)
                    .doesNotContain(uid);
        }
        kind.api().get(kind.collection() + "?labelSelector=a%3D%3D%3Db").failed(400, "BadRequest");
    }

    private static void fields(KindCase kind) {
        kind.created();
        await("the fields of a settled object")
                .atMost(Duration.ofSeconds(5))
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> {
                    ObjectNode live = kind.live();
                    selects(kind, live, "metadata.name", kind.name());
                    if (kind.kind().isNamespaced()) {
                        selects(kind, live, "metadata.namespace", kind.namespace());
                    }
                    Kind stored = kind.kind().stored();
                    Map<String, String> values = stored.load(
                                    Json.write(kind.kind().toStored(live.deepCopy())))
                            .fields();
                    for (String field : kind.kind().selectableFields()) {
                        selects(
                                kind,
                                live,
                                field,
                                values.getOrDefault(kind.kind().storedField(field), ""));
                    }
                });
        ObjectNode status = kind.api()
                .get(kind.collection() + "?fieldSelector=nonsense%3D1")
                .failed(400, "BadRequest");
        assertThat(Json.text(status, "message")).contains("nonsense");
    }

    private static void selects(KindCase kind, JsonNode object, String field, String value) {
        String uid = Json.text(object, "metadata", "uid");
        String escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
        assertThat(uids(selected(kind, "fieldSelector", field + "=" + escaped)))
                .as("%s=%s", field, value)
                .contains(uid);
        assertThat(uids(selected(kind, "fieldSelector", field + "!=" + escaped)))
                .as("%s!=%s", field, value)
                .doesNotContain(uid);
        assertThat(uids(selected(kind, "fieldSelector", field + "=other")))
                .as("%s=other", field)
                .doesNotContain(uid);
    }

    private static ObjectNode selected(KindCase kind, String parameter, String selector) {
        return kind.api()
                .get(kind.everywhere() + "?" + parameter + "=" + encoded(selector))
                .is(200)
                .json();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static List<String> uids(JsonNode list) {
        List<String> uids = new ArrayList<>();
        list.path("items").forEach(item -> uids.add(Json.text(item, "metadata", "uid")));
        return uids;
    }
}
