package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.ListType;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How ownership sees a value: as one leaf, as fields, or as elements. A value whose type nobody described (null here) has
 * fields when it is an object and is a leaf otherwise.
 */
record FieldTypes(Schemas schemas) {

    /** Ownership never covers these: they identify the object, or the server keeps them. */
    static final Set<String> STRIPPED_AT_TOP = Set.of("apiVersion", "kind");

    static final Set<String> STRIPPED_OF_METADATA = Set.of(
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion");

    /** Structs that upstream embeds by value wherever they occur. */
    private static final Set<String> ALWAYS_THERE = Set.of("metadata", "spec", "status");

    /** More of them. They exist, empty, in every object, so no write adds them. */
    private static final Map<String, Set<String>> ALWAYS_THERE_IN = Map.ofEntries(
            Map.entry("resources", Set.of("Container", "EphemeralContainer", "PersistentVolumeClaimSpec")),
            Map.entry("strategy", Set.of("DeploymentSpec")),
            Map.entry("updateStrategy", Set.of("StatefulSetSpec", "DaemonSetSpec")),
            Map.entry("template", Set.of("PodTemplate")),
            Map.entry("loadBalancer", Set.of("ServiceStatus", "IngressStatus")),
            Map.entry("state", Set.of("ContainerStatus")),
            Map.entry("lastState", Set.of("ContainerStatus")),
            Map.entry("nodeInfo", Set.of("NodeStatus")),
            Map.entry("daemonEndpoints", Set.of("NodeStatus")),
            Map.entry("kubeletEndpoint", Set.of("NodeDaemonEndpoints")),
            Map.entry("podSelector", Set.of("NetworkPolicySpec")),
            Map.entry("port", Set.of("IngressServiceBackend")),
            Map.entry("source", Set.of("Event")),
            Map.entry("regarding", Set.of("Event")),
            Map.entry("deprecatedSource", Set.of("Event")),
            Map.entry("conditions", Set.of("Endpoint")),
            Map.entry("acceptedNames", Set.of("CustomResourceDefinitionStatus")),
            Map.entry("devices", Set.of("ResourceClaimSpec", "AllocationResult")),
            Map.entry("user", Set.of("TokenReviewStatus")),
            Map.entry("userInfo", Set.of("SelfSubjectReviewStatus")));

    enum Shape {
        LEAF,
        FIELDS,
        ELEMENTS
    }

    @Nullable
    Schema resolve(@Nullable Schema type) {
        return type == null ? null : schemas.resolve(type);
    }

    /** The type, resolved, of a field or map value; null where it is not described. */
    @Nullable
    Schema ofField(@Nullable Schema container, String name) {
        return switch (container) {
            case Struct struct -> {
                Schema.Field field = struct.field(name);
                yield field == null ? null : schemas.resolve(field.type());
            }
            case MapOf map -> schemas.resolve(map.values());
            case null, default -> null;
        };
    }

    Shape shape(@Nullable Schema type, JsonNode value) {
        if (value instanceof ObjectNode) {
            boolean isLeaf = switch (type) {
                case Struct struct -> struct.atomic();
                case MapOf map -> map.atomic();
                case null -> false;
                default -> true;
            };
            return isLeaf ? Shape.LEAF : Shape.FIELDS;
        }
        return value instanceof ArrayNode && isAssociative(type) ? Shape.ELEMENTS : Shape.LEAF;
    }

    static boolean isAssociative(@Nullable Schema type) {
        return type instanceof ListOf list && list.type() != ListType.ATOMIC;
    }

    static @Nullable Schema items(@Nullable Schema type) {
        return type instanceof ListOf list ? list.items() : null;
    }

    /** The step that identifies an element; null for one that cannot be identified. */
    static @Nullable String element(@Nullable Schema type, JsonNode element) {
        if (!(type instanceof ListOf list)) {
            return null;
        }
        if (list.type() == ListType.SET) {
            return PathElement.value(element);
        }
        return element.isObject() ? PathElement.key(list.keys(), element) : null;
    }

    /** Whether upstream's objects always have this field, with its zero value at least. */
    static boolean isAlwaysThere(@Nullable Schema container, String name) {
        if (!(container instanceof Struct struct)) {
            return false;
        }
        Schema.Field field = struct.field(name);
        if (struct.name().equals(Schema.UNNAMED) && !name.equals("metadata")) {
            return false;
        }
        if (field == null || field.required() || ALWAYS_THERE.contains(name)) {
            return field != null;
        }
        Set<String> owners = ALWAYS_THERE_IN.get(name);
        return owners != null
                && owners.contains(struct.name().substring(struct.name().lastIndexOf('.') + 1));
    }
}
