package io.ruori.http.past;

import static io.ruori.http.past.OneMaster.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.past.OneMaster.Answer;
import io.ruori.http.past.Watching.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that below a moment the kinds are those of then, whatever became of their definitions. */
final class AsOfKindsTest {
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String GADGETS = DEFINITIONS + "/gadgets.then.example.com";
    private static final String GROUP = "/apis/then.example.com";
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private static final String FIRST = """
        {"name":"v1","served":true,"storage":true,
         "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"}],
         "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
           "size":{"type":"integer"},"note":{"type":"string"}}}}}}}
        """;
    private static final String SECOND = """
        {"name":"v2","served":true,"storage":true,
         "additionalPrinterColumns":[{"name":"Colour","type":"string","jsonPath":".spec.colour"}],
         "selectableFields":[{"jsonPath":".spec.colour"}],
         "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
           "size":{"type":"integer"},"colour":{"type":"string","default":"grey"}}}}}}}
        """;

    @SuppressWarnings("NullAway.Init")
    private static OneMaster master;

    private static long before;
    private static long made;
    private static long changed;
    private static long coloured;

    /** A kind's whole life: defined, used, changed to another version with other columns, used again, and gone. */
    @BeforeAll
    static void live(@TempDir Path data) throws IOException {
        master = OneMaster.start(data);
        master.namespace("then");
        before = master.get("/api/v1/namespaces/then").revision();
        master.post(DEFINITIONS, definition(FIRST)).is(201);
        await("established").until(() -> master.get(GADGETS).body().contains("\"type\":\"Established\""));
        await("served").until(() -> master.get(gadgets("v1")).code() == 200);
        made = master.post(gadgets("v1"), """
            {"apiVersion":"then.example.com/v1","kind":"Gadget","metadata":{"name":"one"},
             "spec":{"size":3,"note":"n"}}
            """).is(201).revision();
        String retired =
                FIRST.replace("\"served\":true", "\"served\":false").replace("\"storage\":true", "\"storage\":false");
        changed = master.merge(GADGETS, "{\"spec\":{\"versions\":[" + retired + "," + SECOND + "]}}")
                .is(200)
                .revision();
        await("the new version is served").until(() -> master.get(gadgets("v2")).code() == 200);
        coloured = master.merge(gadgets("v2") + "/one", "{\"spec\":{\"colour\":\"red\"}}")
                .is(200)
                .revision();
        master.delete(GADGETS).is(200);
        await("it is gone").until(() -> master.get(gadgets("v2")).code() == 404);
    }

    @AfterAll
    static void stop() {
        if (master != null) {
            master.close();
        }
    }

    private static String definition(String versions) {
        return """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
             "metadata":{"name":"gadgets.then.example.com"},
             "spec":{"group":"then.example.com","scope":"Namespaced",
              "names":{"plural":"gadgets","singular":"gadget","kind":"Gadget","listKind":"GadgetList"},
              "versions":[%s]}}
            """.formatted(versions);
    }

    private static String gadgets(String version) {
        return GROUP + "/" + version + "/namespaces/then/gadgets";
    }

    private static Answer asOf(long revision, String path) {
        return master.get("/asof/" + revision + path);
    }

    private static List<String> columns(long revision, String path) {
        ObjectNode table = master.get("/asof/" + revision + path, TABLE).is(200).json();
        List<String> names = new ArrayList<>();
        table.path("columnDefinitions").forEach(column -> names.add(Json.text(column, "name")));
        return names;
    }

    @Test
    void thereIsNothingBeforeTheDefinitionNorAfterItsEnd() {
        for (String version : List.of("v1", "v2")) {
            asOf(before, gadgets(version)).is(404);
            asOf(before, GROUP + "/" + version).is(404);
            master.get(gadgets(version)).is(404);
        }
        assertThat(asOf(before, "/apis").is(200).body()).doesNotContain("then.example.com");
        assertThat(asOf(before, "/openapi/v3").is(200).body()).doesNotContain("then.example.com");
        assertThat(master.get("/apis").body()).doesNotContain("then.example.com");
    }

