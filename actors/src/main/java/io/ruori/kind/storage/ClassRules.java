package io.ruori.kind.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Column;
import io.ruori.kind.Syntax;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the two sorts of classes share: a driver and its parameters, which never change. */
final class ClassRules {
    private static final int MOST_PARAMETERS = 512;
    private static final int PARAMETER_BYTES = 256 << 10;

    private ClassRules() {}

    static void driver(JsonNode object, String field, FieldErrors errors) {
        String driver = Json.text(object, field);
        if (driver.isEmpty()) {
            errors.required(field, "");
        } else {
            Checks.each(Syntax.qualifiedName(driver.toLowerCase(Locale.ROOT)), field, driver, errors);
        }
    }

    static void parameters(JsonNode object, boolean mayBeEmpty, FieldErrors errors) {
        JsonNode parameters = object.path("parameters");
        if (parameters.size() > MOST_PARAMETERS) {
            errors.tooLong("parameters", MOST_PARAMETERS);
            return;
        }
        long size = 0;
        for (var parameter : parameters.properties()) {
            if (parameter.getKey().isEmpty()) {
                errors.invalid("parameters", "", "field can not be empty.");
            }
            size += bytes(parameter.getKey()) + bytes(parameter.getValue().asText());
        }
        if (size > PARAMETER_BYTES) {
            errors.tooLong("parameters", PARAMETER_BYTES);
        }
        if (!mayBeEmpty && parameters.isEmpty()) {
            errors.required("parameters", "must contain at least one key/value pair");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void fixed(JsonNode updated, JsonNode old, String field, FieldErrors errors) {
        // Parameters that are absent are as good as none.
        boolean bothEmpty = isNothing(updated.path(field)) && isNothing(old.path(field));
        if (!bothEmpty && !Checks.same(updated.path(field), old.path(field))) {
            errors.forbidden(field, "updates to " + field + " are forbidden.");
        }
    }

    private static boolean isNothing(JsonNode value) {
        return !value.isValueNode() && value.isEmpty();
    }

    /** The name, and that it is what is taken where nothing is said. */
    static Column name(String... defaultAnnotations) {
        List<String> annotations = Arrays.asList(defaultAnnotations);
        return new Column("Name", "string", "name", "The name, unique among classes.", 0, (object, now) -> {
            String name = Json.text(object, "metadata", "name");
            boolean isDefault = annotations.stream()
                    .anyMatch(key ->
                            Json.text(object, "metadata", "annotations", key).equals("true"));
            return isDefault ? name + " (default)" : name;
        });
    }
}
