package io.ruori.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** The OpenAPI v3 definitions of the built-in types, with their descriptions. Large, so read by package where needed. */
public final class Definitions {
    private Definitions() {}

    /** {@code io.k8s.api.core.v1} of {@code io.k8s.api.core.v1.Pod}. */
    public static String packageOf(String definitionName) {
        return definitionName.substring(0, definitionName.lastIndexOf('.'));
    }

    /** Where the build puts the definitions of a package. */
    public static String resource(String packageName) {
        return "io/ruori/schema/openapi/" + packageName + ".json.gz";
    }

    /** The definitions of a package by name, in a tree that is the caller's own; empty for a package that is not ours. */
    public static ObjectNode of(String packageName) {
        try (InputStream in = Definitions.class.getClassLoader().getResourceAsStream(resource(packageName))) {
            return in == null ? Json.object() : Json.read(new GZIPInputStream(in).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
