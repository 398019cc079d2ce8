package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.core.cel.CelRules;
import java.util.Set;

/** A default must be what its own schema accepts, or every object that it is put into would be refused. */
public final class DefaultCheck {
    /** Defaults of these at the root are forbidden anyhow. */
    private static final Set<String> OF_RESOURCES = Set.of("apiVersion", "kind", "metadata");

    private final FieldErrors errors;

    private DefaultCheck(FieldErrors errors) {
        this.errors = errors;
    }

    /** @param schema one that is structural */
    public static void check(StructuralSchema schema, String path, FieldErrors errors) {
        new DefaultCheck(errors).node(schema, path, true);
    }

    private void node(StructuralSchema schema, String path, boolean isRoot) {
        if (schema.defaultValue() != null && !schema.refusesNull(schema.defaultValue())) {
            one(schema, schema.defaultValue(), path + ".default");
        }
        if (schema.items() != null) {
            node(schema.items(), path + ".items", false);
        }
        schema.properties().forEach((name, property) -> {
            if (!(isRoot || schema.embedded()) || !OF_RESOURCES.contains(name)) {
                node(property, path + ".properties[" + name + "]", false);
            }
        });
    }

    private void one(StructuralSchema schema, JsonNode value, String path) {
        if (!Pruning.prunePart(value.deepCopy(), schema).isEmpty()) {
            errors.invalid(path, value, "must not have unknown fields");
        }
        FieldErrors wrong = new FieldErrors();
        ListTypes.validateEmbedded(value, schema, wrong);
        if (wrong.isEmpty()) {
            SchemaValidation.validate(value, null, schema, wrong);
        }
        if (wrong.isEmpty()) {
            new CelRules(schema).validatePart(value, wrong);
        }
        for (FieldError error : wrong.all()) {
            boolean isWhole = error.path().equals("<nil>") || error.path().isEmpty();
            errors.add(error.reason(), isWhole ? path : path + "." + error.path(), error.detail());
        }
    }
}
