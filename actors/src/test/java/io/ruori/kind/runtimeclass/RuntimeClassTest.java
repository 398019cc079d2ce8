package io.ruori.kind.runtimeclass;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.kind.KindCase;
import org.junit.jupiter.api.Test;

/** Ways to run containers. */
class RuntimeClassTest {
    private static final KindCase CLASS = KindCase.of(
            RuntimeClassKind.KIND,
            "{handler:'runc',overhead:{podFixed:{cpu:'10m'}},scheduling:{nodeSelector:{a:'b'},"
                    + "tolerations:[{key:'k',operator:'Exists'}]}}");

    @Test
    void classes() {
        assertThat(CLASS.created("{}")).isEmpty();
        assertThat(CLASS.created("{handler:null}"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("handler: Invalid value");
        assertThat(CLASS.created("{overhead:{podFixed:{cpu:'-1'}}}"))
                .containsExactly("overhead.limits[cpu]: Invalid value: \"-1\": must be greater than or equal to 0");
        assertThat(CLASS.created("{scheduling:{tolerations:[{key:'k',operator:'Maybe'}]}}"))
                .containsExactly("scheduling.tolerations[0].operator: Unsupported value: \"Maybe\": supported values:"
                        + " \"Equal\", \"Exists\"");
        assertThat(CLASS.updated("{handler:'other'}"))
                .containsExactly("handler: Invalid value: \"other\": field is immutable");
        assertThat(CLASS.cells("{}")).containsExactly("example", "runc", "60m");
    }
}
