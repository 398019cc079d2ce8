package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A part of an object that is written on its own: {@code status}, {@code scale}, {@code binding} …
 *
 * @param name as in the path
 * @param group group of the sub-resource's own kind
 * @param version version of the sub-resource's own kind
 * @param kind the sub-resource's own kind, {@code Scale} for example; the parent's for {@code status}
 * @param schemaName definition of that kind
 * @param verbs what it answers to: get, patch, update, create
 * @param read what a GET shows of the object; identity for {@code status}
 * @param write the object after this part was set to what the client sent
 * @param place where in the object that lies, by the names of the fields on the way: what is applied elsewhere is nobody's. A
 *     part of a form of its own says where its {@code spec.replicas} is kept. Empty for parts that nobody applies.
 */
public record Subresource(
        String name,
        String group,
        String version,
        String kind,
        String schemaName,
        Set<String> verbs,
        Function<JsonNode, ObjectNode> read,
        Fold write,
        List<String> place) {

    /** A part that nobody applies. */
    public Subresource(
            String name,
            String group,
            String version,
            String kind,
            String schemaName,
            Set<String> verbs,
            Function<JsonNode, ObjectNode> read,
            Fold write) {
        this(name, group, version, kind, schemaName, verbs, read, write, List.of());
    }

    /** The version its own kind is of, such as {@code autoscaling/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Folds an edited part back into its object; {@code now} is for the conditions a fold sets. */
    @FunctionalInterface
    public interface Fold {
        Folded apply(ObjectNode live, JsonNode edited, Instant now);
    }

    /** The result of a fold. */
    public sealed interface Folded {
        /** The object to store. */
        record Into(ObjectNode object) implements Folded {}

        record Refused(ApiStatus status) implements Folded {}
    }
}
