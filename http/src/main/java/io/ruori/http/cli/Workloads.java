package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;

/** The Deployments that the demonstration and the measurements use. */
final class Workloads {
    private Workloads() {}

    /** A web server that answers on port 8080 of each Pod. Three replicas, and never fewer while it is rolled. */
    static ObjectNode web(String name, String image, int replicas) {
        ObjectNode deployment = deployment(name, replicas);
        ObjectNode rolling =
                Json.child(Json.child(deployment, "spec"), "strategy").put("type", "RollingUpdate");
        Json.child(rolling, "rollingUpdate").put("maxUnavailable", 0).put("maxSurge", 1);
        ObjectNode container = container(deployment, "web", image);
        Json.list(container, "ports").addObject().put("containerPort", 8080);
        ObjectNode probe = Json.child(container, "readinessProbe").put("periodSeconds", 1);
        Json.child(probe, "httpGet").put("path", "/healthz").put("port", 8080);
        Json.child(Json.child(container, "resources"), "requests")
                .put("cpu", "10m")
                .put("memory", "16Mi");
        ObjectNode podSpec = podSpec(deployment);
        podSpec.put("terminationGracePeriodSeconds", 5);
        return deployment;
    }

    /** Small Pods that ask for little, so that many fit a node. */
    static ObjectNode density(String name, int replicas) {
        ObjectNode deployment = deployment(name, replicas);
        ObjectNode spec = Json.child(deployment, "spec");
        ObjectNode rolling = Json.child(spec, "strategy").put("type", "RollingUpdate");
        Json.child(rolling, "rollingUpdate").put("maxUnavailable", "25%").put("maxSurge", "25%");
        ObjectNode container = container(deployment, "pause", "ruori/pause:1");
        Json.child(Json.child(container, "resources"), "requests")
                .put("cpu", "10m")
                .put("memory", "16Mi");
        podSpec(deployment).put("terminationGracePeriodSeconds", 0);
        return deployment;
    }

    private static ObjectNode deployment(String name, int replicas) {
        ObjectNode deployment = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
        Json.child(Json.child(deployment, "metadata").put("name", name), "labels")
                .put("app", name);
        ObjectNode spec = Json.child(deployment, "spec").put("replicas", replicas);
        Json.child(Json.child(spec, "selector"), "matchLabels").put("app", name);
        Json.child(Json.child(Json.child(spec, "template"), "metadata"), "labels")
                .put("app", name);
        return deployment;
    }

    private static ObjectNode podSpec(ObjectNode deployment) {
        return Json.child(Json.child(Json.child(deployment, "spec"), "template"), "spec");
    }

    private static ObjectNode container(ObjectNode deployment, String name, String image) {
        return Json.list(podSpec(deployment), "containers")
                .addObject()
                .put("name", name)
                .put("image", image);
    }
}
