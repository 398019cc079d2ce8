package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.List;

/** {@code status.qosClass}: who is killed first when memory runs out. */
public enum QosClass {
    GUARANTEED("Guaranteed"),
    BURSTABLE("Burstable"),
    BEST_EFFORT("BestEffort");

    private final String wireName;

    QosClass(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /** Of a Pod's spec, over processor and memory of all its containers. */
    public static QosClass of(JsonNode spec) {
        boolean any = false;
        boolean guaranteed = true;
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                for (String resource : List.of("cpu", "memory")) {
                    String request = Json.text(container, "resources", "requests", resource);
                    String limit = Json.text(container, "resources", "limits", resource);
                    boolean requests = Quantity.parse(request).signum() > 0;
                    boolean limits = Quantity.parse(limit).signum() > 0;
                    any |= requests || limits;
                    guaranteed &=
                            limits && (!requests || Quantity.parse(request).compareTo(Quantity.parse(limit)) == 0);
                }
            }
        }
        if (!any) {
            return BEST_EFFORT;
        }
        return guaranteed ? GUARANTEED : BURSTABLE;
    }
}
