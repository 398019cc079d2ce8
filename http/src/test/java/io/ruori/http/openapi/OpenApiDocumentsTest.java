package io.ruori.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.http.ServedKinds;
import io.ruori.kind.Kinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenApiDocumentsTest {
    private static final OpenApiDocuments DOCUMENTS = OpenApiDocuments.of(ServedKinds.documented(Kinds.all()));
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";

    private static JsonNode v3(String path) {
        return Json.read(DOCUMENTS.v3(path).orElseThrow().bytes());
    }

    @Test
    void theIndexNamesEveryDocumentByItsHash() {
        JsonNode paths = Json.read(DOCUMENTS.index().bytes()).path("paths");
        assertThat(paths.path("apis/apps/v1").path("serverRelativeURL").asText())
                .isEqualTo("/openapi/v3/apis/apps/v1?hash="
                        + DOCUMENTS.v3("apis/apps/v1").orElseThrow().hash());
        assertThat(DOCUMENTS.v3("api/v1").orElseThrow().hash()).matches("[0-9A-F]{128}");
        assertThat(DOCUMENTS.v3("apis/none/v1")).isEmpty();
    }

    /** kubectl refuses to apply where the PATCH operation does not say all of this. */
    @Test
    void aPatchSaysWhatKubectlLooksFor() {
        JsonNode patch = v3("apis/apps/v1").path("paths").path(DEPLOYMENT).path("patch");
        List<String> parameters = new ArrayList<>();
        patch.path("parameters").forEach(p -> parameters.add(p.path("name").asText()));
        assertThat(parameters).containsExactly("dryRun", "fieldManager", "fieldValidation", "force");
        assertThat(patch.path("requestBody").path("content").fieldNames())
                .toIterable()
                .containsExactly(
                        "application/apply-patch+yaml",
                        "application/json-patch+json",
                        "application/merge-patch+json",
                        "application/strategic-merge-patch+json");
        assertThat(patch.path("x-kubernetes-action").asText()).isEqualTo("patch");
        assertThat(patch.path("x-kubernetes-group-version-kind"))
                .isEqualTo(Json.read("{\"group\":\"apps\",\"kind\":\"Deployment\",\"version\":\"v1\"}"));
        assertThat(patch.path("operationId").asText()).isEqualTo("patchAppsV1NamespacedDeployment");
    }

    @ParameterizedTest
    @CsvSource({
        "apis/apps/v1, /apis/apps/v1/deployments, get, listAppsV1DeploymentForAllNamespaces",
        "apis/apps/v1, /apis/apps/v1/namespaces/{namespace}/deployments, delete,"
                + " deleteAppsV1CollectionNamespacedDeployment",
        "apis/apps/v1, /apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale, get,"
                + " readAppsV1NamespacedDeploymentScale",
        "api/v1, /api/v1/namespaces/{name}, get, readCoreV1Namespace",
        "api/v1, /api/v1/nodes, post, createCoreV1Node",
        "api/v1, /api/v1/, get, getCoreV1APIResources",
        "apis/coordination.k8s.io/v1, /apis/coordination.k8s.io/v1/leases, get,"
                + " listCoordinationV1LeaseForAllNamespaces",
    })
    void namesOperationsAsUpstream(String document, String path, String method, String operationId) {
        assertThat(v3(document)
                        .path("paths")
                        .path(path)
                        .path(method)
                        .path("operationId")
                        .asText())
                .isEqualTo(operationId);
    }

    @Test
    void holdsExactlyTheDefinitionsItRefersTo() {
        JsonNode document = v3("apis/apps/v1");
        Set<String> referred = new TreeSet<>();
        document.findValuesAsText("$ref").forEach(r -> referred.add(r.substring(OpenApiV3.REFERENCE.length())));
        List<String> held = new ArrayList<>();
        document.path("components").path("schemas").fieldNames().forEachRemaining(held::add);
        assertThat(held).containsExactlyElementsOf(referred);
        assertThat(document.path("components")
                        .path("schemas")
                        .path("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions")
                        .path("x-kubernetes-group-version-kind")
                        .findValuesAsText("group"))
                .containsExactly("", "apps");
    }

    @Test
    void anUnchangedGroupKeepsItsDocument() {
        OpenApiDocuments fewer = DOCUMENTS.with(ServedKinds.documented(Kinds.all()).stream()
                .filter(r -> !r.kind().equals("Lease"))
                .toList());
        assertThat(fewer.v3("apis/apps/v1").orElseThrow().hash())
                .isEqualTo(DOCUMENTS.v3("apis/apps/v1").orElseThrow().hash());
        assertThat(fewer.v3("apis/coordination.k8s.io/v1")).isEmpty();
    }

    @Test
    void versionTwoSaysTheSameInItsOwnWords() {
        JsonNode swagger = Json.read(DOCUMENTS.v2().bytes());
        JsonNode spec = swagger.path("definitions").path("io.k8s.api.apps.v1.DeploymentSpec");
        assertThat(spec.path("properties").path("template").path("$ref").asText())
                .isEqualTo("#/definitions/io.k8s.api.core.v1.PodTemplateSpec");
        assertThat(swagger.path("definitions")
                        .path("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions")
                        .path("x-kubernetes-group-version-kind")
                        .size())
                .isGreaterThan(2);
        assertThat(swagger.path("paths")
                        .path(DEPLOYMENT)
                        .path("patch")
                        .path("consumes")
                        .size())
                .isEqualTo(4);
        assertThat(DOCUMENTS.v2Protobuf().bytes()).hasSizeGreaterThan(100_000);
    }
}
