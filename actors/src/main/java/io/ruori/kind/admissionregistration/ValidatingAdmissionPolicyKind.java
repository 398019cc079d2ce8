package io.ruori.kind.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.StatusRules;
import io.ruori.kind.Syntax;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** ValidatingAdmissionPolicies: expressions that may refuse what is written. */
public final class ValidatingAdmissionPolicyKind {
    public static final Kind KIND = MatchRules.kind("ValidatingAdmissionPolicy", "validatingadmissionpolicies")
            .status()
            .revisionRequired()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.number("Validations", "How many expressions it checks.", p ->
                            (long) Json.at(p, "spec", "validations").size()),
                    Columns.text("ParamKind", "The kind of its parameters.", PolicyRules::parameters),
                    Columns.age())
            .build();

    private ValidatingAdmissionPolicyKind() {}

    private static final class Rules extends PolicyRules {
        private static final List<String> REASONS = List.of("Forbidden", "Invalid", "RequestEntityTooLarge");
        private static final int MOST_AUDIT_ANNOTATIONS = 20;
        private static final int LONGEST_VALUE_EXPRESSION = 5 * 1024;

        @Override
        public Set<String> metadataOutsideStatus() {
            return WRITABLE_METADATA;
        }

        @Override
        public void prepareCreate(ObjectNode policy) {
            policy.putObject("status");
        }

        @Override
        void what(JsonNode policy, JsonNode spec, FieldErrors errors) {
            if (spec.path("validations").isEmpty()
                    && spec.path("auditAnnotations").isEmpty()) {
                for (String list : List.of("validations", "auditAnnotations")) {
                    errors.required("spec." + list, "validations or auditAnnotations must contain at least one item");
                }
                return;
            }
            Checks.eachOf(spec, "validations", "spec", (validation, path) -> validation(validation, path, errors));
            JsonNode annotations = spec.path("auditAnnotations");
            if (annotations.size() > MOST_AUDIT_ANNOTATIONS) {
                errors.invalid(
                        "spec.auditAnnotations",
                        annotations,
                        "must not have more than " + MOST_AUDIT_ANNOTATIONS + " auditAnnotations");
            }
            String name = Json.text(policy, "metadata", "name");
            Set<String> seen = new HashSet<>();
            Checks.eachOf(spec, "auditAnnotations", "spec", (annotation, path) -> {
                String key = Json.text(annotation, "key");
                Checks.each(Syntax.qualifiedName(name + "/" + key), path + ".key", name + "/" + key, errors);
                value(annotation, path, errors);
                if (!seen.add(key)) {
                    errors.duplicate(path + ".key", key);
                }
            });
        }

        private static void value(JsonNode annotation, String path, FieldErrors errors) {
            expression(annotation, "valueExpression", path, errors);
            if (Json.text(annotation, "valueExpression").strip().length() > LONGEST_VALUE_EXPRESSION) {
                errors.required(
                        path + ".valueExpression", "must not exceed " + LONGEST_VALUE_EXPRESSION + " bytes in length");
            }
        }

        private static void validation(JsonNode validation, String path, FieldErrors errors) {
            expression(validation, "expression", path, errors);
            String made = Json.text(validation, "messageExpression");
            if (!made.isEmpty() && made.isBlank()) {
                errors.invalid(path + ".messageExpression", made, "must be non-empty if specified");
            }
            String message = Json.text(validation, "message");
            if (!message.isEmpty() && message.isBlank()) {
                errors.invalid(path + ".message", message, "message must be non-empty if specified");
            } else if (message.strip().chars().anyMatch(c -> c == '\n' || c == '\r')) {
                errors.invalid(path + ".message", message, "message must not contain line breaks");
            }
            JsonNode reason = validation.path("reason");
            if (Json.isPresent(reason) && !REASONS.contains(reason.asText())) {
                errors.notSupported(path + ".reason", reason, REASONS);
            }
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            JsonNode status = updated.path("status");
            Checks.eachOf(status.path("typeChecking"), "expressionWarnings", "status.typeChecking", (warning, path) -> {
                for (String field : List.of("warning", "fieldRef")) {
                    Checks.required(warning, field, path, errors);
                }
            });
            StatusRules.conditions(status, errors);
        }
    }
}
