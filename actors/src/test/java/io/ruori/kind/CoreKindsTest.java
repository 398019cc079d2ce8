package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The smaller kinds of the core group. */
class CoreKindsTest {
    private static final KindCase ENDPOINTS =
            KindCase.of(EndpointsKind.KIND, "{subsets:[{addresses:[{ip:'10.1.2.3'}],ports:[{port:80}]}]}");
    private static final KindCase LIMITS =
            KindCase.of(LimitRangeKind.KIND, "{spec:{limits:[{type:'Container',max:{cpu:'2'},min:{cpu:'100m'}}]}}");
    private static final KindCase QUOTA =
            KindCase.of(ResourceQuotaKind.KIND, "{spec:{hard:{pods:'3','limits.cpu':'2'}}}");
    private static final String TEMPLATE =
            "template:{metadata:{labels:{app:'a'}},spec:{containers:[{name:'c',image:'i'}]}}";
    private static final KindCase POD_TEMPLATE = KindCase.of(PodTemplateKind.KIND, "{" + TEMPLATE + "}");
    private static final KindCase CONTROLLER = KindCase.of(ReplicationControllerKind.KIND, "{spec:{" + TEMPLATE + "}}");

    @Test
    void whatIsMeantToBeValidIs() {
        for (KindCase kind : new KindCase[] {ENDPOINTS, LIMITS, QUOTA, POD_TEMPLATE, CONTROLLER}) {
            assertThat(kind.created("{}")).isEmpty();
            assertThat(kind.updated("{metadata:{labels:{a:'b'}}}")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        [{}]                                                              => subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`
        [{addresses:[{ip:'1.2.3.4',hostname:'A'}]}]                       => subsets[0].addresses[0].hostname: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
        [{addresses:[{ip:'169.254.0.1'}]}]                                => subsets[0].addresses[0].ip: Invalid value: "169.254.0.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)
        [{notReadyAddresses:[{ip:'1.2.3.4'}],ports:[{port:1},{port:2,name:'b'}]}] => subsets[0].ports[0].name: Required value
        [{addresses:[{ip:'1.2.3.4'}],ports:[{port:0}]}]                   => subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive
        """)
    void endpoints(String subsets, String error) {
        assertThat(ENDPOINTS.created("{subsets:" + subsets + "}")).containsExactly(error);
    }

    @Test
    void endpointsAreShownByAddressAndPort() {
        assertThat(ENDPOINTS.cells("{}")).containsExactly("example", "10.1.2.3:80", "60m");
        assertThat(ENDPOINTS.cells("{subsets:[{addresses:[{ip:'a'},{ip:'b'}],ports:[{port:1},{port:2}]}]}"))
                .containsExactly("example", "a:1,b:1,a:2 + 1 more...", "60m");
        assertThat(ENDPOINTS.cells("{subsets:null}")).containsExactly("example", "<none>", "60m");
        assertThat(EndpointsKind.KIND.warning())
                .isEqualTo("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        [{type:'Node'}]                                                       => spec.limits[0].type: Invalid value: "Node": must be a standard limit type or fully qualified
        [{type:'Pod'},{type:'Pod'}]                                           => spec.limits[1].type: Duplicate value: "Pod"
        [{type:'Pod',default:{cpu:'1'}}]                                      => spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'
        [{type:'PersistentVolumeClaim'}]                                      => spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided
        [{type:'Container',max:{pods:'1'},default:{},defaultRequest:{}}]      => spec.limits[0].max[pods]: Invalid value: "pods": must be a standard resource for containers;spec.limits[0].default[pods]: Invalid value: "pods": must be a standard resource for containers;spec.limits[0].defaultRequest[pods]: Invalid value: "pods": must be a standard resource for containers
        [{type:'Pod',min:{cpu:'2'},max:{cpu:'1'}}]                            => spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1
        [{type:'Container',max:{cpu:'1'},default:{cpu:'2'},defaultRequest:{cpu:'1'}}] => spec.limits[0].default[cpu]: Invalid value: "1": default value 2 is greater than max value 1
        [{type:'Container',default:{cpu:'1'},defaultRequest:{cpu:'2'}}]       => spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1
        [{type:'Pod',maxLimitRequestRatio:{cpu:'500m'}}]                      => spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1
        [{type:'Pod',min:{cpu:'1'},max:{cpu:'2'},maxLimitRequestRatio:{cpu:'3'}}] => spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000
        """)
    void limits(String limits, String errors) {
        assertThat(LIMITS.created("{spec:{limits:" + limits + "}}")).containsExactly(errors.split(";"));
    }

    @Test
    void whatAContainerGetsFollowsFromWhatItMayGet() {
        assertThat(LIMITS.stored().at("/spec/limits/0"))
                .isEqualTo(KindCase.tree("{type:'Container',max:{cpu:'2'},min:{cpu:'100m'},default:{cpu:'2'},"
                        + "defaultRequest:{cpu:'2'}}"));
        assertThat(LIMITS.titles()).containsExactly("Name", "Created At");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {hard:{pods:'1500m','limits.cpu':null}}          => spec.hard[pods]: Invalid value: "1500m": must be an integer
        {hard:{chairs:'1'}}                              => spec.hard[chairs]: Invalid value: "chairs": must be a standard resource type or fully qualified;spec.hard[chairs]: Invalid value: "chairs": must be a standard resource for quota
        {hard:{pods:'-1'}}                               => spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0
        {scopes:['Soon']}                                => spec.scopes: Invalid value: ["Soon"]: unsupported scope
        {scopes:['BestEffort']}                          => spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource
        {scopes:['Terminating','NotTerminating']}        => spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes
        {scopeSelector:{matchExpressions:[{scopeName:'PriorityClass',operator:'In'}]}}      => spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector
        {scopeSelector:{matchExpressions:[{scopeName:'Terminating',operator:'DoesNotExist'}]}} => spec.scopeSelector.matchExpressions.operator: Invalid value: "DoesNotExist": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity
        """)
    void quotas(String spec, String errors) {
        assertThat(QUOTA.created("{spec:" + spec + "}")).containsExactly(errors.split(";"));
    }

    @Test
    void aQuotaKeepsItsScopesAndShowsWhatIsUsed() {
        assertThat(QUOTA.updated("{spec:{scopes:['Terminating']}}"))
                .containsExactly("spec.scopes: Invalid value: [\"Terminating\"]: field is immutable");
        assertThat(QUOTA.statusUpdated("{used:{pods:'x'}}")).hasSize(1);
        assertThat(QUOTA.titles()).containsExactly("Name", "Request", "Limit", "Age");
        assertThat(QUOTA.cells("{status:{hard:{pods:'3','limits.cpu':'2',cpu:'1'},used:{pods:'1'}}}"))
                .containsExactly("example", "cpu: 0/1, pods: 1/3", "limits.cpu: 0/2", "60m");
    }

    @Test
    void templates() {
        assertThat(POD_TEMPLATE.created("{template:{spec:{containers:null}}}"))
                .containsExactly("template.spec.containers: Required value");
        assertThat(POD_TEMPLATE.stored().at("/template/spec/dnsPolicy").asText())
                .isEqualTo("ClusterFirst");
        assertThat(POD_TEMPLATE.titles()).containsExactly("Name", "Containers", "Images", "Pod Labels");
        assertThat(POD_TEMPLATE.cells("{}")).containsExactly("example", "c", "i", "app=a");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {replicas:-1}                                        => spec.replicas: Invalid value: -1: must be greater than or equal to 0
        {template:null}                                      => spec.selector: Required value;spec.template: Required value
        {selector:{app:'b'}}                                 => spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`
        {template:{spec:{restartPolicy:'Never'}}}            => spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"
        {template:{spec:{activeDeadlineSeconds:5}}}          => spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported
        """)
    void controllers(String spec, String errors) {
        assertThat(CONTROLLER.created("{spec:" + spec + "}")).containsExactly(errors.split(";"));
    }

    @Test
    void aControllerSelectsWhatItsTemplateMakes() {
        ObjectNode stored = CONTROLLER.stored();
        assertThat(stored.at("/spec/selector").toString()).isEqualTo("{\"app\":\"a\"}");
        assertThat(stored.at("/metadata/labels").toString()).isEqualTo("{\"app\":\"a\"}");
        ObjectNode scale = ReplicationControllerKind.KIND
                .subresources()
                .get("scale")
                .read()
                .apply(stored);
        assertThat(scale.path("status").toString()).isEqualTo("{\"replicas\":0,\"selector\":\"app=a\"}");
        assertThat(CONTROLLER.statusUpdated("{replicas:1,readyReplicas:2}"))
                .containsExactly("status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas");
        assertThat(CONTROLLER.cells("{status:{replicas:1}}"))
                .containsExactly("example", "1", "1", "0", "60m", "c", "i", "app=a");
    }

    @Test
    void componentsAreWellWhereThereIsAnAnswer() {
        for (ObjectNode component : ComponentStatusKind.KIND.firstObjects()) {
            assertThat(KindCase.of(ComponentStatusKind.KIND, component.toString())
                            .cells("{}"))
                    .element(1)
                    .isEqualTo("Healthy");
        }
    }
}
