package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** What comes with an owner that is not there goes at once, long before everything is looked through. */
final class OwnersTest extends OneMaster {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @Test
    void aDependentThatComesAfterItsOwnerWentGoesToo() {
        JsonNode owner = create(MAPS, map("early"));
        admin.delete(MAPS + "/early").is(200);
        create(MAPS, owned(map("late"), owner));
        soon(() -> admin.get(MAPS + "/late").is(404));
    }

    @Test
    void anotherOwnerOfTheSameNameIsNoOwner() {
        ObjectNode owner = create(MAPS, map("same")).deepCopy();
        Json.child(owner, "metadata").put("uid", "11111111-2222-3333-4444-555555555555");
        create(MAPS, owned(map("of-another"), owner));
        soon(() -> admin.get(MAPS + "/of-another").is(404));
        admin.get(MAPS + "/same").is(200);
    }

    @Test
    void aReferenceThatIsAddedLaterIsLookedAtToo() {
        JsonNode owner = create(MAPS, map("first"));
        ObjectNode gone = owner.deepCopy();
        Json.child(gone, "metadata").put("name", "never").put("uid", "22222222-2222-3333-4444-555555555555");
        create(MAPS, owned(map("two-owners"), owner));
        ObjectNode patch = Json.object();
        patch.set("metadata", owned(map("two-owners"), owner, gone).path("metadata"));
        admin.merge(MAPS + "/two-owners", patch).is(200);
        soon(() -> assertThat(Json.at(admin.get(MAPS + "/two-owners").is(200).json(), "metadata", "ownerReferences")
                        .findValuesAsText("name"))
                .containsExactly("first"));
    }

    @Test
    void anOwnerInAnotherNamespaceIsToldOfInAnEvent() throws IOException {
        master.namespace("elsewhere");
        JsonNode owner = create("/api/v1/namespaces/elsewhere/configmaps", map("owner"));
        JsonNode late = create(MAPS, owned(map("misled"), owner));
        soon(() -> admin.get(MAPS + "/misled").is(404));
        String events = "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name=misled";
        soon(() -> {
            JsonNode event = admin.get(events).is(200).json().path("items").path(0);
            assertThat(Json.text(event, "reason")).isEqualTo("OwnerRefInvalidNamespace");
            assertThat(Json.text(event, "type")).isEqualTo("Warning");
            assertThat(Json.text(event, "involvedObject", "uid")).isEqualTo(Json.text(late, "metadata", "uid"));
            assertThat(Json.text(event, "message"))
                    .isEqualTo("ownerRef [v1/ConfigMap, namespace: default, name: owner, uid: "
                            + Json.text(owner, "metadata", "uid") + "] does not exist in namespace \"default\"");
        });
    }

    /** A Pod on a node ends gracefully, so there is something to be seen of its end. */
    @Test
    void aReplacementIsThereBecauseOfTheDeletion() throws IOException {
        master.namespace("lost");
        ObjectNode set = Json.read("""
            {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web"},
             "spec":{"replicas":1,"selector":{"matchLabels":{"app":"web"}},
              "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);
        create("/apis/apps/v1/namespaces/lost/replicasets", set);
        String pods = "/api/v1/namespaces/lost/pods";
        soon(() -> assertThat(names(pods)).hasSize(1));
        String first = names(pods).getFirst();
        create(
                pods + "/" + first + "/binding",
                Json.read("{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\"" + first
                        + "\"},\"target\":{\"name\":\"nowhere\"}}"));
        admin.delete(pods + "/" + first).is(200);
        soon(() -> assertThat(names(pods)).anyMatch(name -> !name.equals(first)));
        String second = names(pods).stream()
                .filter(name -> !name.equals(first))
                .findFirst()
                .orElseThrow();
        JsonNode chain = admin.get("/apis/history.ruori.io/v1/namespaces/lost/histories/pods:" + second + "/why")
                .is(200)
                .json()
                .path("chain");
        List<String> steps = new ArrayList<>();
        chain.forEach(step -> steps.add(
                Json.text(step, "event") + " " + Json.text(step, "object", "name") + " by " + Json.text(step, "user")));
        String controller = " by system:serviceaccount:kube-system:replicaset-controller";
        assertThat(steps)
                .endsWith(
                        "updated " + first + " by kubernetes-admin",
                        "updated web" + controller,
                        "created " + second + controller);
    }

    private static List<String> names(String path) {
        List<String> names = new ArrayList<>();
        admin.get(path).is(200).json().path("items").forEach(item -> names.add(Json.text(item, "metadata", "name")));
        return names;
    }

    // ---- objects

    /** Well before the collector's next sweep. */
    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    private static JsonNode create(String path, ObjectNode body) {
        return admin.post(path, body).is(201).json();
    }

    private static ObjectNode map(String name) {
        ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("name", name);
        return map;
    }

    private static ObjectNode owned(ObjectNode map, JsonNode... owners) {
        ArrayNode references = Json.list(Json.child(map, "metadata"), "ownerReferences");
        for (JsonNode owner : owners) {
            references
                    .addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "ConfigMap")
                    .put("name", Json.text(owner, "metadata", "name"))
                    .put("uid", Json.text(owner, "metadata", "uid"));
        }
        return map;
    }
}
