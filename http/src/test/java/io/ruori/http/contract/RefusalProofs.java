package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Requests that cannot be served, and the Status that says so. */
final class RefusalProofs {
    private static final Map<String, String> OF_OBJECTS = Map.of("get", "GET", "delete", "DELETE");
    private static final Map<String, String> OF_COLLECTIONS =
            Map.of("create", "POST", "deletecollection", "DELETE", "list", "GET");

    static final List<Proof> ALL = List.of(
            Proof.ofAny("404", RefusalProofs::notFound).where(kind -> kind.can("get")),
            Proof.ofAny("405", RefusalProofs::notAllowed),
            Proof.of("bodies that are none", RefusalProofs::badBodies));

    private RefusalProofs() {}

    private static void notFound(KindCase kind) {
        if (kind.can("delete")) {
            kind.api().delete(kind.path()).failed(404, "NotFound");
        }
        if (kind.can("patch")) {
            kind.api().patch(kind.path(), Api.MERGE_PATCH, Json.object()).failed(404, "NotFound");
        }
        kind.api().get(kind.path() + "/nonsense").failed(404, "NotFound");
        kind.api().get(kind.everywhere() + "x").failed(404, "NotFound");
    }

    private static void notAllowed(KindCase kind) {
        send(kind, "POST", kind.path()).failed(405, "MethodNotAllowed");
        send(kind, "PUT", kind.collection()).failed(405, "MethodNotAllowed");
        send(kind, "PATCH", kind.collection()).failed(405, "MethodNotAllowed");
        OF_OBJECTS.forEach((verb, method) -> refuse(kind, verb, method, kind.path()));
        OF_COLLECTIONS.forEach((verb, method) -> refuse(kind, verb, method, kind.collection()));
    }

    private static void refuse(KindCase kind, String verb, String method, String path) {
        if (!kind.can(verb)) {
            send(kind, method, path).failed(405, "MethodNotAllowed");
        }
    }

    private static Api.Answer send(KindCase kind, String method, String path) {
        boolean body = !method.equals("GET") && !method.equals("DELETE");
        String type = method.equals("PATCH") ? Api.MERGE_PATCH : Api.JSON;
        return kind.api()
                .send(method, path, type, Api.JSON, body ? "{}".getBytes(StandardCharsets.UTF_8) : new byte[0]);
    }

    private static void badBodies(KindCase kind) {
        kind.api()
                .send(
                        "POST",
                        kind.collection(),
                        Api.JSON,
                        Api.JSON,
                        "{\"apiVersion\":".getBytes(StandardCharsets.UTF_8))
                .failed(400, "BadRequest");
        ObjectNode other = kind.wanted().put("kind", "Nonsense");
        ObjectNode status = kind.api().post(kind.collection(), other).failed(400, "BadRequest");
        assertThat(Json.text(status, "message")).contains("cannot be handled as a");
        ObjectNode versioned = kind.wanted();
        Json.child(versioned, "metadata").put("resourceVersion", "1");
        status = kind.api().post(kind.collection(), versioned).failed(400, "BadRequest");
        assertThat(Json.text(status, "message"))
                .isEqualTo("resourceVersion should not be set on objects to be created");
        if (kind.kind().isNamespaced()) {
            ObjectNode elsewhere = kind.wanted();
            Json.child(elsewhere, "metadata").put("namespace", "elsewhere");
            status = kind.api().post(kind.collection(), elsewhere).failed(400, "BadRequest");
            assertThat(Json.text(status, "message"))
                    .isEqualTo("the namespace of the provided object does not match the namespace sent on the request");
        }
    }
}
