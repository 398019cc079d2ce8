package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds what {@code deploy/web} means, by the server's discovery, as kubectl does. */
final class ApiNames {
    /**
     * A resource as served.
     *
     * @param group empty for the core group
     */
    record Resource(String group, String version, String plural, boolean namespaced) {
        /** {@code pods}, {@code deployments.apps}. */
        String qualified() {
            return group.isEmpty() ? plural : plural + "." + group;
        }
    }

    private final ApiClient client;

    ApiNames(ApiClient client) {
        this.client = client;
    }

    /**
     * @param word plural, singular, short name or kind, with {@code .GROUP} or without
     * @throws Problem when the server has no such resource
     */
    Resource find(String word) throws IOException {
        String wanted = word.toLowerCase(Locale.ROOT);
        for (String groupVersion : groupVersions()) {
            String prefix = groupVersion.contains("/") ? "/apis/" : "/api/";
            for (JsonNode each : client.get(prefix + groupVersion).path("resources")) {
                String plural = each.path("name").asText();
                if (!plural.contains("/") && names(each, groupVersion).contains(wanted)) {
                    return resource(
                            groupVersion, plural, each.path("namespaced").asBoolean());
                }
            }
        }
        throw Problem.failed("the server doesn't have a resource type \"" + word + "\"");
    }

    private List<String> groupVersions() throws IOException {
        List<String> all = new ArrayList<>(List.of("v1"));
        for (JsonNode group : client.get("/apis").path("groups")) {
            all.add(Json.text(group, "preferredVersion", "groupVersion"));
        }
        return all;
    }

    private static List<String> names(JsonNode resource, String groupVersion) {
        List<String> plain = new ArrayList<>(List.of(
                resource.path("name").asText(),
                resource.path("singularName").asText(),
                resource.path("kind").asText().toLowerCase(Locale.ROOT)));
        resource.path("shortNames").forEach(name -> plain.add(name.asText()));
        List<String> all = new ArrayList<>(plain);
        if (groupVersion.contains("/")) {
            String group = groupVersion.substring(0, groupVersion.indexOf('/'));
            plain.forEach(name -> all.add(name + "." + group));
        }
        return all;
    }

    private static Resource resource(String groupVersion, String plural, boolean namespaced) {
        int slash = groupVersion.indexOf('/');
        return new Resource(
                slash < 0 ? "" : groupVersion.substring(0, slash),
                groupVersion.substring(slash + 1),
                plural,
                namespaced);
    }
}