    @Test
    void anObjectIsSeenInTheVersionsOfThen() {
        ObjectNode first = asOf(made, gadgets("v1") + "/one").is(200).json();
        assertThat(Json.text(first, "apiVersion")).isEqualTo("then.example.com/v1");
        assertThat(first.path("spec").toString()).isEqualTo("{\"size\":3,\"note\":\"n\"}");
        asOf(made, gadgets("v2") + "/one").is(404);
        Answer list = asOf(made, gadgets("v1")).is(200);
        assertThat(list.text("kind")).isEqualTo("GadgetList");
        assertThat(list.names()).containsExactly("one");
        assertThat(columns(made, gadgets("v1"))).containsExactly("Name", "Size");

        ObjectNode second = asOf(changed, gadgets("v2") + "/one").is(200).json();
        assertThat(Json.text(second, "apiVersion")).isEqualTo("then.example.com/v2");
        assertThat(second.path("spec").toString()).isEqualTo("{\"size\":3,\"colour\":\"grey\"}");
        asOf(changed, gadgets("v1") + "/one").is(404);
        assertThat(columns(changed, gadgets("v2"))).containsExactly("Name", "Colour");
        assertThat(asOf(coloured, gadgets("v2") + "/one").text("spec", "colour"))
                .isEqualTo("red");
    }

    /** The object was written before there was such a field. */
    @Test
    void selectorsNameTheFieldsOfThen() {
        asOf(made, gadgets("v1") + "?fieldSelector=spec.colour%3Dgrey").is(400);
        assertThat(asOf(coloured, gadgets("v2") + "?fieldSelector=spec.colour%3Dred")
                        .is(200)
                        .names())
                .containsExactly("one");
        assertThat(asOf(changed, gadgets("v2") + "?fieldSelector=spec.colour%3Dred")
                        .is(200)
                        .names())
                .isEmpty();
    }

    @Test
    void discoveryIsThatOfThen() {
        assertThat(asOf(made, GROUP).is(200).text("preferredVersion", "version"))
                .isEqualTo("v1");
        assertThat(asOf(made, GROUP + "/v1").is(200).body()).contains("\"Gadget\"");
        asOf(made, GROUP + "/v2").is(404);
        asOf(changed, GROUP + "/v1").is(404);
        assertThat(asOf(changed, GROUP + "/v2").is(200).body()).contains("\"Gadget\"");
        assertThat(aggregated(made)).containsExactly("v1");
        assertThat(aggregated(changed)).containsExactly("v2");
        assertThat(aggregated(before)).isEmpty();
        assertThat(asOf(made, "/openapi/v3").is(200).body()).contains("apis/then.example.com/v1?hash=");
        assertThat(asOf(made, "/openapi/v3" + GROUP + "/v1").is(200).body()).contains("\"note\"");
        assertThat(asOf(made, "/openapi/v2").is(200).body()).contains("com.example.then.v1.Gadget");
        assertThat(asOf(changed, "/openapi/v3" + GROUP + "/v2").is(200).body())
                .contains("\"colour\"")
                .doesNotContain("\"note\"");
        asOf(before, "/openapi/v3" + GROUP + "/v1").is(404);
    }

    private static List<String> aggregated(long revision) {
        List<String> versions = new ArrayList<>();
        JsonNode groups = master.get("/asof/" + revision + "/apis", AGGREGATED)
                .is(200)
                .json()
                .path("items");
        for (JsonNode group : groups) {
            if (Json.text(group, "metadata", "name").equals("then.example.com")) {
                group.path("versions").forEach(version -> versions.add(Json.text(version, "version")));
            }
        }
        return versions;
    }

    /** What was written under the later definition is shown as the one of then would have it, until the last object is gone. */
    @Test
    void aWatchFromThenSeesTheResourceAsItWasThen() {
        String watch = "?watch=true&timeoutSeconds=2";
        try (Watching whole = master.watch("/asof/" + made + gadgets("v1") + watch);
                Watching table = master.watch("/asof/" + made + gadgets("v1") + watch, TABLE);
                Watching later = master.watch("/asof/" + changed + gadgets("v2") + watch);
                Watching over =
                        master.watch("/asof/" + made + gadgets("v1") + watch + "&resourceVersion=" + coloured)) {
            List<Seen> seen = whole.all();
            assertThat(seen).extracting(Seen::brief).containsExactly("ADDED one", "MODIFIED one", "DELETED one");
            assertThat(seen)
                    .allSatisfy(event -> assertThat(
                                    event.object().path("apiVersion").asText())
                            .isEqualTo("then.example.com/v1"));
            assertThat(seen.get(1).object().path("spec").toString()).isEqualTo("{\"size\":3}");
            assertThat(table.until(first -> true)
                            .getFirst()
                            .object()
                            .path("columnDefinitions")
                            .toString())
                    .contains("\"Size\"");
            assertThat(later.all())
                    .extracting(event -> event.brief() + " "
                            + event.object().path("spec").path("colour").asText())
                    .containsExactly("ADDED one grey", "MODIFIED one red", "DELETED one red");
            assertThat(over.all()).extracting(Seen::brief).containsExactly("DELETED one");
        }
        asOf(changed, gadgets("v1") + watch).is(404);
    }
}
