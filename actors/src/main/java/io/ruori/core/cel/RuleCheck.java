package io.ruori.core.cel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.core.structural.StructuralSchema;
import io.ruori.core.structural.StructuralSchema.CelRule;
import java.util.List;

/** Compiles the rules of a schema to see whether they could run, and whether what they compare can be compared. */
final class RuleCheck {
    private final FieldErrors errors;

    private RuleCheck(FieldErrors errors) {
        this.errors = errors;
    }

    static void check(StructuralSchema schema, String path, FieldErrors errors) {
        new RuleCheck(errors).node(schema, path, true, "");
    }

    /**
     * @param unmatched the innermost list or map above whose elements have no counterpart in an older object; empty for none
     */
    private void node(StructuralSchema schema, String path, boolean isRoot, String unmatched) {
        String inProperties = schema.mapType().equals("atomic") ? path : unmatched;
        schema.properties()
                .forEach((name, property) -> node(property, path + ".properties[" + name + "]", false, inProperties));
        if (schema.additional() != null) {
            node(schema.additional(), path + ".additionalProperties", false, inProperties);
        }
        if (schema.items() != null) {
            node(schema.items(), path + ".items", false, schema.isMapList() ? unmatched : path);
        }
        if (schema.rules().isEmpty()) {
            return;
        }
        if (!SchemaTypes.canSee(schema, isRoot)) {
            errors.add(
                    FieldError.Reason.INVALID,
                    path + ".x-kubernetes-validations",
                    "Internal error: internal error: failed to retrieve type information for x-kubernetes-validations");
            return;
        }
        List<RuleProgram> programs = RuleProgram.compile(schema, isRoot);
        for (int i = 0; i < programs.size(); i++) {
            rule(programs.get(i), path + ".x-kubernetes-validations[" + i + "]", unmatched);
        }
    }

    private void rule(RuleProgram program, String path, String unmatched) {
        CelRule rule = program.rule();
        if (!program.error().isEmpty()) {
            errors.invalid(path + ".rule", shown(rule), program.error());
            return;
        }
        if (!program.messageError().isEmpty()) {
            errors.invalid(path + ".messageExpression", shown(rule), program.messageError());
        }
        if (program.usesOldSelf() && !unmatched.isEmpty()) {
            errors.invalid(
                    path + ".rule",
                    rule.rule(),
                    "oldSelf cannot be used on the uncorrelatable portion of the schema within " + unmatched);
        }
        if (!program.usesOldSelf() && rule.optionalOldSelf()) {
            errors.invalid(path + ".optionalOldSelf", true, "may not be set if oldSelf is not used in rule");
        }
    }

    /** As upstream's own type shows itself. */
    private static ObjectNode shown(CelRule rule) {
        ObjectNode shown = Json.object()
                .put("Rule", rule.rule())
                .put("Message", rule.message())
                .put("MessageExpression", rule.messageExpression());
        if (rule.reason().isEmpty()) {
            shown.putNull("Reason");
        } else {
            shown.put("Reason", rule.reason());
        }
        shown.put("FieldPath", rule.fieldPath());
        return rule.optionalOldSelf() ? shown.put("OptionalOldSelf", true) : shown.putNull("OptionalOldSelf");
    }
}
