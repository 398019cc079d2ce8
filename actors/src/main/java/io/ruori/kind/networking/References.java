package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Syntax;

/** References to objects of any kind. */
final class References {
    private References() {}

    /** {@code apiGroup}, {@code kind} and {@code name}. */
    static void typed(JsonNode reference, String path, FieldErrors errors) {
        if (reference.hasNonNull("apiGroup")) {
            String group = Json.text(reference, "apiGroup");
            Checks.each(Syntax.dnsSubdomain(group), path + ".apiGroup", group, errors);
        }
        segment(reference, "kind", path, errors);
        segment(reference, "name", path, errors);
    }

    /** A field that must hold a segment of a path. */
    static void segment(JsonNode reference, String field, String path, FieldErrors errors) {
        String value = Json.text(reference, field);
        if (value.isEmpty()) {
            errors.required(path + "." + field, "");
        } else {
            Checks.each(Syntax.pathSegment(value), path + "." + field, value, errors);
        }
    }
}
