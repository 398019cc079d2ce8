package io.ruori.core.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.core.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * What there is to know of a Role or a ClusterRole.
 *
 * @param aggregates which ClusterRoles it is made of; empty where its rules are its own
 */
public record Role(List<Rule> rules, List<LabelSelector> aggregates) {

    /** Fit to be a digest. */
    public static Role of(JsonNode role) {
        List<LabelSelector> selectors = new ArrayList<>();
        for (JsonNode selector : role.path("aggregationRule").path("clusterRoleSelectors")) {
            selectors.add(LabelSelector.ofJson(selector));
        }
        return new Role(Rule.listOf(role.path("rules")), List.copyOf(selectors));
    }
}
