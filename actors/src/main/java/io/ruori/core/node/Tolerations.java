package io.ruori.core.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;

/** Whether a toleration covers a taint; the rule of the core API. */
public final class Tolerations {
    private Tolerations() {}

    public static boolean tolerates(JsonNode toleration, JsonNode taint) {
        String effect = Json.text(toleration, "effect");
        if (!effect.isEmpty() && !effect.equals(Json.text(taint, "effect"))) {
            return false;
        }
        String key = Json.text(toleration, "key");
        if (!key.isEmpty() && !key.equals(Json.text(taint, "key"))) {
            return false;
        }
        return Json.text(toleration, "operator").equals("Exists")
                || Json.text(toleration, "value").equals(Json.text(taint, "value"));
    }

    /** Whether any of a Pod's tolerations covers a taint. */
    public static boolean anyTolerates(JsonNode tolerations, JsonNode taint) {
        for (JsonNode toleration : tolerations) {
            if (tolerates(toleration, taint)) {
                return true;
            }
        }
        return false;
    }
}
