package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashSet;
import java.util.Set;

/** What a Pod's spec must satisfy, in a Pod and in a template. */
final class PodSpecRules {
    private PodSpecRules() {}

    static void validate(JsonNode spec, String path, FieldErrors errors) {
        JsonNode containers = spec.path("containers");
        if (containers.isEmpty()) {
            errors.required(path + ".containers", "");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < containers.size(); i++) {
            JsonNode container = containers.get(i);
            String at = path + ".containers[" + i + "]";
            String name = Json.text(container, "name");
            if (name.isEmpty()) {
                errors.required(at + ".name", "");
            } else {
                Checks.each(Syntax.dnsLabel(name), at + ".name", name, errors);
                if (!names.add(name)) {
                    errors.duplicate(at + ".name", name);
                }
            }
            Checks.required(container, "image", at, errors);
        }
    }
}
