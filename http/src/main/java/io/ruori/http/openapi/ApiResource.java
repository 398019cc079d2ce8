package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.core.structural.CustomSchema;
import io.ruori.kind.Kind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A resource to document.
 *
 * @param plural as in the path
 * @param definition name of the kind's definition, such as {@code io.k8s.api.apps.v1.Deployment}
 * @param verbs what it answers to, as in discovery
 * @param answersWithDeleted deleting one is answered with the object; otherwise, with a Status
 */
public record ApiResource(
        GroupVersion groupVersion,
        String kind,
        String plural,
        boolean namespaced,
        String definition,
        Set<String> verbs,
        boolean answersWithDeleted,
        List<Part> parts,
        @Nullable Described described) {

    /**
     * What a CustomResourceDefinition says of a kind.
     *
     * @param schema as it stands there
     */
    public record Described(String listKind, JsonNode schema) {}

    /**
     * A sub-resource.
     *
     * @param kind its own kind: the parent's for {@code status}, {@code Scale} for {@code scale}
     * @param definition of its own kind; empty where it is a stream or text, such as {@code log}
     * @param verbs get, update, patch, create or connect
     */
    public record Part(String name, GroupVersion groupVersion, String kind, String definition, Set<String> verbs) {}

    /**
     * @param parts the sub-resources in the order of their names
     */
    public static ApiResource of(Kind kind, List<Part> parts) {
        CustomSchema custom = kind.custom();
        return new ApiResource(
                new GroupVersion(kind.group(), kind.version()),
                kind.kind(),
                kind.plural(),
                kind.isNamespaced(),
                kind.schemaName(),
                kind.verbs(),
                kind.isDeletedObjectAnswered(),
                parts,
                custom == null
                        ? null
                        : new Described(kind.listKind(), custom.structure().source()));
    }
}
