package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Kind;

/** How long a Pod stays on a node that is lost: upstream's DefaultTolerationSeconds, with our own default time. */
final class DefaultTolerations implements Admitter {
    private static final KindName PODS = KindName.core("pods");

    @Override
    public void mutateCreate(Kind kind, ObjectNode object, Facts facts) {
        if (kind.name().equals(PODS)) {
            ArrayNode tolerations = Json.list(Json.child(object, "spec"), "tolerations");
            tolerate(tolerations, "node.kubernetes.io/not-ready", facts);
            tolerate(tolerations, "node.kubernetes.io/unreachable", facts);
        }
    }

    private static void tolerate(ArrayNode tolerations, String taint, Facts facts) {
        for (JsonNode toleration : tolerations) {
            String key = Json.text(toleration, "key");
            String effect = Json.text(toleration, "effect");
            if ((key.equals(taint) || key.isEmpty()) && (effect.equals("NoExecute") || effect.isEmpty())) {
                return;
            }
        }
        tolerations
                .addObject()
                .put("key", taint)
                .put("operator", "Exists")
                .put("effect", "NoExecute")
                .put("tolerationSeconds", facts.tolerationSeconds().toSeconds());
    }
}
