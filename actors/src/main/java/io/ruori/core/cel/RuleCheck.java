package io.ruori.core.cel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.core.structural.StructuralSchema;
import io.ruori.core.structural.StructuralSchema.CelRule;
import java.util.List;

/**
 * Compiles the rules of a schema to see whether they could run, whether what they compare can be compared, and whether running
 * them could take too long.
 */
final class RuleCheck {
    private final FieldErrors errors;
    private final CostLimits costs;

    private RuleCheck(FieldErrors errors, CostLimits costs) {
        this.errors = errors;
        this.costs = costs;
    }

    static void check(StructuralSchema schema, String path, boolean isUnchanged, FieldErrors errors) {
        CostLimits costs = new CostLimits(isUnchanged, errors);
        new RuleCheck(errors, costs).node(schema, path, true, "", 1);
        costs.total(path);
    }

    /**
     * @param unmatched the innermost list above whose elements have no counterpart in an older object; empty for none
     * @param times how often there can be one, by the limits of lists and maps above
     */
    private void node(StructuralSchema schema, String path, boolean isRoot, String unmatched, long times) {
        long below = CostLimits.below(schema, times);
        schema.properties()
                .forEach((name, property) ->
                        node(property, path + ".properties[" + name + "]", false, unmatched, below));
        if (schema.additional() != null) {
            node(schema.additional(), path + ".additionalProperties", false, unmatched, below);
        }
        if (schema.items() != null) {
            node(schema.items(), path + ".items", false, schema.isMapList() ? unmatched : path, below);
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
        long most = times == CostLimits.UNBOUNDED ? new SchemaSizes(schema, isRoot).occurrences() : times;
        for (int i = 0; i < programs.size(); i++) {
            String at = path + ".x-kubernetes-validations[" + i + "]";
            costs.rule(programs.get(i), at, most);
            rule(programs.get(i), at, unmatched);
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
