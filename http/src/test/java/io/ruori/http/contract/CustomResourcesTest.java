package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.codec.YamlCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind that a client describes lives as a built-in one does, from its definition to its end, and over a restart. */
class CustomResourcesTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path data;

    @SuppressWarnings("NullAway.Init")
    private static TestMaster master;

    @BeforeAll
    static void start() throws IOException {
        master = TestMaster.start(data.resolve("data"));
    }

    @AfterAll
    static void stop() {
        master.close();
    }

    private static Api api() {
        return master.api();
    }

    private static ObjectNode yaml(String text) {
        return YamlCodec.read(text.getBytes(StandardCharsets.UTF_8)).tree();
    }

    /** A definition with one version; the schema of {@code spec} in flow style. */
    private static ObjectNode definition(String plural, String spec) {
        return yaml("""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: %1$s.test.example.com}
            spec:
              group: test.example.com
              scope: Namespaced
              names: {plural: %1$s, kind: %1$sKind}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: %2$s
                      status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """.formatted(plural, spec));
    }

    private static void establish(ObjectNode definition) {
        api().post(DEFINITIONS, definition).is(201);
        established(Json.text(definition, "metadata", "name"));
    }

    private static void established(String name) {
        await(name + " is established").atMost(Duration.ofSeconds(10)).until(() -> {
            JsonNode conditions =
                    Json.at(api().get(DEFINITIONS + "/" + name).is(200).json(), "status", "conditions");
            for (JsonNode condition : conditions) {
                if (Json.text(condition, "type").equals("Established")) {
                    return Json.text(condition, "status").equals("True");
                }
            }
            return false;
        });
    }

    private static String collection(String plural) {
        return "/apis/test.example.com/v1/namespaces/default/" + plural;
    }

    private static ObjectNode object(String plural, String name, String spec) {
        return yaml("""
            apiVersion: test.example.com/v1
            kind: %sKind
            metadata: {name: %s}
            spec: %s
            """.formatted(plural, name, spec));
    }

    @Test
    void whoSawItEstablishedCanUseItAtOnce() {
        establish(definition("lives", "{type: object, properties: {a: {type: integer, default: 3}}}"));
        ObjectNode made = api().post(collection("lives"), object("lives", "one", "{b: 1}"))
                .is(201)
                .json();
        assertThat(made.path("spec").toString()).isEqualTo("{\"a\":3}");
        assertThat(Json.number(made, 0, "metadata", "generation")).isEqualTo(1);
        assertThat(api().get("/apis").text()).contains("test.example.com/v1");
        assertThat(api().get("/apis/test.example.com/v1").text()).contains("\"livesKind\"", "lives/status");
        assertThat(api().get("/openapi/v3").text()).contains("apis/test.example.com/v1");
        assertThat(api().get("/openapi/v3/apis/test.example.com/v1").text()).contains("com.example.test.v1.livesKind");
        assertThat(api().get("/openapi/v2").text()).contains("com.example.test.v1.livesKindList");
        api().get(collection("lives"), Api.PROTOBUF).is(406);
        assertThat(api().get(collection("lives") + "/one", Api.TABLE).is(200).text())
                .contains("\"Name\"", "\"Age\"");
    }

    @Test
    void aStatusIsWrittenApartAndDoesNotCountAsAGeneration() {
        establish(definition("parted", "{type: object, properties: {a: {type: integer}}}"));
        api().post(collection("parted"), object("parted", "one", "{a: 1}")).is(201);
        ObjectNode patch = Json.read("{\"spec\":{\"a\":9},\"status\":{\"seen\":true}}");
        ObjectNode after = api().patch(collection("parted") + "/one/status", Api.MERGE_PATCH, patch)
                .is(200)
                .json();
        assertThat(after.path("spec").path("a").asInt()).isEqualTo(1);
        assertThat(after.path("status").path("seen").asBoolean()).isTrue();
        assertThat(Json.number(after, 0, "metadata", "generation")).isEqualTo(1);
        ObjectNode changed = api().patch(collection("parted") + "/one", Api.MERGE_PATCH, patch)
                .is(200)
                .json();
        assertThat(Json.number(changed, 0, "metadata", "generation")).isEqualTo(2);
        api().patch(collection("parted") + "/one", Api.STRATEGIC_PATCH, patch).is(415);
    }

    @Test
    void aNewDefaultShowsInOldObjects() {
        establish(definition("grown", "{type: object, properties: {a: {type: string}}}"));
        api().post(collection("grown"), object("grown", "old", "{a: x}")).is(201);
        ObjectNode wider = Json.read("""
            {"spec":{"versions":[{"name":"v1","served":true,"storage":true,"selectableFields":[{"jsonPath":".spec.a"}],
             "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
             "a":{"type":"string"},"b":{"type":"string","default":"y"}}}}}}}]}}\
            """);
        api().patch(DEFINITIONS + "/grown.test.example.com", Api.MERGE_PATCH, wider)
                .is(200);
        await("the default is there").atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            ObjectNode list = api().get(collection("grown")).is(200).json();
            assertThat(Json.text(list.path("items").path(0), "spec", "b")).isEqualTo("y");
            assertThat(api().get(collection("grown") + "?fieldSelector=spec.a%3Dx")
                            .is(200)
                            .json()
                            .path("items"))
                    .hasSize(1);
        });
    }

    @Test
    void severalVersionsAreOneObject() {
        ObjectNode definition = definition("doubled", "{type: object, properties: {a: {type: string}}}");
        ObjectNode second =
                ((ObjectNode) Json.at(definition, "spec", "versions").path(0)).deepCopy();
        second.put("name", "v2").put("storage", false);
        Json.list(Json.child(definition, "spec"), "versions").add(second);
        establish(definition);
        ObjectNode object = object("doubled", "one", "{a: x}").put("apiVersion", "test.example.com/v2");
        String inTwo = "/apis/test.example.com/v2/namespaces/default/doubled";
        ObjectNode made = api().post(inTwo, object).is(201).json();
        assertThat(Json.text(made, "apiVersion")).isEqualTo("test.example.com/v2");
        assertThat(Json.text(made.path("metadata").path("managedFields").path(0), "apiVersion"))
                .isEqualTo("test.example.com/v2");
        assertThat(Json.text(api().get(collection("doubled") + "/one").json(), "apiVersion"))
                .isEqualTo("test.example.com/v1");
        assertThat(Json.text(api().get("/apis/test.example.com").json(), "preferredVersion", "version"))
                .isEqualTo("v2");
        ObjectNode switched = Json.read("{\"spec\":{}}");
        JsonNode versions = Json.at(definition, "spec", "versions").deepCopy();
        ((ObjectNode) versions.path(0)).put("storage", false).put("served", false);
        ((ObjectNode) versions.path(1)).put("storage", true);
        Json.child(switched, "spec").set("versions", versions);
        ObjectNode after = api().patch(DEFINITIONS + "/doubled.test.example.com", Api.MERGE_PATCH, switched)
                .is(200)
                .json();
        assertThat(Json.at(after, "status", "storedVersions").toString()).isEqualTo("[\"v1\",\"v2\"]");
        await("the old version is gone")
                .atMost(Duration.ofSeconds(5))
                .until(() -> api().get(collection("doubled")).code() == 404);
        assertThat(Json.text(api().get(inTwo + "/one").is(200).json(), "apiVersion"))
                .isEqualTo("test.example.com/v2");
    }

    @Test
    void aNameThatIsTakenIsNotServedUntilItIsFree() {
        ObjectNode first = definition("firsts", "{type: object}");
        Json.list(Json.child(Json.child(first, "spec"), "names"), "shortNames").add("short");
        establish(first);
        ObjectNode second = definition("seconds", "{type: object}");
        Json.list(Json.child(Json.child(second, "spec"), "names"), "shortNames").add("short");
        api().post(DEFINITIONS, second).is(201);
        String path = DEFINITIONS + "/seconds.test.example.com";
        await("the conflict is told")
                .atMost(Duration.ofSeconds(5))
                .until(() -> api().get(path).text().contains("ShortNamesConflict"));
        assertThat(api().get(path).text()).contains("\\\"short\\\" is already in use");
        api().get(collection("seconds")).is(404);
        api().delete(DEFINITIONS + "/firsts.test.example.com").is(200);
        established("seconds.test.example.com");
        api().get(collection("seconds")).is(200);
    }

    @Test
    void theLastObjectGoesBeforeItsDefinition() {
        establish(definition("ended", "{type: object}"));
        ObjectNode held = object("ended", "one", "{}");
        Json.list(Json.child(held, "metadata"), "finalizers").add("test.example.com/held");
        api().post(collection("ended"), held).is(201);
        String path = DEFINITIONS + "/ended.test.example.com";
        ObjectNode going = api().delete(path).is(200).json();
        assertThat(Json.at(going, "metadata", "finalizers").toString())
                .isEqualTo("[\"customresourcecleanup.apiextensions.k8s.io\"]");
        await("its object is on its way out")
                .atMost(Duration.ofSeconds(5))
                .until(() -> api().get(collection("ended") + "/one").text().contains("deletionTimestamp"));
        api().post(collection("ended"), object("ended", "two", "{}")).is(405);
        api().get(path).is(200);
        api().patch(collection("ended") + "/one", Api.MERGE_PATCH, Json.read("{\"metadata\":{\"finalizers\":null}}"))
                .is(200);
        await("the definition is gone")
                .atMost(Duration.ofSeconds(10))
                .until(() -> api().get(path).code() == 404);
        api().get(collection("ended")).is(404);
        assertThat(api().get("/openapi/v3/apis/test.example.com/v1").text()).doesNotContain("endedKind");
    }

    @Test
    void whatWouldNotWorkIsRefused() {
        ObjectNode definition = definition("wrong", "{properties: {a: {type: nonsense, default: 1}}}");
        Json.child(definition, "metadata").put("name", "other.test.example.com");
        String message = Json.text(api().post(DEFINITIONS, definition).is(422).json(), "message");
        assertThat(message)
                .contains(
                        "metadata.name: Invalid value: \"other.test.example.com\": must be"
                                + " spec.names.plural+\".\"+spec.group",
                        "spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must not be"
                                + " empty for specified object fields",
                        "properties[a].type: Unsupported value: \"nonsense\"");
    }

    @Test
    void rulesAreAskedWithEveryWrite() {
        establish(definition("ruled", """
            {type: object, properties: {from: {type: integer}, to: {type: integer}, name: {type: string, maxLength: 3}},
             x-kubernetes-validations: [
              {rule: "self.from < self.to", messageExpression: "'from must be below %d'.format([self.to])"},
              {rule: "self.to >= oldSelf.to", message: to may only grow, reason: FieldValueForbidden, fieldPath: .to}]}\
            """));
        String message = refusal(api().post(collection("ruled"), object("ruled", "one", "{from: 3, to: 2}")));
        assertThat(message)
                .isEqualTo("ruledKind.test.example.com \"one\" is invalid: spec: Invalid value: from must be below 2");
        api().post(collection("ruled"), object("ruled", "one", "{from: 1, to: 5}"))
                .is(201);
        String one = collection("ruled") + "/one";
        Api.Answer fewer = api().patch(one, Api.MERGE_PATCH, Json.read("{\"spec\":{\"to\":4}}"));
        assertThat(refusal(fewer))
                .isEqualTo("ruledKind.test.example.com \"one\" is invalid: spec.to: Forbidden: to may only grow");
        api().patch(one, Api.MERGE_PATCH, Json.read("{\"spec\":{\"to\":6}}")).is(200);
        assertThat(refusal(api().post(collection("ruled"), object("ruled", "two", "{from: 3, to: 2, name: long}"))))
                .contains(
                        "spec.name: Too long: may not be more than 3 bytes",
                        "<nil>: Invalid value: null: some validation rules were not checked because the object was"
                                + " invalid; correct the existing errors to complete validation");
        Api.Answer wrong = api().post(DEFINITIONS, definition("mistaken", """
            {type: object, x-kubernetes-validations: [{rule: self.nothing == 1}]}\
            """));
        assertThat(refusal(wrong))
                .contains("spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule:"
                        + " Invalid value:")
                .contains("compilation failed: ERROR: <input>:1:5: undefined field 'nothing'");
    }

    /** Who watches must see a new schema; that the kind is on its way out is no reason to stop. */
    @Test
    void aChangedDefinitionEndsItsWatches() {
        establish(definition("watched", "{type: object, properties: {a: {type: integer}}}"));
        String path = DEFINITIONS + "/watched.test.example.com";
        try (Watch watch = api().watch(collection("watched") + "?watch=true&timeoutSeconds=60", Api.JSON)) {
            api().post(collection("watched"), object("watched", "one", "{a: 1}"))
                    .is(201);
            watch.until(Watch.is("ADDED"));
            api().patch(path, Api.MERGE_PATCH, Json.read("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"))
                    .is(200);
            api().patch(collection("watched") + "/one", Api.MERGE_PATCH, Json.read("{\"spec\":{\"a\":2}}"))
                    .is(200);
            watch.until(Watch.is("MODIFIED"));
            columns(path, "Changed");
            assertThat(watch.rest()).isEmpty();
        }
        assertThat(api().get(collection("watched")).is(200).json().path("items"))
                .hasSize(1);
        try (Watch watch = api().watch(collection("watched") + "?watch=true&timeoutSeconds=60", Api.JSON)) {
            watch.until(Watch.is("ADDED"));
            api().delete(path).is(200);
            watch.until(Watch.is("DELETED"));
            assertThat(watch.rest()).isEmpty();
        }
        api().get(collection("watched")).is(404);
    }

    /** Gives its only version a column, which is another kind to who watches. */
    private static void columns(String path, String name) {
        ObjectNode definition = api().get(path).is(200).json();
        ObjectNode version =
                (ObjectNode) Json.at(definition, "spec", "versions").path(0);
        Json.list(version, "additionalPrinterColumns")
                .removeAll()
                .addObject()
                .put("name", name)
                .put("type", "integer")
                .put("jsonPath", ".spec.a");
        api().put(path, definition).is(200);
    }

    /** Names are asked for, and accepted a moment later: neither is anything that a watcher would see. */
    @Test
    void aWatchOutlivesNamesThatItDoesNotShow() {
        establish(definition("called", "{type: object, properties: {a: {type: integer}}}"));
        String path = DEFINITIONS + "/called.test.example.com";
        try (Watch watch = api().watch(collection("called") + "?watch=true&timeoutSeconds=60", Api.JSON)) {
            ObjectNode names = Json.read("{\"spec\":{\"names\":{\"categories\":[\"all\"],\"shortNames\":[\"cld\"]}}}");
            api().patch(path, Api.MERGE_PATCH, names).is(200);
            await("the names are settled")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> Json.at(api().get(path).json(), "status", "acceptedNames")
                            .has("shortNames"));
            api().post(collection("called"), object("called", "one", "{a: 1}")).is(201);
            watch.until(Watch.is("ADDED"));
        }
        assertThat(api().get("/apis/test.example.com/v1").text()).contains("\"cld\"");
    }

    /** It knows the definition that was acknowledged before it began, so that change is no reason to end it. */
    @Test
    void aWatchBegunRightAfterAChangeGoesOn() {
        establish(definition("hurried", "{type: object, properties: {a: {type: integer}}}"));
        String path = DEFINITIONS + "/hurried.test.example.com";
        for (int i = 0; i < 40; i++) {
            int column = i;
            columns(path, "Column" + i);
            try (Watch watch = api().watch(
                            collection("hurried") + "?watch=true&timeoutSeconds=60&fieldSelector=metadata.name%3Dn" + i,
                            Api.TABLE)) {
                api().post(collection("hurried"), object("hurried", "n" + i, "{a: 1}"))
                        .is(201);
                watch.until(event -> event.toString().contains("\"Column" + column + "\""));
            }
        }
    }

    @Test
    void aDefaultMustBeWhatItsSchemaAccepts() {
        ObjectNode wrong = definition("filled", """
            {type: object, properties: {a: {type: integer, default: x}, b: {type: object, default: {c: 1}},
             d: {type: string, default: long, x-kubernetes-validations: [{rule: self.size() < 3, message: too long}]}}}\
            """);
        String spec = "spec.versions[0].schema.openAPIV3Schema.properties[spec].properties";
        assertThat(refusal(api().post(DEFINITIONS, wrong)))
                .contains(
                        spec + "[a].default: Invalid value: \"string\":  in body must be of type integer: \"string\"",
                        spec + "[b].default: Invalid value: {\"c\":1}: must not have unknown fields",
                        spec + "[d].default: Invalid value: \"long\": too long");
    }

    private static String refusal(Api.Answer response) {
        return Json.text(response.is(422).json(), "message");
    }

    @Test
    void everythingIsBackAfterARestart() throws IOException {
        establish(definition("kept", "{type: object, properties: {a: {type: string}}}"));
        api().post(collection("kept"), object("kept", "one", "{a: x}")).is(201);
        master.close();
        master = TestMaster.start(data.resolve("data"));
        assertThat(Json.text(api().get(collection("kept") + "/one").is(200).json(), "spec", "a"))
                .isEqualTo("x");
        api().patch(collection("kept") + "/one", Api.MERGE_PATCH, Json.read("{\"spec\":{\"a\":\"y\"}}"))
                .is(200);
    }
}
