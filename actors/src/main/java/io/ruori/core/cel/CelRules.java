package io.ruori.core.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.jspecify.annotations.Nullable;

/**
 * The rules of a schema, compiled when the first object is checked and then kept. A rule sees the value it stands at as {@code
 * self} and what stood there before as {@code oldSelf}; one that asks for {@code oldSelf} runs only where there is one to
 * compare with. What did not change since the last write is let pass, as in all of validation.
 */
public final class CelRules {
    /** Rules run for one write; a coarse guard beside the limit on each rule's loops. */
    private static final int MOST_RUNS = 100_000;

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
        validateAt("", true, object, old, errors);
    }

    /** The same for a part of an object, such as a default. */
    public void validatePart(JsonNode value, FieldErrors errors) {
        validateAt("", false, value, null, errors);
    }

    void validateAt(String path, boolean isRoot, JsonNode object, @Nullable JsonNode old, FieldErrors errors) {
        if (isAny()) {
            new Walk(errors).value(object, old, root, path, isRoot, false);
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
        private int runs;
        private boolean exhausted;

        Walk(FieldErrors errors) {
            this.errors = errors;
        }

        /** @param settled whether something above did not change: then nothing below is held against the writer */
        void value(
                JsonNode value,
                @Nullable JsonNode old,
                @Nullable StructuralSchema schema,
                String path,
                boolean isRoot,
                boolean settled) {
            List<RuleProgram> rules = schema == null ? null : compiled().get(schema);
            if (schema == null || rules == null || value.isNull() || exhausted) {
                return;
            }
            boolean unchanged = settled || (old != null && JsonValues.same(value, old));
            if (!rules.isEmpty()) {
                run(rules, value, old, new Place(schema, path, isRoot, unchanged));
            }
            switch (value) {
                case ObjectNode object -> {
                    object.properties().forEach(field -> {
                        String name = field.getKey();
                        boolean declared = schema.properties().containsKey(name);
                        String below = declared ? path.isEmpty() ? name : path + "." + name : path + "[" + name + "]";
                        JsonNode before = old == null ? null : old.get(name);
                        value(field.getValue(), before, schema.member(name), below, false, unchanged);
                    });
                }
                case ArrayNode list -> {
                    OldElements before = OldElements.of(old, schema);
                    for (int i = 0; i < list.size(); i++) {
                        JsonNode element = list.get(i);
                        value(element, before.like(element), schema.items(), path + "[" + i + "]", false, unchanged);
                    }
                }
                default -> {}
            }
        }

        private void run(List<RuleProgram> rules, JsonNode value, @Nullable JsonNode old, Place place) {
            Object self = SchemaValues.of(value, place.schema, place.isRoot);
            Object before = old == null || old.isNull() ? null : SchemaValues.of(old, place.schema, place.isRoot);
            for (RuleProgram program : rules) {
                boolean optional = program.rule().optionalOldSelf();
                boolean applies = !program.usesOldSelf() || before != null || optional;
                if (!applies || (place.unchanged && !program.usesOldSelf()) || exhausted) {
                    continue;
                }
                if (++runs > MOST_RUNS) {
                    exhaust(
                            place,
                            "validation failed due to running out of cost budget, no further validation rules will"
                                    + " be run");
                    return;
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
            try {
                if (!program.holds(variables)) {
                    refuse(program, variables, value, place);
                }
            } catch (CelEvaluationException e) {
                String rule = program.rule().rule().strip();
                switch (e.getErrorCode()) {
                    case ITERATION_BUDGET_EXCEEDED ->
                        exhaust(
                                place,
                                "'operation cancelled: actual cost limit exceeded': no further validation rules will"
                                        + " be run due to call cost exceeds limit for rule: " + rule);
                    case OVERLOAD_NOT_FOUND ->
                        errors.invalid(
                                place.path(),
                                place.schema.type(),
                                "'no such overload': call arguments did not match a supported operator, function or"
                                        + " macro signature for rule: " + rule);
                    default ->
                        errors.invalid(
                                place.path(), place.schema.type(), Faults.words(e) + " evaluating rule: " + rule);
                }
            }
        }

        private void refuse(RuleProgram program, Map<String, Object> variables, JsonNode value, Place place) {
            CelRule rule = program.rule();
            String message = program.message(variables);
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
