package io.ruori.kind.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ruori.kind.KindCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices and claims to them are completed, checked and shown as upstream does it. */
class ResourceTest {
    private static final String REQUEST = "{name:'gpu',exactly:{deviceClassName:'gpu.example.com'}}";
    private static final KindCase CLAIM =
            KindCase.of(ResourceClaimKind.KIND, "{spec:{devices:{requests:[" + REQUEST + "]}}}");
    private static final KindCase TEMPLATE =
            KindCase.of(ResourceClaimTemplateKind.KIND, "{spec:{spec:{devices:{requests:[" + REQUEST + "]}}}}");
    private static final KindCase CLASS =
            KindCase.of(DeviceClassKind.KIND, "{spec:{selectors:[{cel:{expression:'true'}}]}}");
    private static final KindCase SLICE = KindCase.of(
            ResourceSliceKind.KIND,
            "{spec:{driver:'gpu.example.com',nodeName:'n',pool:{name:'p',resourceSliceCount:1,generation:1},"
                    + "devices:[{name:'d',attributes:{model:{string:'m'}},capacity:{memory:{value:'1Gi'}}}]}}");

    private static String requests(String requests) {
        return "{spec:{devices:{requests:[" + requests + "]}}}";
    }

    private static String device(String device) {
        return "{spec:{devices:[{name:'d'," + device + "}]}}";
    }

    static Stream<Arguments> wrong() {
        String first = "spec.devices.requests[0]";
        String device = "spec.devices[0]";
        return Stream.of(
                arguments(
                        CLAIM,
                        requests("{name:'gpu'}"),
                        first + ": Required value: exactly one of `exactly` or `firstAvailable` is required"),
                arguments(
                        CLAIM, requests("{name:'gpu',exactly:{}}"), first + ".exactly.deviceClassName: Required value"),
                arguments(
                        CLAIM,
                        requests("{name:'gpu',exactly:{deviceClassName:'c',allocationMode:'All',count:1}}"),
                        first + ".exactly.count: Invalid value: 1: must not be specified when allocationMode is 'All'"),
                arguments(
                        CLAIM,
                        requests("{name:'gpu',exactly:{deviceClassName:'c',allocationMode:'Some'}}"),
                        first + ".exactly.allocationMode: Unsupported value: \"Some\": supported values: \"All\","
                                + " \"ExactCount\""),
                arguments(
                        CLAIM,
                        requests("{name:'gpu',exactly:{deviceClassName:'c',selectors:[{}]}}"),
                        first + ".exactly.selectors[0].cel: Required value"),
                arguments(
                        CLAIM, requests(REQUEST + "," + REQUEST), "spec.devices.requests[1]: Duplicate value: \"gpu\""),
                arguments(
                        CLAIM,
                        "{spec:{devices:{constraints:[{requests:['gpu'],matchAttribute:'model'}]}}}",
                        "spec.devices.constraints[0].matchAttribute: Invalid value: \"model\": must include a domain"),
                arguments(
                        CLAIM,
                        "{spec:{devices:{config:[{requests:['tpu'],opaque:{driver:'a',parameters:{}}}]}}}",
                        "spec.devices.config[0].requests[0]: Invalid value: \"tpu\": must be the name of a request in"
                                + " the claim or the name of a request and a subrequest separated by '/'"),
                arguments(CLASS, "{spec:{config:[{}]}}", "spec.config[0].opaque: Required value"),
                arguments(
                        CLASS,
                        "{spec:{extendedResourceName:'cpu'}}",
                        "spec.extendedResourceName: Invalid value: \"cpu\": must be a valid extended resource name"),
                arguments(SLICE, "{spec:{driver:null}}", "spec.driver: Required value"),
                arguments(
                        SLICE,
                        "{spec:{pool:{resourceSliceCount:0}}}",
                        "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero"),
                arguments(
                        SLICE,
                        "{spec:{nodeName:null}}",
                        "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`,"
                                + " `perDeviceNodeSelection` is required"),
                arguments(
                        SLICE,
                        "{spec:{allNodes:true}}",
                        "spec: Invalid value: \"{`nodeName`, `allNodes`}\": exactly one of `nodeName`, `nodeSelector`,"
                                + " `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set"),
                arguments(
                        SLICE,
                        device("attributes:{model:{}}"),
                        device + ".attributes[model]: Invalid value: \"\": exactly one value must be specified"),
                arguments(
                        SLICE,
                        device("attributes:{v:{version:'1'}}"),
                        device + ".attributes[v].version: Invalid value: \"1\": must be a string compatible with"
                                + " semver.org spec 2.0.0"),
                arguments(
                        SLICE,
                        device("taints:[{key:'k',effect:'Melt'}]"),
                        device + ".taints[0].effect: Unsupported value: \"Melt\": supported values: \"NoExecute\","
                                + " \"NoSchedule\""),
                arguments(
                        SLICE,
                        device("allNodes:true"),
                        device + ": Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if"
                                + " `perDeviceNodeSelection` is set to true in the ResourceSlice spec"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongObjectIsRefusedInTheseWords(KindCase base, String change, String message) {
        assertThat(base.created("{}")).isEmpty();
        assertThat(base.created(change)).containsExactly(message);
    }

    @Test
    void specsOfClaimsStay() {
        assertThat(CLAIM.updated(requests("{name:'other',exactly:{deviceClassName:'c'}}")))
                .singleElement()
                .asString()
                .startsWith("spec: Invalid value: ")
                .endsWith(": field is immutable");
        assertThat(TEMPLATE.updated("{spec:{metadata:{labels:{a:'b'}}}}")).hasSize(1);
        assertThat(SLICE.updated("{spec:{driver:'other'}}"))
                .containsExactly("spec.driver: Invalid value: \"other\": field is immutable");
    }

    @Test
    void oneDeviceIsTheDefault() {
        assertThat(CLAIM.stored().at("/spec/devices/requests/0/exactly"))
                .isEqualTo(KindCase.tree("{deviceClassName:'gpu.example.com',allocationMode:'ExactCount',count:1}"));
    }

    @Test
    void anAllocationIsWrittenOnce() {
        String allocation = "{allocation:{devices:{results:[{request:'gpu',driver:'d',pool:'p',device:'%s'}]}}}";
        assertThat(CLAIM.statusUpdated(allocation.formatted("a"))).isEmpty();
        assertThat(CLAIM.statusUpdated(allocation.formatted("a"), allocation.formatted("b")))
                .singleElement()
                .asString()
                .startsWith("status.allocation: Invalid value: ")
                .endsWith(": field is immutable");
        assertThat(CLAIM.statusUpdated("{reservedFor:[{resource:'pods',name:'p',uid:'u'}]}"))
                .containsExactly("status.reservedFor: Forbidden: may not be specified when `allocated` is not set");
    }

    @Test
    void columns() {
        assertThat(CLAIM.titles()).containsExactly("Name", "State", "Age");
        assertThat(CLAIM.cells("{}")).containsExactly("example", "pending", "60m");
        assertThat(CLAIM.cells("{status:{allocation:{},reservedFor:[{}]}}").get(1))
                .isEqualTo("allocated,reserved");
        assertThat(SLICE.titles()).containsExactly("Name", "Node", "Driver", "Pool", "Age");
        assertThat(SLICE.cells("{}")).containsExactly("example", "n", "gpu.example.com", "p", "60m");
        assertThat(CLASS.titles()).containsExactly("Name", "Age");
        assertThat(TEMPLATE.titles()).containsExactly("Name", "Age");
    }
}
