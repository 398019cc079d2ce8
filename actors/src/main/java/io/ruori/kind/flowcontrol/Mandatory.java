package io.ruori.kind.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;

/** The objects without which a request could belong to no priority level. Their specs are fixed. */
final class Mandatory {
    static final String EXEMPT = "exempt";
    static final String CATCH_ALL = "catch-all";
    private static final String EVERYTHING = """
        "resourceRules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"],"clusterScope":true,"namespaces":["*"]}],
        "nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["*"]}]\
        """;

    private Mandatory() {}

    static ObjectNode levelSpec(String name) {
        return Json.read(
                name.equals(EXEMPT)
                        ? "{\"type\":\"Exempt\",\"exempt\":{\"nominalConcurrencyShares\":0,\"lendablePercent\":0}}"
                        : "{\"type\":\"Limited\",\"limited\":{\"nominalConcurrencyShares\":5,\"limitResponse\":"
                                + "{\"type\":\"Reject\"},\"lendablePercent\":0}}");
    }

    static ObjectNode schemaSpec(String name) {
        return Json.read(name.equals(EXEMPT) ? """
            {"priorityLevelConfiguration":{"name":"exempt"},"matchingPrecedence":1,
             "rules":[{"subjects":[{"kind":"Group","group":{"name":"system:masters"}}],%s}]}\
            """.formatted(EVERYTHING) : """
                {"priorityLevelConfiguration":{"name":"catch-all"},"matchingPrecedence":10000,
                 "distinguisherMethod":{"type":"ByUser"},
                 "rules":[{"subjects":[{"kind":"Group","group":{"name":"system:unauthenticated"}},
                                       {"kind":"Group","group":{"name":"system:authenticated"}}],%s}]}\
                """.formatted(EVERYTHING));
    }

    static ObjectNode object(String name, ObjectNode spec) {
        ObjectNode object = Json.object();
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        metadata.putObject("annotations").put("apf.kubernetes.io/autoupdate-spec", "true");
        object.set("spec", spec);
        return object;
    }

    static boolean is(String name) {
        return name.equals(EXEMPT) || name.equals(CATCH_ALL);
    }
}
