package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The definitions of types that this project describes itself: a file for each package, beside this class. */
final class OwnDefinitions {
    private OwnDefinitions() {}

    static ObjectNode of(String packageName) {
        try (InputStream in = OwnDefinitions.class.getResourceAsStream(packageName + ".json")) {
            if (in == null) {
                throw new IllegalStateException("this build lacks the definitions of " + packageName);
            }
            return Json.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
