package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.schema.Definitions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where OpenAPI v3 definitions come from, by name. */
@FunctionalInterface
public interface DefinitionSource {
    /** What types begin with that no source of Kubernetes' own describes here. */
    List<String> WRITTEN_BY_HAND = List.of("io.ruori.", "io.k8s.metrics.");

    /** A definition; a missing node where nobody described it. The tree must not be changed. */
    JsonNode definition(String name);

    /** The built-in ones. Keeps each package it was asked for, so it should live no longer than documents are made. */
    static DefinitionSource builtIn() {
        Map<String, ObjectNode> packages = new HashMap<>();
        return name -> packages.computeIfAbsent(
                        Definitions.packageOf(name),
                        of -> WRITTEN_BY_HAND.stream().anyMatch(of::startsWith)
                                ? OwnDefinitions.of(of)
                                : Definitions.of(of))
                .path(name);
    }
}
