package io.ruori.core.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cel.runtime.CelEvaluationException;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.core.patch.JsonValues;
import io.ruori.core.structural.OldElements;
import io.ruori.core.structural.StructuralSchema;
import io.ruori.core.structural.StructuralSchema.CelRule;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a schema, compiled when the first object is checked and then kept. A rule sees the value it stands at as {@code
 * self} and what stood there before as {@code oldSelf}; one that asks for {@code oldSelf} runs only where there is one to
 * compare with. What did not change since the last write is let pass, as in all of validation. Running costs, and is stopped
 * where it costs too much.
 */
public final class CelRules {
    /** What running one rule once may cost; upstream's PerCallLimit, a tenth of a second or so. */
    private static final long ONE_RUN = 1_000_000;

    /** What running all the rules for one write may cost; upstream's RuntimeCELCostBudget. */
    private static final long ALL_RUNS = 10_000_000;

    private static final String OUT_OF_BUDGET =
            "validation failed due to running out of cost budget, no further validation rules will be run";

    /** What every object says, whatever is stored of it. */
    private static final Set<String> NOT_STORED = Set.of("apiVersion", "kind");

    private final StructuralSchema root;

    /** Schemas that have rules, or have some below. Made once; a race only repeats the work. */
    private volatile @Nullable IdentityHashMap<StructuralSchema, List<RuleProgram>> compiled;

    public CelRules(StructuralSchema root) {
        this.root = root;
    }

    private IdentityHashMap<StructuralSchema, List<RuleProgram>> compiled() {
        IdentityHashMap<StructuralSchema, List<RuleProgram>> known = compiled;
        if (known == null) {
            IdentityHashMap<StructuralSchema, List<RuleProgram>> made = new IdentityHashMap<>();
            compile(root, true, made);
            known = made;
            compiled = made;
        }
        return known;
    }

    private static boolean compile(
            StructuralSchema schema, boolean isRoot, IdentityHashMap<StructuralSchema, List<RuleProgram>> into) {
        boolean any = !schema.rules().isEmpty() && SchemaTypes.canSee(schema, isRoot);
        for (StructuralSchema property : schema.properties().values()) {
            any |= compile(property, false, into);
        }
        if (schema.additional() != null) {
            any |= compile(schema.additional(), false, into);
        }
        if (schema.items() != null) {
            any |= compile(schema.items(), false, into);
        }
        if (any) {
            into.put(schema, RuleProgram.compile(schema, isRoot));
        }
        return any;
    }

    public boolean isAny() {
        return !compiled().isEmpty();
    }

    /**
     * Runs them all.
     *
     * @param old null on create
     */
    public void validate(JsonNode object, @Nullable JsonNode old, FieldErrors errors) {
        validateAt("", true, object, old, ALL_RUNS, errors);
    }

    /** The same for a part of an object, such as a default. */
    public void validatePart(JsonNode value, FieldErrors errors) {
        validateAt("", false, value, null, ALL_RUNS, errors);
    }

    void validateAt(
            String path, boolean isRoot, JsonNode object, @Nullable JsonNode old, long budget, FieldErrors errors) {
        if (isAny()) {
            boolean isUnchanged = old != null && JsonValues.same(object, old);
            new Walk(budget, errors).value(object, old, root, path, isRoot, isUnchanged);
        }
    }

    /** Whether a rule's {@code fieldPath} names something that the schema describes. */
    public static boolean isPath(String fieldPath, StructuralSchema schema) {
        return FieldPath.of(fieldPath, schema) != null;
    }

    /**
     * What is wrong with the rules of a schema that is fine otherwise.
     *
     * @param isUnchanged whether it is what was accepted before: then no single rule is held to cost too much
     */
    public static void check(StructuralSchema schema, String path, boolean isUnchanged, FieldErrors errors) {
        RuleCheck.check(schema, path, isUnchanged, errors);
    }

    private final class Walk {
        private final FieldErrors errors;
        private long budget;
        private boolean exhausted;

        Walk(long budget, FieldErrors errors) {
            this.budget = budget;
            this.errors = errors;
        }

        /** @param unchanged whether this or something above is what it was: then it is not held against the writer */
        void value(
                JsonNode value,
                @Nullable JsonNode old,
                @Nullable StructuralSchema schema,
                String path,
                boolean isRoot,
                boolean unchanged) {
            List<RuleProgram> rules = schema == null ? null : compiled().get(schema);
            if (schema == null || rules == null || value.isNull() || exhausted) {
                return;
            }
            if (!rules.isEmpty()) {
                run(rules, value, old, new Place(schema, path, isRoot, unchanged));
            }
            switch (value) {
                case ObjectNode object ->
                    object.properties().forEach(field -> {
                        String name = field.getKey();
                        boolean declared = schema.properties().containsKey(name);
                        String below = declared ? path.isEmpty() ? name : path + "." + name : path + "[" + name + "]";
                        JsonNode before = old == null ? null : old.get(name);
                        boolean same =
                                isSame(field.getValue(), before, unchanged) && !(isRoot && NOT_STORED.contains(name));
                        value(field.getValue(), before, schema.member(name), below, false, same);
                    });
                case ArrayNode list -> {
                    OldElements olds = OldElements.of(old, schema);
                    for (int i = 0; i < list.size(); i++) {
                        JsonNode element = list.get(i);
                        JsonNode before = olds.like(element);
                        boolean same = isSame(element, before, unchanged);
                        value(element, before, schema.items(), path + "[" + i + "]", false, same);
                    }
                }
                default -> {}
            }
        }

