package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.KindName;
import java.nio.charset.StandardCharsets;

/** Config maps: plain data for Pods, as text or bytes, at most 1 MiB together. */
public final class ConfigMapKind {
    public static final KindName NAME = KindName.core("configmaps");

    /** Also for Secrets. */
    static final int MAX_BYTES = 1 << 20;

    static final String IMMUTABLE = "field is immutable when `immutable` is set";

    public static final Kind KIND = Kind.of("", "v1", "ConfigMap", "configmaps", "io.k8s.api.core.v1.ConfigMap")
            .shortNames("cm")
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.number(
                            "Data",
                            "How many keys it has.",
                            map -> (long) map.path("data").size()
                                    + map.path("binaryData").size()),
                    Columns.age())
            .build();

    private ConfigMapKind() {}

    /** Bytes that base64 text stands for. */
    static int decodedLength(String base64) {
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return base64.length() / 4 * 3 - padding;
    }

    private static final class Rules implements KindRules {
        @Override
        public void validateCreate(JsonNode map, FieldErrors errors) {
            long size = 0;
            JsonNode binary = map.path("binaryData");
            for (var entry : map.path("data").properties()) {
                String path = "data[" + entry.getKey() + "]";
                Checks.each(Syntax.configKey(entry.getKey()), path, entry.getKey(), errors);
                if (binary.has(entry.getKey())) {
                    errors.invalid(path, entry.getKey(), "duplicate of key present in binaryData");
                }
                size += entry.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
            }
            for (var entry : binary.properties()) {
                Checks.each(
                        Syntax.configKey(entry.getKey()), "binaryData[" + entry.getKey() + "]", entry.getKey(), errors);
                size += decodedLength(entry.getValue().asText());
            }
            if (size > MAX_BYTES) {
                errors.tooLong("", MAX_BYTES);
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            if (old.path("immutable").asBoolean()) {
                immutable(updated, old, errors, "data", "binaryData");
            }
            validateCreate(updated, errors);
        }
    }

    /** What {@code immutable: true} forbids: itself being unset, and changes of the data. */
    static void immutable(JsonNode updated, JsonNode old, FieldErrors errors, String... fields) {
        if (!updated.path("immutable").asBoolean()) {
            errors.forbidden("immutable", IMMUTABLE);
        }
        for (String field : fields) {
            boolean bothEmpty = updated.path(field).isEmpty() && old.path(field).isEmpty();
            if (!bothEmpty && !Checks.same(updated.path(field), old.path(field))) {
                errors.forbidden(field, IMMUTABLE);
            }
        }
    }
}
