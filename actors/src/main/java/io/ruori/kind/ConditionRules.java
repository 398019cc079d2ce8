package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Conditions in the form all kinds share since {@code meta/v1} has one. */
public final class ConditionRules {
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");
    private static final String REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
    private static final Pattern REASON_RE = Pattern.compile(REASON);
    private static final int LONGEST_REASON = 1024;
    private static final int LONGEST_MESSAGE = 32 * 1024;

    private ConditionRules() {}

    public static void validate(JsonNode conditions, String path, FieldErrors errors) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < conditions.size(); i++) {
            String at = path + "[" + i + "]";
            String type = Json.text(conditions.get(i), "type");
            if (!types.add(type)) {
                errors.duplicate(at, type);
            }
            condition(conditions.get(i), type, at, errors);
        }
    }

    private static void condition(JsonNode condition, String type, String path, FieldErrors errors) {
        if (type.isEmpty()) {
            errors.required(path + ".type", "is required");
        } else {
            Checks.each(Syntax.qualifiedName(type), path + ".type", type, errors);
        }
        String status = Json.text(condition, "status");
        if (status.isEmpty()) {
            errors.required(path + ".status", "");
        } else if (!STATUSES.contains(status)) {
            errors.notSupported(path + ".status", status, STATUSES);
        }
        if (Json.number(condition, 0, "observedGeneration") < 0) {
            errors.invalid(
                    path + ".observedGeneration",
                    condition.path("observedGeneration"),
                    "must be greater than or equal to zero");
        }
        if (!condition.hasNonNull("lastTransitionTime")) {
            errors.required(path + ".lastTransitionTime", "");
        }
        String reason = Json.text(condition, "reason");
        if (reason.isEmpty()) {
            errors.required(path + ".reason", "");
        } else if (reason.length() > LONGEST_REASON) {
            errors.tooLong(path + ".reason", LONGEST_REASON);
        } else if (!REASON_RE.matcher(reason).matches()) {
            errors.invalid(
                    path + ".reason",
                    reason,
                    "a condition reason must start with alphabetic character, optionally followed by a string of"
                            + " alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'"
                            + " (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or"
                            + " 'ReasonA:ReasonB', regex used for validation is '" + REASON + "')");
        }
        if (Json.text(condition, "message").length() > LONGEST_MESSAGE) {
            errors.tooLong(path + ".message", LONGEST_MESSAGE);
        }
    }
}
