package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.kind.MetaRules;
import io.ruori.kind.Syntax;
import java.util.List;
import java.util.Locale;

/** {@code x-kubernetes-embedded-resource}: a value that has a type and metadata as any resource has, and rules for them. */
final class EmbeddedResources {
    private EmbeddedResources() {}

    static void validate(ObjectNode resource, String path, FieldErrors errors) {
        String apiVersion = text(resource, "apiVersion", path, errors);
        if (apiVersion.chars().filter(c -> c == '/').count() > 1) {
            errors.invalid(
                    SchemaValidation.below(path, "apiVersion"),
                    apiVersion,
                    "unexpected GroupVersion string: " + apiVersion);
        }
        String kind = text(resource, "kind", path, errors);
        List<String> wrong = kind.isEmpty() ? List.of() : Syntax.dns1035Label(kind.toLowerCase(Locale.ROOT));
        if (!wrong.isEmpty()) {
            errors.invalid(
                    SchemaValidation.below(path, "kind"),
                    kind,
                    "may have mixed case, but should otherwise match: " + String.join(",", wrong));
        }
        metadata(resource.path("metadata"), SchemaValidation.below(path, "metadata"), errors);
    }

    /** Empty where an error has been told. */
    private static String text(ObjectNode resource, String field, String path, FieldErrors errors) {
        JsonNode value = resource.get(field);
        String at = SchemaValidation.below(path, field);
        if (value == null) {
            errors.required(at, "");
        } else if (!value.isTextual()) {
            errors.invalid(at, value, "must be a string");
        } else if (value.textValue().isEmpty()) {
            errors.invalid(at, value, "must not be empty");
        } else {
            return value.textValue();
        }
        return "";
    }

    private static void metadata(JsonNode metadata, String path, FieldErrors errors) {
        if (!metadata.isObject()) {
            if (!metadata.isMissingNode() && !metadata.isNull()) {
                errors.invalid(path, metadata, "must be an object");
            }
            return;
        }
        for (String field : List.of("name", "generateName")) {
            String value = metadata.path(field).asText("");
            if (!value.isEmpty()) {
                Syntax.pathSegment(value).forEach(why -> errors.invalid(path + "." + field, value, why));
            }
        }
        String namespace = metadata.path("namespace").asText("");
        if (!namespace.isEmpty()) {
            Syntax.dnsLabel(namespace).forEach(why -> errors.invalid(path + ".namespace", namespace, why));
        }
        MetaRules.validateTemplate(metadata, path, errors);
        MetaRules.finalizers(metadata.path("finalizers"), path + ".finalizers", errors);
    }
}
