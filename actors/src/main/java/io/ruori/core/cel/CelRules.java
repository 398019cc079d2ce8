package io.ruori.core.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.runtime.CelEvaluationException;
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
    private volatile @Nullable Map<StructuralSchema, List<RuleProgram>> compiled;

    public CelRules(StructuralSchema root) {
        this.root = root;
    }

    private Map<StructuralSchema, List<RuleProgram>> compiled() {
        Map<StructuralSchema, List<RuleProgram>> known = compiled;
        if (known == null) {
            Map<StructuralSchema, List<RuleProgram>> made = new IdentityHashMap<>();
            compile(root, true, made);
            known = made;
            compiled = made;
        }
        return known;
    }

    private static boolean compile(
            StructuralSchema schema, boolean isRoot, Map<StructuralSchema, List<RuleProgram>> into) {
        boolean any = !schema.rules().isEmpty();
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
            into.put(schema, schema.rules().isEmpty() ? List.of() : RuleProgram.compile(schema, isRoot));
        }
        return any;
    }

    /** @param old null on create */
    public void validate(JsonNode object, @Nullable JsonNode old, FieldErrors errors) {
        if (!compiled().isEmpty()) {
            new Walk(errors).value(object, old, root, "", true);
        }
    }

    /** What is wrong with the rules of a schema that is fine otherwise. */
    public static void check(StructuralSchema schema, String path, FieldErrors errors) {
        RuleCheck.check(schema, path, errors);
    }

    private final class Walk {
        private final FieldErrors errors;
        private int runs;

        Walk(FieldErrors errors) {
            this.errors = errors;
        }

        void value(
                JsonNode value, @Nullable JsonNode old, @Nullable StructuralSchema schema, String path, boolean isRoot) {
            List<RuleProgram> rules = schema == null ? null : compiled().get(schema);
            if (schema == null || rules == null || value.isNull() || runs > MOST_RUNS) {
                return;
            }
            if (!rules.isEmpty()) {
                run(rules, value, old, schema, path, isRoot);
            }
            switch (value) {
                case ObjectNode object -> {
                    boolean comparable = old != null && !schema.mapType().equals("atomic");
                    object.properties().forEach(field -> {
                        String name = field.getKey();
                        boolean declared = schema.properties().containsKey(name);
                        String below = declared ? path.isEmpty() ? name : path + "." + name : path + "[" + name + "]";
                        value(field.getValue(), comparable ? old.get(name) : null, schema.member(name), below, false);
                    });
                }
                case ArrayNode list -> {
                    OldElements before = OldElements.of(old, schema);
                    for (int i = 0; i < list.size(); i++) {
                        value(list.get(i), before.like(list.get(i)), schema.items(), path + "[" + i + "]", false);
                    }
                }
                default -> {}
            }
        }

        private void run(
                List<RuleProgram> rules,
                JsonNode value,
                @Nullable JsonNode old,
                StructuralSchema schema,
                String path,
                boolean isRoot) {
            boolean unchanged = old != null && JsonValues.same(value, old);
            Object self = SchemaValues.of(value, schema, isRoot);
            Object before = old == null || old.isNull() ? null : SchemaValues.of(old, schema, isRoot);
            for (RuleProgram program : rules) {
                boolean optional = program.rule().optionalOldSelf();
                boolean applies = !program.usesOldSelf() || before != null || optional;
                if (!applies || (unchanged && !program.usesOldSelf())) {
                    continue;
                }
                if (++runs > MOST_RUNS) {
                    errors.invalid(
                            place(path),
                            schema.type(),
                            "validation failed due to running out of cost budget, no further validation rules will be run");
                    return;
                }
                Map<String, Object> variables = new LinkedHashMap<>();
                variables.put("self", self);
                if (optional) {
                    variables.put("oldSelf", Optional.ofNullable(before));
                } else if (before != null) {
                    variables.put("oldSelf", before);
                }
                run(program, variables, value, schema, path);
            }
        }

        private void run(
                RuleProgram program,
                Map<String, Object> variables,
                JsonNode value,
                StructuralSchema schema,
                String path) {
            if (!program.error().isEmpty()) {
                errors.invalid(place(path), schema.type(), "rule compile error: " + program.error());
                return;
            }
            try {
                if (!program.holds(variables)) {
                    refuse(program, variables, value, schema, path);
                }
            } catch (CelEvaluationException e) {
                String why = String.valueOf(e.getMessage()).replaceFirst("^evaluation error(?: at [^:]*:[0-9]+)?: ", "");
                String rule = program.rule().rule().strip();
                errors.invalid(
                        place(path),
                        schema.type(),
                        why.contains("Iteration budget exceeded")
                                ? "'operation cancelled: actual cost limit exceeded': no further validation rules will be"
                                        + " run due to call cost exceeds limit for rule: " + rule
                                : why + " evaluating rule: " + rule);
            }
        }

        private void refuse(
                RuleProgram program,
                Map<String, Object> variables,
                JsonNode value,
                StructuralSchema schema,
                String path) {
            CelRule rule = program.rule();
            String message = program.message(variables);
            String field = rule.fieldPath().isEmpty() ? path : below(path, rule.fieldPath());
            switch (rule.reason()) {
                case "FieldValueRequired" -> errors.required(place(field), message);
                case "FieldValueForbidden" -> errors.forbidden(place(field), message);
                case "FieldValueDuplicate" -> errors.duplicate(place(field), value);
                default -> {
                    if (schema.type().equals("object") || schema.type().equals("array")) {
                        errors.add(
                                io.ruori.api.FieldError.Reason.INVALID, place(field), "Invalid value: " + message);
                    } else {
                        errors.invalid(place(field), value, message);
                    }
                }
            }
        }
    }

    private static String place(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }

    private static String below(String path, String fieldPath) {
        String bare = fieldPath.startsWith(".") ? fieldPath.substring(1) : fieldPath;
        return path.isEmpty() ? bare : path + "." + bare;
    }
}
