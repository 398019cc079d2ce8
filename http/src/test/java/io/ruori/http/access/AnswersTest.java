package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.codec.ProtobufCodec;
import io.ruori.http.codec.YamlCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers come in the dress that the client's headers ask for, and say so. */
final class AnswersTest extends OneMaster {
    private static final String LARGE = "/api/v1/namespaces/default/configmaps/large";
    private static final int SIZE = 200_000;

    @BeforeAll
    static void prepare() {
        ObjectNode large = configMap("large");
        large.putObject("data").put("text", "x".repeat(SIZE));
        admin.post("/api/v1/namespaces/default/configmaps", large).is(201);
    }

    private static ObjectNode configMap(String name) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        body.putObject("metadata").put("name", name);
        return body;
    }

    private static String header(Client.Answer answer, String name) {
        return String.join(", ", answer.response().headers().allValues(name));
    }

    private static byte[] unzipped(HttpResponse<byte[]> response) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            return in.readAllBytes();
        }
    }

    // ---- compression

    @ParameterizedTest
    @ValueSource(
            strings = {
                LARGE,
                "/api/v1/configmaps",
                "/api/v1/configmaps?pretty=true",
                "/openapi/v2",
                "/openapi/v3/api/v1",
                "/apis/apps/v1/nosuch"
            })
    void whatIsLargeIsCompressedForWhoeverTakesIt(String path) throws IOException {
        Client.Answer plain = admin.get(path);
        assertThat(header(plain, "Content-Encoding")).isEmpty();
        Client.Answer packed = admin.with("Accept-Encoding", "deflate, gzip").get(path);
        assertThat(packed.code()).isEqualTo(plain.code());
        if (plain.text().length() < 128 << 10) {
            assertThat(header(packed, "Content-Encoding")).isEmpty();
            return;
        }
        assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(packed, "Vary")).contains("Accept-Encoding");
        assertThat(header(packed, "Content-Type")).isEqualTo(header(plain, "Content-Type"));
        assertThat(packed.response().body()).hasSizeLessThan(plain.text().length() / 4);
        // Another writer may move the revision that a list is of between the two.
        assertThat(withoutRevision(new String(unzipped(packed.response()), StandardCharsets.UTF_8)))
                .isEqualTo(withoutRevision(plain.text()));
    }

    /** A list's own comes before its items. */
    private static String withoutRevision(String json) {
        return json.replaceFirst("\"resourceVersion\":\\s*\"\\d+\"", "");
    }

    @Test
    void aWatchIsNeverCompressed() throws IOException {
        Client.Answer watch = admin.with("Accept-Encoding", "gzip")
                .get("/api/v1/configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name=large");
        assertThat(header(watch.is(200), "Content-Encoding")).isEmpty();
        assertThat(watch.text()).hasSizeGreaterThan(SIZE).startsWith("{\"type\":\"ADDED\"");
    }

    // ---- names of requests

    @ParameterizedTest
    @ValueSource(strings = {"/version", "/readyz", LARGE, "/nosuch", "/api/v1/secrets/..%2f"})
    void everyAnswerNamesItsRequest(String path) throws IOException {
        assertThat(UUID.fromString(header(admin.get(path), "Audit-Id"))).isNotNull();
        assertThat(header(admin.with("Audit-Id", "mine-1").get(path), "Audit-Id"))
                .isEqualTo("mine-1");
        assertThat(header(master.anonymous().get(path), "Audit-Id")).hasSize(36);
    }

    // ---- discovery

    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/apis"})
    void aClientThatHasDiscoveryIsToldSo(String path) {
        Client asking = admin.with("Accept", AGGREGATED);
        Client.Answer first = asking.get(path).is(200);
        assertThat(Json.text(first.json(), "kind")).isEqualTo("APIGroupDiscoveryList");
        assertThat(header(first, "Content-Type").replace(" ", "").split(";"))
                .containsExactlyInAnyOrder(AGGREGATED.split(";"));
        assertThat(header(first, "Vary")).isEqualTo("Accept");
        String etag = header(first, "ETag");
        assertThat(etag).matches("\"[0-9A-F]{128}\"");
        assertThat(asking.with("If-None-Match", etag).get(path).is(304).text()).isEmpty();
        asking.with("If-None-Match", "\"older\"").get(path).is(200);
        // Another form is another document.
        assertThat(header(admin.get(path).is(200), "ETag")).isNotEqualTo(etag);
    }

    @Test
    void aNewKindIsANewDocument() {
        Client asking = admin.with("Accept", AGGREGATED);
        String etag = header(asking.get("/apis"), "ETag");
        admin.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition())
                .is(201);
        await().until(() -> asking.get("/apis").text().contains("answers.example.com"));
        asking.with("If-None-Match", etag).get("/apis").is(200);
        JsonNode resources =
                admin.get("/apis/answers.example.com/v1").is(200).json().path("resources");
        assertThat(Json.text(resources.path(0), "storageVersionHash")).hasSize(12);
        Client.Answer refused = admin.with("Accept", "application/vnd.kubernetes.protobuf")
                .get("/apis/answers.example.com/v1/parrots")
                .is(406);
        assertThat(Json.text(refused.json(), "message"))
                .isEqualTo("only the following media types are accepted: application/json, application/yaml");
    }

    private static ObjectNode definition() {
        ObjectNode body =
                Json.object().put("apiVersion", "apiextensions.k8s.io/v1").put("kind", "CustomResourceDefinition");
        body.putObject("metadata").put("name", "parrots.answers.example.com");
        ObjectNode spec =
                body.putObject("spec").put("group", "answers.example.com").put("scope", "Cluster");
        spec.putObject("names").put("plural", "parrots").put("kind", "Parrot");
        ObjectNode version = spec.putArray("versions").addObject();
        version.put("name", "v1").put("served", true).put("storage", true);
        version.putObject("schema").putObject("openAPIV3Schema").put("type", "object");
        return body;
    }

    /** The hashes are those that a server of the Kubernetes project gives. */
    @ParameterizedTest
    @CsvSource({
        "/api/v1, pods, xPOwRZ+Yhw8=",
        "/api/v1, configmaps, qFsyl6wFWjQ=",
        "/apis/apps/v1, deployments, 8aSe+NMegvE=",
        "/apis/events.k8s.io/v1, events, r2yiGXH7wu8=",
        "/api/v1, pods/status, ''",
        "/apis/authorization.k8s.io/v1, selfsubjectaccessreviews, ''"
    })
    void discoveryTellsTheVersionThatIsStored(String path, String resource, String hash) {
        for (JsonNode entry : admin.get(path).is(200).json().path("resources")) {
            if (Json.text(entry, "name").equals(resource)) {
                assertThat(Json.text(entry, "storageVersionHash")).isEqualTo(hash);
                return;
            }
        }
        throw new AssertionError(resource + " is not served");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/apis", "/apis/apps", "/apis/apps/v1", "/api/v1"})
    void discoveryIsHadInEveryEncoding(String path) {
        Client.Answer packed = admin.with("Accept", "application/vnd.kubernetes.protobuf")
                .get(path)
                .is(200);
        assertThat(header(packed, "Content-Type")).isEqualTo("application/vnd.kubernetes.protobuf");
        JsonNode plain = admin.get(path).json();
        assertThat(Json.text(ProtobufCodec.kubernetes().read(packed.response().body()), "kind"))
                .isEqualTo(Json.text(plain, "kind"));
        assertThat(YamlCodec.read(admin.with("Accept", "application/yaml")
                                .get(path)
                                .response()
                                .body())
                        .tree())
                .isEqualTo(plain);
        admin.with("Accept", "text/csv").get(path).is(406);
    }

    @Test
    void aggregatedDiscoveryIsHadAsProtobuf() {
        Client.Answer packed = admin.with("Accept", AGGREGATED.replace("json", "vnd.kubernetes.protobuf"))
                .get("/apis")
                .is(200);
        ObjectNode read = ProtobufCodec.kubernetes().read(packed.response().body());
        assertThat(read.path("items"))
                .hasSameSizeAs(
                        admin.with("Accept", AGGREGATED).get("/apis").json().path("items"));
    }

    // ---- people

    @ParameterizedTest
    @ValueSource(strings = {"/api", LARGE, "/apis/apps/v1", "/api/v1/namespaces", "/api/v1/namespaces/nosuch"})
    void peopleGetIndentation(String path) {
        String compact = admin.get(path).text();
        assertThat(compact).startsWith("{\"").doesNotContain("\n");
        String indented = admin.get(path + "?pretty=true").text();
        assertThat(indented).startsWith("{\n  \"").contains("\"kind\": \"");
        assertThat(Json.read(indented)).isEqualTo(Json.read(compact));
        assertThat(admin.get(path + "?pretty=1").text()).isEqualTo(indented);
        assertThat(admin.with("User-Agent", "curl/8.5.0").get(path).text()).isEqualTo(indented);
        assertThat(admin.with("User-Agent", "Wget/1")
                        .get(path + "?pretty=false")
                        .text())
                .isEqualTo(compact);
        if (!path.endsWith("nosuch")) {
            assertThat(admin.with("Accept", "application/json;pretty=1")
                            .get(path)
                            .text())
                    .isEqualTo(indented);
        }
    }

    @Test
    void aWatchIsNotHadAsYaml() {
        Client.Answer refused = admin.with("Accept", "application/yaml")
                .get("/api/v1/configmaps?watch=true&timeoutSeconds=1")
                .is(406);
        assertThat(Json.text(refused.json(), "message"))
                .isEqualTo("only the following media types are accepted: "
                        + "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maybe", "true", "1", "yes"})
    void whateverDoesNotDenyAWatchIsOne(String value) {
        String path = "/api/v1/configmaps?timeoutSeconds=1&fieldSelector=metadata.name=nosuch&watch=";
        assertThat(admin.get(path + value).is(200).text()).isEmpty();
        assertThat(admin.get(path + "False").is(200).text()).contains("ConfigMapList");
        assertThat(admin.get(path + "0").is(200).text()).contains("ConfigMapList");
    }

    // ---- forms

    private static Client as(String form) {
        return admin.with("Accept", "application/json;as=" + form + ";v=v1;g=meta.k8s.io");
    }

    @Test
    void aListIsNoObjectAndAnObjectNoList() {
        Client.Answer one = as("PartialObjectMetadataList").get(LARGE).is(406);
        assertThat(Json.text(one.json(), "reason")).isEqualTo("NotAcceptable");
        assertThat(Json.text(one.json(), "message"))
                .isEqualTo(
                        "you requested PartialObjectMetadataList, but the requested object is not a list (ConfigMap)");
        Client.Answer many =
                as("PartialObjectMetadata").get("/api/v1/configmaps").is(406);
        assertThat(Json.text(many.json(), "message"))
                .isEqualTo("you requested PartialObjectMetadata, but the requested object is a list (ConfigMapList)");
    }

    @ParameterizedTest
    @ValueSource(strings = {LARGE + "?", "/api/v1/configmaps?", "/api/v1/configmaps?watch=1&timeoutSeconds=1&"})
    void aTableIsToldWhatItsRowsMayCarry(String path) {
        Client.Answer refused = as("Table").get(path + "includeObject=Foo").is(400);
        assertThat(Json.text(refused.json(), "message"))
                .isEqualTo("Unable to convert to Table as requested: includeObject: Invalid value: \"Foo\": "
                        + "must be 'Metadata', 'Object', 'None', or empty");
        as("Table").get(path + "includeObject=Metadata").is(200);
        admin.get(path + "includeObject=Foo").is(200);
    }

    @Test
    void aScaleIsHadAsATable() {
        ObjectNode body = Json.object().put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
        body.putObject("metadata").put("name", "web");
        ObjectNode spec = body.putObject("spec").put("replicas", 3);
        spec.putObject("selector").putObject("matchLabels").put("app", "web");
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", "web");
        template.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "c")
                .put("image", "i");
        admin.post("/apis/apps/v1/namespaces/default/replicasets", body).is(201);
        JsonNode table = as("Table")
                .get("/apis/apps/v1/namespaces/default/replicasets/web/scale")
                .is(200)
                .json();
        assertThat(Json.text(table, "kind")).isEqualTo("Table");
        assertThat(table.path("columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "Desired", "Available", "Age");
        JsonNode row = table.path("rows").path(0);
        assertThat(row.path("cells").path(0).asText()).isEqualTo("web");
        assertThat(row.path("cells").path(1).asInt()).isEqualTo(3);
        assertThat(Json.text(row, "object", "metadata", "name")).isEqualTo("web");
    }

    // ---- OpenAPI

    @Test
    void anOldAddressOfADocumentLeadsToTheNewOne() {
        String path = "/openapi/v3/apis/apps/v1";
        Client.Answer moved = admin.get(path + "?hash=OLD").is(301);
        String location = header(moved, "Location");
        assertThat(location).matches(path + "\\?hash=[0-9A-F]{128}");
        assertThat(header(admin.get(location).is(200), "Cache-Control")).isEqualTo("public, immutable");
        admin.get(path).is(200);
    }

    @Test
    void whatIsOnlyJsonIsNotSentToThoseWhoDoNotTakeIt() {
        String protobuf = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf";
        for (String path : List.of("/openapi/v3", "/openapi/v3/api/v1")) {
            admin.with("Accept", protobuf).get(path).is(406);
            admin.with("Accept", protobuf + ", */*").get(path).is(200);
        }
    }
}
