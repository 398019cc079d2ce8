package io.ruori.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Rule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The roles of every cluster are complete, and stay so. */
class RoleBootstrapTest {
    private static ObjectNode role(String name) {
        return BootstrapPolicy.load().stream()
                .filter(wanted -> wanted.key().kind().equals(AccessIndex.CLUSTER_ROLES)
                        && wanted.key().name().equals(name))
                .findFirst()
                .orElseThrow()
                .object();
    }

    @Test
    void everyBindingFindsItsRoleAndNoNameComesTwice() {
        Set<Object> keys = new HashSet<>();
        List<BootstrapPolicy.Wanted> all = BootstrapPolicy.load();
        all.forEach(wanted ->
                assertThat(keys.add(wanted.key())).as("%s", wanted.key()).isTrue());
        assertThat(all)
                .filteredOn(w -> w.key().kind().equals(AccessIndex.CLUSTER_ROLES))
                .hasSizeGreaterThan(60);
        RoleBook book = RoleBook.ofEveryCluster();
        assertThat(book.index().held(RoleBook.user("x", "system:masters"), "").missing())
                .isEmpty();
        for (BootstrapPolicy.Wanted wanted : all) {
            String text = wanted.object().path("roleRef").path("name").asText();
            if (!text.isEmpty()) {
                assertThat(all).as(text).anyMatch(other -> other.key().name().equals(text));
            }
        }
    }

    @Test
    void whatWasTakenFromARoleIsGivenBackAndWhatWasAddedStays() {
        ObjectNode wanted = role("system:basic-user");
        ObjectNode existing = wanted.deepCopy();
        existing.putArray("rules")
                .add(new Rule(List.of("get"), List.of(""), List.of("pods"), List.of(), List.of()).toJson());
        ObjectNode patch = RoleBootstrap.repair(existing, wanted).orElseThrow();
        assertThat(Rule.listOf(patch.path("rules"))).hasSize(3);
        assertThat(patch.path("rules").get(0)).isEqualTo(existing.path("rules").get(0));
    }

    @Test
    void aRoleThatIsAsItShouldBeIsLeftAlone() {
        assertThat(RoleBootstrap.repair(role("system:node"), role("system:node")))
                .isEmpty();
    }

    @Test
    void aRoleThatSomebodyKeepsForThemselvesIsLeftAlone() {
        ObjectNode existing = role("system:basic-user").deepCopy();
        existing.putArray("rules");
        ((ObjectNode) existing.path("metadata").path("annotations")).put(RoleBootstrap.AUTO_UPDATE, "false");
        assertThat(RoleBootstrap.repair(existing, role("system:basic-user"))).isEmpty();
    }

    @Test
    void rulesOfARoleMadeOfOthersAreItsReconcilers() {
        ObjectNode existing = role("edit").deepCopy();
        existing.putArray("rules")
                .add(new Rule(List.of("get"), List.of(""), List.of("pods"), List.of(), List.of()).toJson());
        assertThat(RoleBootstrap.repair(existing, role("edit"))).isEmpty();
    }
}
