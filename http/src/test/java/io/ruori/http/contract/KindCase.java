package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.contract.Api.Answer;
import io.ruori.kind.Kind;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** One kind with its sample on a running master, and the few moves all proofs are made of. */
record KindCase(Api api, Kind kind, Sample sample) {
    /** A label of the contract's own, in every object it makes. */
    static final String LABEL = "contract.ruori.io/of";

    /** Reconcilers and monitors write too; a conflict with one of them is no failure of the server. */
    private static final int ATTEMPTS = 20;

    boolean can(String verb) {
        return kind.verbs().contains(verb);
    }

    String namespace() {
        return Json.text(sample.object(), "metadata", "namespace");
    }

    String name() {
        return Json.text(sample.object(), "metadata", "name");
    }

    /** {@code deployments.apps}, as messages call it. */
    String qualified() {
        return kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
    }

    private String root() {
        return kind.group().isEmpty() ? "/api/" + kind.version() : "/apis/" + kind.apiVersion();
    }

    /** Over all namespaces. */
    String everywhere() {
        return root() + "/" + kind.plural();
    }

    String collection() {
        return kind.isNamespaced() ? root() + "/namespaces/" + namespace() + "/" + kind.plural() : everywhere();
    }

    String path() {
        return collection() + "/" + name();
    }

    /** The objects of one proof, as a query. */
    String mine() {
        return "labelSelector=" + LABEL + "%3D" + kind.plural();
    }

    /** The sample as a client would send it. */
    ObjectNode wanted() {
        ObjectNode wanted = sample.object().deepCopy();
        label(wanted, LABEL, kind.plural());
        return wanted;
    }

    static ObjectNode label(ObjectNode object, String name, String value) {
        Json.child(Json.child(object, "metadata"), "labels").put(name, value);
        return object;
    }

    ObjectNode created() {
        return api.post(collection(), wanted()).is(201).json();
    }

    ObjectNode live() {
        return api.get(path()).is(200).json();
    }

    /** Leaves nothing of what the proof made, so that the next begins afresh. */
    void clear() {
        if (!can("delete") || !can("list")) {
            return;
        }
        await(kind + " is gone")
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    JsonNode items =
                            api.get(collection() + "?" + mine()).is(200).json().path("items");
                    items.forEach(this::remove);
                    return items.isEmpty();
                });
    }

    private void remove(JsonNode object) {
        String path = collection() + "/" + Json.text(object, "metadata", "name");
        if (!object.path("metadata").path("finalizers").isEmpty()) {
            ObjectNode none = Json.object();
            none.putObject("metadata").putNull("finalizers");
            api.patch(path, Api.MERGE_PATCH, none);
        }
        Answer answer = api.delete(path + "?gracePeriodSeconds=0");
        assertThat(answer.code()).as(answer.text()).isIn(200, 202, 404, 409);
    }

    /** Reads, edits and writes back, as often as somebody else is quicker. */
    Answer update(String subresource, UnaryOperator<ObjectNode> edit, Consumer<ObjectNode> before) {
        for (int i = 0; ; i++) {
            ObjectNode live = live();
            Answer answer = api.put(path() + subresource, edit.apply(live.deepCopy()));
            if (answer.code() != 409 || i == ATTEMPTS) {
                before.accept(live);
                return answer;
            }
        }
    }

    void isGone() {
        await(path() + " is gone")
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> api.get(path()).code() == 404);
    }

    static long revision(JsonNode object) {
        return Long.parseLong(Json.text(object, "metadata", "resourceVersion"));
    }

    static long generation(JsonNode object) {
        return object.path("metadata").path("generation").asLong();
    }
}