        private static boolean isSame(JsonNode value, @Nullable JsonNode before, boolean isAbove) {
            return isAbove || (before != null && JsonValues.same(value, before));
        }

        private void run(List<RuleProgram> rules, JsonNode value, @Nullable JsonNode old, Place place) {
            if (budget <= 0) {
                exhaust(place, OUT_OF_BUDGET);
                return;
            }
            Object self = SchemaValues.of(value, place.schema, place.isRoot);
            Object before = old == null || old.isNull() ? null : SchemaValues.of(old, place.schema, place.isRoot);
            for (RuleProgram program : rules) {
                boolean optional = program.rule().optionalOldSelf();
                if (exhausted || (program.usesOldSelf() && before == null && !optional)) {
                    continue;
                }
                Map<String, Object> variables = new LinkedHashMap<>();
                variables.put("self", self);
                if (optional) {
                    variables.put("oldSelf", Optional.ofNullable(before));
                } else if (before != null) {
                    variables.put("oldSelf", before);
                }
                run(program, variables, value, place);
            }
        }

        private void exhaust(Place place, String why) {
            errors.invalid(place.path(), place.schema.type(), why);
            exhausted = true;
        }

        private void run(RuleProgram program, Map<String, Object> variables, JsonNode value, Place place) {
            if (!program.error().isEmpty()) {
                errors.invalid(place.path(), place.schema.type(), "rule compile error: " + program.error());
                return;
            }
            String rule = program.rule().rule().strip();
            ActualCost cost = new ActualCost(ONE_RUN);
            boolean holds = true;
            String wrong = "";
            try {
                holds = program.holds(variables, cost);
            } catch (ActualCost.Exceeded e) {
                holds = false; // and told of below, unless there was even less to spend
            } catch (CelEvaluationException e) {
                wrong = switch (e.getErrorCode()) {
                    case OVERLOAD_NOT_FOUND ->
                        "'no such overload': call arguments did not match a supported operator, function or macro"
                                + " signature for rule: " + rule;
                    default -> Faults.words(e) + " evaluating rule: " + rule;
                };
            }
            if (cost.spent() > budget) {
                exhaust(place, OUT_OF_BUDGET);
                return;
            }
            budget -= cost.spent();
            if (cost.isExceeded()) {
                exhaust(
                        place,
                        "'operation cancelled: actual cost limit exceeded': no further validation rules will be run due"
                                + " to call cost exceeds limit for rule: " + rule);
            } else if (!wrong.isEmpty()) {
                errors.invalid(place.path(), place.schema.type(), wrong);
            } else if (!holds && (!place.unchanged || program.usesOldSelf())) {
                refuse(program, variables, value, place);
            }
        }

        /** Empty when there is no more to spend, which has been said then. */
        private String message(RuleProgram program, Map<String, Object> variables, Place place) {
            ActualCost cost = new ActualCost(ONE_RUN);
            String message = program.message(variables, cost);
            if (cost.spent() > budget) {
                exhaust(
                        place,
                        "messageExpression evaluation failed due to running out of cost budget, no further validation"
                                + " rules will be run");
                return "";
            }
            budget -= cost.spent();
            if (cost.isExceeded()) {
                exhaust(
                        place,
                        "no further validation rules will be run due to call cost exceeds limit for messageExpression: "
                                + TextNode.valueOf(program.rule().messageExpression()));
                return "";
            }
            return message;
        }

        private void refuse(RuleProgram program, Map<String, Object> variables, JsonNode value, Place place) {
            CelRule rule = program.rule();
            String message = message(program, variables, place);
            if (exhausted) {
                return;
            }
            String field = rule.fieldPath().isEmpty() ? place.path() : place.below(rule.fieldPath());
            boolean isContainer =
                    place.schema.type().equals("object") || place.schema.type().equals("array");
            switch (rule.reason()) {
                case "FieldValueRequired" -> errors.required(field, message);
                case "FieldValueForbidden" -> errors.forbidden(field, message);
                case "FieldValueDuplicate" -> {
                    if (isContainer) {
                        errors.add(FieldError.Reason.DUPLICATE, field, "Duplicate value");
                    } else {
                        errors.duplicate(field, value);
                    }
                }
                default -> {
                    if (isContainer) {
                        errors.invalid(field, message);
                    } else {
                        errors.invalid(field, value, message);
                    }
                }
            }
        }
    }

    /** Where rules run. */
    private record Place(StructuralSchema schema, String at, boolean isRoot, boolean unchanged) {
        String path() {
            return at.isEmpty() ? "<nil>" : at;
        }

        String below(String fieldPath) {
            String normalized = FieldPath.of(fieldPath, schema);
            return normalized == null ? path() : at.isEmpty() ? normalized : at + "." + normalized;
        }
    }
}
