package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Uid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node needs to know of a Pod.
 *
 * @param grace how long containers may take to stop: of the deletion once there is one, else of the spec
 * @param deleted it carries a deletion time
 * @param tree the whole object; not to be changed
 */
public record PodSpec(
        ObjectKey key,
        Uid uid,
        long generation,
        Map<String, String> labels,
        Map<String, String> annotations,
        RestartPolicy restartPolicy,
        boolean hostNetwork,
        List<ContainerTemplate> initContainers,
        List<ContainerTemplate> containers,
        Duration grace,
        boolean deleted,
        Optional<Duration> activeDeadline,
        ObjectNode tree) {
    public static final KindName PODS = KindName.core("pods");
    private static final long DEFAULT_GRACE_SECONDS = 30;

    public static PodSpec read(ObjectNode pod) {
        JsonNode meta = pod.path("metadata");
        JsonNode spec = pod.path("spec");
        boolean deleted = Json.isPresent(meta.get("deletionTimestamp"));
        long ownGrace = Json.number(spec, DEFAULT_GRACE_SECONDS, "terminationGracePeriodSeconds");
        long grace = deleted ? Json.number(meta, ownGrace, "deletionGracePeriodSeconds") : ownGrace;
        long deadline = Json.number(spec, -1, "activeDeadlineSeconds");
        return new PodSpec(
                ObjectKey.of(PODS, Json.text(meta, "namespace"), Json.text(meta, "name")),
                new Uid(Json.text(meta, "uid")),
                Json.number(meta, 0, "generation"),
                strings(meta.path("labels")),
                strings(meta.path("annotations")),
                RestartPolicy.parse(Json.text(spec, "restartPolicy")),
                spec.path("hostNetwork").asBoolean(false),
                templates(spec.path("initContainers"), true),
                templates(spec.path("containers"), false),
                Duration.ofSeconds(Math.max(0, grace)),
                deleted,
                deadline < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(deadline)),
                pod);
    }

    public String namespace() {
        return key.namespace();
    }

    public String name() {
        return key.name();
    }

    public JsonNode spec() {
        return tree.path("spec");
    }

    /** The status the API server last had. */
    public JsonNode knownStatus() {
        return tree.path("status");
    }

    /** {@code name_namespace(uid)}, as Kubernetes' messages name a Pod. */
    public String fullName() {
        return name() + "_" + namespace() + "(" + uid + ")";
    }

    /** Its containers are over for good, says the API server: nothing may be started again. */
    public boolean isTerminal() {
        String phase = Json.text(knownStatus(), "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** All containers, init containers first. */
    public List<ContainerTemplate> allContainers() {
        List<ContainerTemplate> all = new ArrayList<>(initContainers);
        all.addAll(containers);
        return all;
    }

    public Optional<ContainerTemplate> container(String name) {
        return allContainers().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    private static List<ContainerTemplate> templates(JsonNode list, boolean init) {
        List<ContainerTemplate> templates = new ArrayList<>();
        list.forEach(container -> templates.add(ContainerTemplate.read(container, init)));
        return List.copyOf(templates);
    }

    private static Map<String, String> strings(JsonNode map) {
        Map<String, String> strings = new HashMap<>();
        map.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
        return Map.copyOf(strings);
    }
}
