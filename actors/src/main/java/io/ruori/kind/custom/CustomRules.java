package io.ruori.kind.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.core.cel.CelRules;
import io.ruori.core.structural.Defaulting;
import io.ruori.core.structural.ListTypes;
import io.ruori.core.structural.SchemaValidation;
import io.ruori.core.structural.StructuralSchema;
import io.ruori.kind.KindRules;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of one version of a custom resource: what its schema says, in the order in which upstream asks. */
final class CustomRules implements KindRules {
    /** With one of these the object is not what rules may reckon with. */
    private static final Set<FieldError.Reason> BLOCKING = EnumSet.of(
            FieldError.Reason.NOT_SUPPORTED,
            FieldError.Reason.REQUIRED,
            FieldError.Reason.TOO_LONG,
            FieldError.Reason.TOO_MANY,
            FieldError.Reason.TYPE_INVALID);

    private final StructuralSchema schema;
    private final CelRules rules;
    private final @Nullable CustomScale scale;

    CustomRules(StructuralSchema schema, @Nullable CustomScale scale) {
        this.schema = schema;
        this.rules = new CelRules(schema);
        this.scale = scale;
    }

    @Override
    public Set<String> metadataOutsideStatus() {
        return WRITABLE_METADATA;
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Defaulting.apply(object, schema);
    }

    @Override
    public void validateCreate(JsonNode object, FieldErrors errors) {
        validate(object, null, false, errors);
    }

    @Override
    public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
        validate(updated, old, false, errors);
    }

    @Override
    public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
        validate(updated, old, true, errors);
    }

    private void validate(JsonNode object, @Nullable JsonNode old, boolean statusOnly, FieldErrors errors) {
        SchemaValidation.validate(object, old, schema, errors);
        if (scale != null) {
            scale.validate(object, statusOnly, errors);
        }
        ListTypes.validate(object, schema, errors);
        if (!rules.isAny()) {
            return;
        }
        if (isBlocking(errors)) {
            errors.invalid(
                    "<nil>",
                    null,
                    "some validation rules were not checked because the object was invalid; correct the existing"
                            + " errors to complete validation");
        } else {
            rules.validate(object, old, errors);
        }
    }

    private static boolean isBlocking(FieldErrors errors) {
        return errors.all().stream().anyMatch(error -> BLOCKING.contains(error.reason()));
    }
}
