package io.ruori.kind.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.kind.KindCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much disruption an application says it bears. */
class PodDisruptionBudgetTest {
    private static final KindCase BUDGET =
            KindCase.of(PodDisruptionBudgetKind.KIND, "{spec:{minAvailable:1,selector:{matchLabels:{a:'b'}}}}");

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {minAvailable:-1}                          => spec.minAvailable: Invalid value: -1: must be greater than or equal to 0
        {minAvailable:'101%'}                      => spec.minAvailable: Invalid value: "101%": must not be greater than 100%
        {minAvailable:'few'}                       => spec.minAvailable: Invalid value: "few": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')
        {unhealthyPodEvictionPolicy:'Sometimes'}   => spec.unhealthyPodEvictionPolicy: Unsupported value: "Sometimes": supported values: "AlwaysAllow", "IfHealthyBudget"
        {minAvailable:1,maxUnavailable:1,selector:null} => spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set
        """)
    void budgets(String spec, String error) {
        assertThat(BUDGET.created("{spec:" + spec + "}")).containsExactly(error);
    }

    @Test
    void theStatusCounts() {
        assertThat(BUDGET.created("{}")).isEmpty();
        assertThat(BUDGET.updated("{spec:{minAvailable:null,maxUnavailable:'50%'}}"))
                .isEmpty();
        assertThat(BUDGET.statusUpdated("{currentHealthy:-1,conditions:[{type:'X',status:'Maybe',reason:'R',"
                        + "lastTransitionTime:'2026-01-01T00:00:00Z'}]}"))
                .containsExactly(
                        "status.conditions[0].status: Unsupported value: \"Maybe\": supported values: \"False\","
                                + " \"True\", \"Unknown\"",
                        "status.currentHealthy: Invalid value: -1: must be greater than or equal to 0");
        assertThat(BUDGET.titles())
                .containsExactly("Name", "Min Available", "Max Unavailable", "Allowed Disruptions", "Age");
        assertThat(BUDGET.cells("{status:{disruptionsAllowed:2}}")).containsExactly("example", "1", "N/A", "2", "60m");
    }
}
