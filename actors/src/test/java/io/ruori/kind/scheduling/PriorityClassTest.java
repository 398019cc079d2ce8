package io.ruori.kind.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.kind.KindCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which priorities there can be. */
class PriorityClassTest {
    private static final KindCase CLASS = KindCase.of(PriorityClassKind.KIND, "{value:7}");

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {value:1000000001}                                            => value: Forbidden: maximum allowed value of a user defined priority is 1000000000
        {preemptionPolicy:'Always'}                                   => preemptionPolicy: Unsupported value: "Always": supported values: "Never", "PreemptLowerPriority"
        {metadata:{name:'system-mine'}}                               => metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class
        {metadata:{name:'system-node-critical'}}                      => metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000
        {metadata:{name:'system-cluster-critical'},value:2000000000,globalDefault:true} => metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: globalDefault of system-cluster-critical PriorityClass must be false
        """)
    void classes(String change, String error) {
        assertThat(CLASS.created(change)).containsExactly(error);
    }

    @Test
    void aClassKeepsItsValue() {
        assertThat(CLASS.created("{}")).isEmpty();
        assertThat(CLASS.updated("{value:8}")).containsExactly("value: Forbidden: may not be changed in an update.");
        assertThat(CLASS.updated("{preemptionPolicy:'Never'}"))
                .containsExactly("preemptionPolicy: Invalid value: \"Never\": field is immutable");
        assertThat(CLASS.updated("{globalDefault:true,description:'x'}")).isEmpty();
        assertThat(CLASS.titles()).containsExactly("Name", "Value", "Global-Default", "Age", "PreemptionPolicy");
        assertThat(CLASS.cells("{}")).containsExactly("example", "7", "false", "60m", "PreemptLowerPriority");
    }

    @Test
    void twoClassesAreThereFromTheStart() {
        assertThat(PriorityClassKind.KIND.firstObjects())
                .extracting(first -> first.at("/metadata/name").asText())
                .containsExactly("system-node-critical", "system-cluster-critical");
        for (var first : PriorityClassKind.KIND.firstObjects()) {
            assertThat(KindCase.of(PriorityClassKind.KIND, first.toString()).created("{}"))
                    .isEmpty();
        }
    }
}
