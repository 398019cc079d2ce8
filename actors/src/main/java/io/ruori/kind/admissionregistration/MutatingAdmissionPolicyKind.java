package io.ruori.kind.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import java.util.List;

/** MutatingAdmissionPolicies: expressions that change what is written. */
public final class MutatingAdmissionPolicyKind {
    public static final Kind KIND = MatchRules.kind("MutatingAdmissionPolicy", "mutatingadmissionpolicies")
            .revisionRequired()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.number("Mutations", "How many expressions change objects.", p ->
                            (long) Json.at(p, "spec", "mutations").size()),
                    Columns.text("ParamKind", "The kind of its parameters.", PolicyRules::parameters),
                    Columns.age())
            .build();

    private MutatingAdmissionPolicyKind() {}

    private static final class Rules extends PolicyRules {
        private static final List<String> PATCH_TYPES = List.of("ApplyConfiguration", "JSONPatch");

        @Override
        public void applyDefaults(ObjectNode policy) {
            super.applyDefaults(policy);
            ObjectNode spec = Json.child(policy, "spec");
            if (Json.text(spec, "reinvocationPolicy").isEmpty()) {
                spec.put("reinvocationPolicy", "Never");
            }
        }

        @Override
        void what(JsonNode policy, JsonNode spec, FieldErrors errors) {
            if (spec.path("mutations").isEmpty()) {
                errors.required("spec.mutations", "mutations must contain at least one item");
            }
            Checks.eachOf(spec, "mutations", "spec", (mutation, path) -> mutation(mutation, path, errors));
            Checks.oneOf(spec, "reinvocationPolicy", "spec", MatchRules.REINVOCATION_POLICIES, true, errors);
        }

        private static void mutation(JsonNode mutation, String path, FieldErrors errors) {
            Checks.oneOf(mutation, "patchType", path, PATCH_TYPES, true, errors);
            String type = Json.text(mutation, "patchType");
            switch (type) {
                case "ApplyConfiguration" -> only(mutation, "applyConfiguration", "jsonPatch", type, path, errors);
                case "JSONPatch" -> only(mutation, "jsonPatch", "applyConfiguration", type, path, errors);
                default -> {
                    // Refused above.
                }
            }
        }

        private static void only(
                JsonNode mutation, String wanted, String other, String type, String path, FieldErrors errors) {
            if (mutation.path(wanted).isObject()) {
                expression(mutation.path(wanted), "expression", path + "." + wanted, errors);
            } else {
                errors.required(path + "." + wanted, "must be specified when patchType is " + type);
            }
            if (mutation.path(other).isObject()) {
                errors.forbidden(path + "." + other, "may not be specified when patchType is " + type);
            }
        }
    }
}
