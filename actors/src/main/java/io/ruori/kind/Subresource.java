package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import java.time.Instant;
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
 */
public record Subresource(
        String name,
        String group,
        String version,
        String kind,
        String schemaName,
        Set<String> verbs,
        Function<JsonNode, ObjectNode> read,
        Fold write) {

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
