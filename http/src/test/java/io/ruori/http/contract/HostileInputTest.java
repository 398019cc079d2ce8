package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.contract.Api.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to do harm: each is refused for what it is, and the server goes on as if nothing had been. */
final class HostileInputTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final int DEEP = 100_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static TestMaster master;

    @BeforeAll
    static void start() throws IOException {
        master = TestMaster.start(directory);
        for (String name : List.of("first", "second", "target")) {
            ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
            map.putObject("metadata").put("name", name);
            map.putObject("data").put("key", "value");
            master.api().post(MAPS, map).is(201);
        }
    }

    @AfterAll
    static void stop() {
        if (master != null) {
            master.close();
        }
    }

    @AfterEach
    void isUnharmed() {
        Answer target = master.api().get(MAPS + "/target").is(200);
        assertThat(Json.text(target.json(), "data", "key")).isEqualTo("value");
        master.api().get("/readyz").is(200);
    }

    private static Answer send(String method, String path, String type, String body) {
        return master.api().send(method, path, type, Api.JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String nested(String head, String open, String close, String tail) {
        return head + open.repeat(DEEP) + "1" + close.repeat(DEEP) + tail;
    }

    static List<Arguments> nestings() {
        String map = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"deep\"},\"data\":";
        String yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\ndata: ";
        String target = MAPS + "/target";
        return List.of(
                Arguments.of("POST", MAPS, Api.JSON, nested(map, "{\"a\":", "}", "}")),
                Arguments.of("POST", MAPS, Api.JSON, nested("", "[", "]", "")),
                Arguments.of("POST", MAPS, Api.YAML, nested(yaml, "[", "]", "")),
                Arguments.of("POST", MAPS, Api.YAML, nested(yaml, "{a: ", "}", "")),
                Arguments.of("PUT", target, Api.JSON, nested(map, "{\"a\":", "}", "}")),
                Arguments.of("PATCH", target, Api.MERGE_PATCH, nested("{\"data\":", "{\"a\":", "}", "}")),
                Arguments.of("PATCH", target, Api.STRATEGIC_PATCH, nested("{\"data\":", "{\"a\":", "}", "}")),
                Arguments.of(
                        "PATCH",
                        target,
                        Api.JSON_PATCH,
                        nested("[{\"op\":\"add\",\"path\":\"/data\",\"value\":", "{\"a\":", "}", "}]")),
                Arguments.of("PATCH", target + "?fieldManager=deep", Api.APPLY, nested(yaml, "[", "]", "")),
                Arguments.of("DELETE", target, Api.JSON, nested("{\"kind\":\"DeleteOptions\",\"x\":", "[", "]", "}")));
    }

    @ParameterizedTest(name = "{0} as {2}")
    @MethodSource("nestings")
    void nestingWithoutEndIsRefused(String method, String path, String type, String body) {
        Answer answer = send(method, path, type, body);
        assertThat(Json.text(answer.failed(400, "BadRequest"), "message")).contains("max depth");
    }

    /** A patch of a few kB whose copies double what is there until it fills the heap. */
    @Test
    void aPatchThatGrowsByItsOwnCopiesIsRefused() {
        ArrayNode patch = Json.array();
        patch.addObject()
                .put("op", "add")
                .put("path", "/metadata/annotations")
                .putObject("value")
                .put("a", "x".repeat(1_000));
        for (int i = 0; i < 64; i++) {
            patch.addObject()
                    .put("op", "copy")
                    .put("from", "/metadata/annotations")
                    .put("path", "/metadata/annotations/n" + i);
        }
        ObjectNode status =
                master.api().patch(MAPS + "/target", Api.JSON_PATCH, patch).failed(422, "Invalid");
        assertThat(status.path("details").path("causes").path(0).path("message").asText())
                .contains("accumulated size increase of copy");
    }

    @Test
    void aPatchOfTooManyOperationsIsRefused() {
        ArrayNode patch = Json.array();
        for (int i = 0; i <= 10_000; i++) {
            patch.addObject().put("op", "test").put("path", "/kind").put("value", "ConfigMap");
        }
        master.api().patch(MAPS + "/target", Api.JSON_PATCH, patch).failed(413, "RequestEntityTooLarge");
    }

    static List<String> forgedTokens() {
        return List.of(
                "x",
                "%00",
                token("{}"),
                token("[]"),
                token("{\"v\":\"meta.k8s.io/v1\",\"rv\":1,\"start\":\"../../secrets/\"}"),
                token("{\"v\":\"ruori/v1\",\"rv\":-1,\"ns\":\"default\",\"name\":\"first\"}"),
                token("{\"v\":\"ruori/v1\",\"rv\":\"1\",\"ns\":\"default\",\"name\":\"first\"}"),
                token("{\"v\":\"ruori/v1\",\"rv\":99999999999999999999,\"ns\":\"default\",\"name\":\"first\"}"),
                token("{\"v\":\"ruori/v1\",\"rv\":1,\"ns\":" + "[".repeat(DEEP / 100) + "]".repeat(DEEP / 100) + "}"));
    }

    private static String token(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("forgedTokens")
    void aForgedContinueTokenIsRefused(String token) {
        ObjectNode status =
                master.api().get(MAPS + "?limit=1&continue=" + token).failed(400, "BadRequest");
        assertThat(Json.text(status, "message")).contains("continue key is not valid");
    }

    @Test
    void aContinueTokenOfAnotherNamespaceOpensNoOther() {
        ObjectNode page = master.api().get(MAPS + "?limit=1").is(200).json();
        long revision = Long.parseLong(Json.text(page, "metadata", "resourceVersion"));
        for (String namespace : List.of("", "a", "kube-system", "zzz")) {
            String token =
                    token("{\"v\":\"ruori/v1\",\"rv\":" + revision + ",\"ns\":\"" + namespace + "\",\"name\":\"\"}");
            master.api()
                    .get(MAPS + "?continue=" + token)
                    .is(200)
                    .json()
                    .path("items")
                    .forEach(item ->
                            assertThat(Json.text(item, "metadata", "namespace")).isEqualTo("default"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MAPS + "/..%2f",
                MAPS + "/..%2fsecrets%2ftarget",
                MAPS + "/target%2fstatus",
                MAPS + "/a%00b",
                MAPS + "/a%25b",
                "/api/v1/namespaces/..%2f..%2fapis/configmaps",
                "/api/v1/namespaces/default%2fpods/configmaps/target",
            })
    void aNameThatWalksThroughPathsIsRefused(String path) {
        ObjectNode status = master.api().get(path).failed(400, "BadRequest");
        assertThat(Json.text(status, "message")).contains("path segment");
        master.api().delete(path).failed(400, "BadRequest");
    }

    @Test
    void aStrictClientIsToldOfEveryFault() {
        String body = """
            {"kind":"ConfigMap","metadata":{"name":"other","name":"twice"},"datas":{"a":"1"},"immutables":true}
            """;
        ObjectNode strict =
                send("POST", MAPS + "?fieldValidation=Strict", Api.JSON, body).failed(400, "BadRequest");
        assertThat(Json.text(strict, "message"))
                .endsWith("strict decoding error: duplicate field \"metadata.name\", unknown field \"datas\","
                        + " unknown field \"immutables\"");
    }

    @Test
    void duplicateKeysAreToldOrRefused() {
        String body = """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other","name":"twice"},"data":{"a":"1","a":"2"}}
            """;
        ObjectNode strict =
                send("POST", MAPS + "?fieldValidation=Strict", Api.JSON, body).failed(400, "BadRequest");
        assertThat(Json.text(strict, "message"))
                .contains("duplicate field \"metadata.name\"", "duplicate field \"data.a\"");
        Answer warned = send("POST", MAPS, Api.JSON, body).is(201);
        assertThat(warned.warnings()).hasSize(2);
        assertThat(Json.text(warned.json(), "metadata", "name")).isEqualTo("twice");
    }

    @Test
    void aContinueTokenOfAMomentToComeIsRefused() {
        String token =
                token("{\"v\":\"ruori/v1\",\"rv\":" + Long.MAX_VALUE + ",\"ns\":\"default\",\"name\":\"first\"}");
        ObjectNode status =
                master.api().get(MAPS + "?limit=1&continue=" + token).failed(504, "Timeout");
        assertThat(Json.text(status, "message")).contains("Too large resource version");
    }

    static List<Arguments> badOptions() {
        return List.of(
                Arguments.of("?gracePeriodSeconds=abc", "", 400),
                Arguments.of("?propagationPolicy=Sometimes", "", 422),
                Arguments.of("", "{\"kind\":\"Pod\"}", 400),
                Arguments.of("", "{\"gracePeriodSeconds\":\"5\"}", 400),
                Arguments.of("", "{\"dryRun\":\"All\"}", 400),
                Arguments.of("", "{\"dryRun\":[\"Some\"]}", 422),
                Arguments.of("", "{\"preconditions\":{\"uid\":5}}", 400),
                Arguments.of("", "{\"preconditions\":{\"resourceVersion\":\"x\"}}", 400),
                Arguments.of("", "{\"propagationPolicy\":\"Orphan\",\"orphanDependents\":true}", 422));
    }

    /** Nothing of it is deleted: see {@link #isUnharmed}. */
    @ParameterizedTest
    @MethodSource("badOptions")
    void aDeletionThatIsNotUnderstoodDeletesNothing(String query, String body, int code) {
        send("DELETE", MAPS + "/target" + query, Api.JSON, body).failed(code, code == 400 ? "BadRequest" : "Invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\":{\"name\":\"other\"}}",
                "{\"metadata\":{\"namespace\":\"other\"}}",
                "{\"kind\":\"Secret\"}",
                "{\"apiVersion\":\"v2\"}",
            })
    void aPatchMakesNoOtherObjectOfOne(String patch) {
        send("PATCH", MAPS + "/target", Api.MERGE_PATCH, patch).failed(400, "BadRequest");
    }

    @Test
    void aFieldManagerIsShortAndPrintable() {
        ObjectNode patch = Json.object();
        for (String manager : List.of("m".repeat(129), "a%0Ab")) {
            master.api()
                    .patch(MAPS + "/target?fieldManager=" + manager, Api.MERGE_PATCH, patch)
                    .failed(422, "Invalid");
        }
    }

    static List<String> overflows() {
        return List.of(
                MAPS + "?limit=99999999999999999999",
                MAPS + "?resourceVersion=99999999999999999999",
                MAPS + "?resourceVersion=-5",
                MAPS + "?watch=true&timeoutSeconds=1e9",
                MAPS + "?labelSelector=" + "a%20in%20(".repeat(1_000),
                MAPS + "?fieldSelector=a%3D%3D%3D%3Db");
    }

    @ParameterizedTest
    @MethodSource("overflows")
    void parametersOutOfAllMeasureAreRefused(String path) {
        master.api().get(path).failed(400, "BadRequest");
    }
}
