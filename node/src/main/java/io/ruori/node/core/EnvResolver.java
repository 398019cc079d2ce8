package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container's environment, command and arguments with every reference resolved and every {@code $(VAR)} expanded. */
public final class EnvResolver {
    private final PodSpec pod;
    private final References references;
    private final FieldPaths fields;

    public EnvResolver(PodSpec pod, References references, FieldPaths fields) {
        this.pod = pod;
        this.references = references;
        this.fields = fields;
    }

    /** {@code envFrom} in its order, then {@code env} over it; a later name wins. */
    public Map<String, String> environment(JsonNode container) throws ConfigProblem {
        Map<String, String> env = new LinkedHashMap<>();
        for (JsonNode source : container.path("envFrom")) {
            envFrom(source, env);
        }
        for (JsonNode variable : container.path("env")) {
            String name = Json.text(variable, "name");
            JsonNode from = variable.path("valueFrom");
            Optional<String> value = from.isObject()
                    ? valueFrom(from, container)
                    : Optional.of(expand(Json.text(variable, "value"), env));
            value.ifPresent(text -> env.put(name, text));
        }
        return env;
    }

    /** {@code command} or {@code args} with variables expanded. */
    public static List<String> expandAll(JsonNode list, Map<String, String> env) {
        List<String> expanded = new ArrayList<>();
        list.forEach(item -> expanded.add(expand(item.asText(), env)));
        return expanded;
    }

    private void envFrom(JsonNode source, Map<String, String> env) throws ConfigProblem {
        String prefix = Json.text(source, "prefix");
        JsonNode configMap = source.path("configMapRef");
        JsonNode secret = source.path("secretRef");
        if (configMap.isObject()) {
            configMap(configMap).ifPresent(data -> data.forEach((key, value) -> put(env, prefix + key, value)));
        } else if (secret.isObject()) {
            secret(secret).ifPresent(data -> data.forEach((key, value) -> put(env, prefix + key, utf8(value))));
        }
    }

    /** A key that cannot be a variable's name is left out, as upstream does. */
    private static void put(Map<String, String> env, String name, String value) {
        if (!name.isEmpty() && name.indexOf('=') < 0) {
            env.put(name, value);
        }
    }

    private Optional<String> valueFrom(JsonNode from, JsonNode container) throws ConfigProblem {
        if (from.path("fieldRef").isObject()) {
            return Optional.of(fields.field(Json.text(from, "fieldRef", "fieldPath")));
        }
        if (from.path("resourceFieldRef").isObject()) {
            return Optional.of(fields.resource(from.path("resourceFieldRef"), container));
        }
        if (from.path("configMapKeyRef").isObject()) {
            JsonNode reference = from.path("configMapKeyRef");
            return configMap(reference).isEmpty()
                    ? Optional.empty()
                    : key(reference, configMap(reference).get(), "ConfigMap");
        }
        if (from.path("secretKeyRef").isObject()) {
            JsonNode reference = from.path("secretKeyRef");
            Optional<Map<String, byte[]>> secret = secret(reference);
            if (secret.isEmpty()) {
                return Optional.empty();
            }
            Map<String, String> texts = new HashMap<>();
            secret.get().forEach((key, value) -> texts.put(key, utf8(value)));
            return key(reference, texts, "Secret");
        }
        return Optional.of("");
    }

    private Optional<String> key(JsonNode reference, Map<String, String> data, String kind) throws ConfigProblem {
        String key = Json.text(reference, "key");
        String value = data.get(key);
        if (value == null && !isOptional(reference)) {
            throw new ConfigProblem("couldn't find key " + key + " in " + kind + " " + pod.namespace() + "/"
                    + Json.text(reference, "name"));
        }
        return Optional.ofNullable(value);
    }

    private Optional<Map<String, String>> configMap(JsonNode reference) throws ConfigProblem {
        String name = Json.text(reference, "name");
        Optional<Map<String, String>> found = references.configMap(pod.namespace(), name);
        if (found.isEmpty() && !isOptional(reference)) {
            throw new ConfigProblem("configmap \"" + name + "\" not found");
        }
        return found;
    }

    private Optional<Map<String, byte[]>> secret(JsonNode reference) throws ConfigProblem {
        String name = Json.text(reference, "name");
        Optional<Map<String, byte[]>> found = references.secret(pod.namespace(), name);
        if (found.isEmpty() && !isOptional(reference)) {
            throw new ConfigProblem("secret \"" + name + "\" not found");
        }
        return found;
    }

    private static boolean isOptional(JsonNode reference) {
        return reference.path("optional").asBoolean(false);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@code $(NAME)} becomes its value if there is one, {@code $$} a dollar; all else stays as it is. */
    static String expand(String text, Map<String, String> env) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '$' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char next = text.charAt(i + 1);
            int close = next == '(' ? text.indexOf(')', i + 2) : -1;
            if (close > 0) {
                String name = text.substring(i + 2, close);
                String value = env.get(name);
                out.append(value == null ? "$(" + name + ")" : value);
                i = close;
            } else if (next == '$') {
                out.append('$');
                i++;
            } else {
                out.append('$');
            }
        }
        return out.toString();
    }
}
