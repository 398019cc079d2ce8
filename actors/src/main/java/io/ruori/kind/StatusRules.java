package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What counters in a status must satisfy. */
public final class StatusRules {
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");

    private StatusRules() {}

    public static void counts(JsonNode status, FieldErrors errors, String... fields) {
        for (String field : fields) {
            Checks.nonNegative(status.path(field), "status." + field, errors);
        }
    }

    public static void atMost(JsonNode status, String field, long limit, String name, FieldErrors errors) {
        long value = Json.number(status, 0, field);
        if (value > limit) {
            errors.invalid("status." + field, value, "cannot be greater than " + name);
        }
    }

    public static void neverLess(JsonNode status, JsonNode old, String field, String text, FieldErrors errors) {
        long value = Json.number(status, 0, field);
        if (value < Json.number(old, 0, field)) {
            errors.invalid("status." + field, value, text);
        }
    }

    /** Conditions in the form that newer kinds share. */
    public static void conditions(JsonNode status, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(status, "conditions", "status", (condition, path) -> {
            String type = Json.text(condition, "type");
            Checks.each(Syntax.qualifiedName(type), path + ".type", type, errors);
            if (!seen.add(type)) {
                errors.duplicate(path + ".type", type);
            }
            String value = Json.text(condition, "status");
            if (!STATUSES.contains(value)) {
                errors.notSupported(path + ".status", value, STATUSES);
            }
            for (String field : List.of("lastTransitionTime", "reason")) {
                if (Json.text(condition, field).isEmpty()) {
                    errors.required(path + "." + field, "must be set");
                }
            }
        });
    }

    /** Conditions of which only the type is checked. */
    public static void namedConditions(JsonNode status, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(status, "conditions", "status", (condition, path) -> {
            String type = Json.text(condition, "type");
            if (!seen.add(type)) {
                errors.duplicate(path + ".type", type);
            }
            if (type.isEmpty()) {
                errors.required(path + ".type", "must not be empty");
            }
        });
    }
}
