package io.ruori.kind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Secrets: data for Pods that is kept from other eyes; some types promise certain keys. */
public final class SecretKind {
    public static final KindName NAME = KindName.core("secrets");

    private static final String OPAQUE = "Opaque";
    private static final String SERVICE_ACCOUNT = "kubernetes.io/service-account-token";
    private static final String SERVICE_ACCOUNT_NAME = "kubernetes.io/service-account.name";

    public static final Kind KIND = Kind.of("", "v1", "Secret", "secrets", "io.k8s.api.core.v1.Secret")
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Type", "What its keys mean.", secret -> Json.text(secret, "type")),
                    Columns.number("Data", "How many keys it has.", secret ->
                            (long) secret.path("data").size()),
                    Columns.age())
            .selectable("type", secret -> Json.text(secret, "type"))
            .build();

    private SecretKind() {}

    private static final class Rules implements KindRules {
        @Override
        public void applyDefaults(ObjectNode secret) {
            if (Json.text(secret, "type").isEmpty()) {
                secret.put("type", OPAQUE);
            }
            JsonNode texts = secret.remove("stringData");
            if (texts != null && !texts.isEmpty()) {
                ObjectNode data = Json.child(secret, "data");
                texts.properties()
                        .forEach(entry ->
                                data.put(entry.getKey(), base64(entry.getValue().asText())));
            }
        }

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        /** An update that leaves the type out keeps it. */
        @Override
        public void prepareUpdate(ObjectNode updated, JsonNode old) {
            if (Json.text(updated, "type").isEmpty()) {
                updated.set("type", old.path("type"));
            }
        }

        @Override
        public void validateCreate(JsonNode secret, FieldErrors errors) {
            JsonNode data = secret.path("data");
            long size = 0;
            for (var entry : data.properties()) {
                Checks.each(Syntax.configKey(entry.getKey()), "data[" + entry.getKey() + "]", entry.getKey(), errors);
                size += ConfigMapKind.decodedLength(entry.getValue().asText());
            }
            if (size > ConfigMapKind.MAX_BYTES) {
                errors.tooLong("data", ConfigMapKind.MAX_BYTES);
            }
            type(secret, data, errors);
        }

        private static void type(JsonNode secret, JsonNode data, FieldErrors errors) {
            switch (Json.text(secret, "type")) {
                case SERVICE_ACCOUNT -> {
                    if (Json.text(secret, "metadata", "annotations", SERVICE_ACCOUNT_NAME)
                            .isEmpty()) {
                        errors.required("metadata.annotations[" + SERVICE_ACCOUNT_NAME + "]", "");
                    }
                }
                case "kubernetes.io/dockercfg" -> json(data, ".dockercfg", errors);
                case "kubernetes.io/dockerconfigjson" -> json(data, ".dockerconfigjson", errors);
                case "kubernetes.io/basic-auth" -> {
                    if (!data.has("username") && !data.has("password")) {
                        errors.required("data[username]", "");
                        errors.required("data[password]", "");
                    }
                }
                case "kubernetes.io/ssh-auth" -> {
                    if (Json.text(data, "ssh-privatekey").isEmpty()) {
                        errors.required("data[ssh-privatekey]", "");
                    }
                }
                case "kubernetes.io/tls" -> {
                    for (String key : new String[] {"tls.crt", "tls.key"}) {
                        if (!data.has(key)) {
                            errors.required("data[" + key + "]", "");
                        }
                    }
                }
                default -> {
                    // Types of others promise nothing that we know of.
                }
            }
        }

        private static void json(JsonNode data, String key, FieldErrors errors) {
            String path = "data[" + key + "]";
            if (!data.has(key)) {
                errors.required(path, "");
                return;
            }
            if (!isJson(data.path(key).asText())) {
                errors.invalid(path, "<secret contents redacted>", "invalid character in JSON");
            }
        }

        private static boolean isJson(String base64) {
            try {
                @Nullable
                JsonNode tree = Json.mapper()
                        .readTree(new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8));
                return tree != null && tree.isObject();
            } catch (JsonProcessingException | IllegalArgumentException e) {
                return false;
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Checks.immutable(updated.path("type"), old.path("type"), "type", errors);
            if (old.path("immutable").asBoolean()) {
                ConfigMapKind.immutable(updated, old, errors, "data");
            }
            validateCreate(updated, errors);
        }
    }
}
