package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is stored as it was asked for, and said to be a bad idea, in upstream's words. */
class WarningsTest {
    private static final String ARCH = "deprecated since v1.14; use \"kubernetes.io/arch\" instead";
    private static final String NO_POD = "a null labelSelector results in matching no pod";
    private static final String FRACTION = "is invalid, must be an integer";
    private static final String SECCOMP = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
    private static final String CONTAINERS = "containers:[{name:'c',image:'i'}]";

    private static KindCase of(KindName name, String good) {
        return KindCase.of(MiniCluster.kinds().get(name), good);
    }

    private static final KindCase POD = of(PodKind.NAME, "{spec:{" + CONTAINERS + "}}");

    /** A change of a Pod's spec, and its warning behind {@code spec}. */
    static Stream<Arguments> specs() {
        String terms = "nodeSelectorTerms:[{matchExpressions:[{key:'beta.kubernetes.io/arch',operator:'Exists'}]}]";
        return Stream.of(
                arguments(
                        "nodeSelector:{'beta.kubernetes.io/arch':'a'}",
                        ".nodeSelector[beta.kubernetes.io/arch]: " + ARCH),
                arguments(
                        "affinity:{nodeAffinity:{requiredDuringSchedulingIgnoredDuringExecution:{" + terms + "}}}",
                        ".affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
                                + ".matchExpressions[0].key: beta.kubernetes.io/arch is " + ARCH),
                arguments(
                        "affinity:{nodeAffinity:{preferredDuringSchedulingIgnoredDuringExecution:[{weight:1,preference:{"
                            + "matchExpressions:[{key:'node-role.kubernetes.io/master',operator:'Exists'}]}}]}}",
                        ".affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference"
                                + ".matchExpressions[0].key: node-role.kubernetes.io/master is use"
                                + " \"node-role.kubernetes.io/control-plane\" instead"),
                arguments(
                        "topologySpreadConstraints:[{maxSkew:1,topologyKey:'a',whenUnsatisfiable:'DoNotSchedule'}]",
                        ".topologySpreadConstraints[0].labelSelector: " + NO_POD),
                arguments(
                        "affinity:{podAffinity:{requiredDuringSchedulingIgnoredDuringExecution:[{topologyKey:'a'}]}}",
                        ".affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: "
                                + NO_POD),
                arguments(
                        "affinity:{podAntiAffinity:{preferredDuringSchedulingIgnoredDuringExecution:[{weight:1,"
                                + "podAffinityTerm:{topologyKey:'a'}}]}}",
                        ".affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm"
                                + ".labelSelector: " + NO_POD),
                arguments("volumes:[{name:'v',gitRepo:{repository:'r'}}]", ".volumes[0].gitRepo: deprecated in v1.11"),
                arguments(
                        "volumes:[{name:'v',storageos:{volumeName:'r'}}]",
                        ".volumes[0].storageOS: deprecated in v1.22, non-functional in v1.25+"),
                arguments(
                        "volumes:[{name:'v',ephemeral:{volumeClaimTemplate:{spec:{resources:{requests:{storage:'1m'}}}}}}]",
                        ".volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte"
                                + " value \"1m\" " + FRACTION),
                arguments(
                        "hostAliases:[{ip:'1.1.1.1'},{ip:'1.1.1.1'}]", ".hostAliases[1].ip: duplicate ip \"1.1.1.1\""),
                arguments(
                        "hostAliases:[{ip:'::0:1'}]",
                        ".hostAliases[0].ip: IPv6 address \"::0:1\" should be in RFC 5952 canonical format (\"::1\")"),
                arguments(
                        "imagePullSecrets:[{name:'a'},{name:'a'}]", ".imagePullSecrets[1].name: duplicate name \"a\""),
                arguments("imagePullSecrets:[{}]", ".imagePullSecrets[0].name: invalid empty name \"\""),
                arguments("overhead:{memory:'100m'}", ".overhead[memory]: fractional byte value \"100m\" " + FRACTION),
                arguments(
                        "terminationGracePeriodSeconds:-1",
                        ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated"
                                + " as 1"),
                arguments(
                        "containers:[{name:'c',resources:{requests:{memory:'1500m'}}}]",
                        ".containers[0].resources.requests[memory]: fractional byte value \"1500m\" " + FRACTION),
                arguments(
                        "initContainers:[{name:'c',resources:{requests:{'ephemeral-storage':'1m'}}}]",
                        ".initContainers[0].resources.requests[ephemeral-storage]: fractional byte value \"1m\" "
                                + FRACTION),
                arguments(
                        "containers:[{name:'c',env:[{name:'A',value:'a'},{name:'A',value:'b'}]}]",
                        ".containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using"
                                + " apply"),
                arguments(
                        "containers:[{name:'c',env:[{name:'A',value:'a'},{name:'A',value:'$(A)'}]}]",
                        ".containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using"
                                + " apply"),
                arguments(
                        "containers:[{name:'c',ports:[{containerPort:80}]},{name:'d',ports:[{containerPort:80}]}]",
                        ".containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]"),
                arguments(
                        "containers:[{name:'c',ports:[{containerPort:80},{containerPort:80,hostPort:81}]}]",
                        ".containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]"),
                arguments(
                        "containers:[{name:'c',ports:[{containerPort:80,hostPort:81},"
                                + "{containerPort:80,hostPort:81,hostIP:'1.1.1.1'}]}]",
                        ".containers[0].ports[1]: dangerously ambiguous port definition with"
                                + " spec.containers[0].ports[0]"),
                arguments(
                        "containers:[{name:'c',ports:[{name:'p',containerPort:80,hostIP:'1.1.1.1'}]}]",
                        ".containers[0].ports[0]: hostIP set without hostPort: {Name:p HostPort:0 ContainerPort:80"
                                + " Protocol:TCP HostIP:1.1.1.1}"));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aPodIsStoredWithAWarning(String spec, String warning) {
        assertThat(POD.warnings("{spec:{" + spec + "}}")).containsExactly("spec" + warning);
    }

    static Stream<Arguments> fine() {
        return Stream.of(
                arguments("{}"),
                arguments("{spec:{containers:[{name:'c',env:[{name:'A',value:'a'},{name:'A',value:'$(A)b'}]}]}}"),
                arguments(
                        "{spec:{containers:[{name:'c',ports:[{containerPort:80},{containerPort:80,protocol:'UDP'}]}]}}"),
                arguments("{spec:{containers:[{name:'c',resources:{requests:{memory:'1000m',cpu:'100m'}}}]}}"),
                arguments("{spec:{volumes:[{name:'v',configMap:{name:'m',items:[{key:'a',path:'a'},"
                        + "{key:'b',path:'ab'}]}}]}}"));
    }

    @ParameterizedTest
    @MethodSource("fine")
    void whatIsFineIsStoredInSilence(String change) {
        assertThat(POD.warnings(change)).isEmpty();
    }

    /** A change of a Pod, and its whole warnings. */
    static Stream<Arguments> pods() {
        return Stream.of(
                arguments(
                        "{metadata:{name:'a.b'}}",
                        List.of("metadata.name: this is used in the Pod's hostname, which can result in surprising"
                                + " behavior; a DNS label is recommended: [must not contain dots]")),
                arguments(
                        "{metadata:{annotations:{'seccomp.security.alpha.kubernetes.io/pod':'x',"
                                + "'container.seccomp.security.alpha.kubernetes.io/c':'y'}}}",
                        List.of(
                                "metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: " + SECCOMP,
                                "metadata.annotations[container.seccomp.security.alpha.kubernetes.io/c]: " + SECCOMP)),
                arguments(
                        "{metadata:{annotations:{'container.apparmor.security.beta.kubernetes.io/c':'unconfined'}}}",
                        List.of("metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated"
                                + " since v1.30; use the \"appArmorProfile\" field instead")),
                arguments(
                        "{metadata:{annotations:{'scheduler.alpha.kubernetes.io/critical-pod':''}}}",
                        List.of("metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in"
                                + " v1.16+; use the \"priorityClassName\" field instead")),
                arguments(
                        "{spec:{volumes:[{name:'v',configMap:{name:'m',items:[{key:'a',path:'a/'},"
                                + "{key:'b',path:'a/b'}]}}]}}",
                        List.of("volume \"v\" (ConfigMap \"m\"): overlapping paths: \"a/b\" with \"a\"")),
                arguments(
                        "{spec:{volumes:[{name:'v',projected:{sources:[{serviceAccountToken:{path:'token'}},{},"
                                + "{secret:{name:'s',items:[{key:'k',path:'token'}]}}]}}]}}",
                        List.of(
                                "volume \"v\" (Projected) has no sources provided",
                                "volume \"v\" (Projected Secret \"s\"): overlapping paths: \"token\" with \"token\"")));
    }

    @ParameterizedTest
    @MethodSource("pods")
    void aPodIsStoredWithWarnings(String change, List<String> warnings) {
        assertThat(POD.warnings(change)).isEqualTo(warnings);
    }

    @Test
    void aPodThatIsThereIsNotWarnedOfAgain() {
        ObjectNode pod = POD.stored("{spec:{terminationGracePeriodSeconds:-1}}");
        assertThat(MiniCluster.kinds().get(PodKind.NAME).rules().warnings(pod, pod))
                .isEmpty();
    }

    static Stream<Arguments> templates() {
        String template = "template:{spec:{" + CONTAINERS + ",terminationGracePeriodSeconds:-1}}";
        return Stream.of(
                arguments("apps", "deployments", "{spec:{" + template + "}}", "spec.template"),
                arguments("apps", "replicasets", "{spec:{" + template + "}}", "spec.template"),
                arguments("apps", "statefulsets", "{spec:{" + template + "}}", "spec.template"),
                arguments("apps", "daemonsets", "{spec:{" + template + "}}", "spec.template"),
                arguments("", "replicationcontrollers", "{spec:{" + template + "}}", "spec.template"),
                arguments("", "podtemplates", "{" + template + "}", "template"),
                arguments("batch", "jobs", "{spec:{" + template + "}}", "spec.template"),
                arguments(
                        "batch",
                        "cronjobs",
                        "{spec:{jobTemplate:{spec:{" + template + "}}}}",
                        "spec.jobTemplate.spec.template"));
    }

    @ParameterizedTest
    @MethodSource("templates")
    void aTemplateIsWarnedOfWhereItIsWhenItChanges(String group, String plural, String object, String path) {
        KindName name = new KindName(group, plural);
        KindCase workload = of(name, object);
        String warning =
                path + ".spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will"
                        + " be treated as 1";
        assertThat(workload.warnings("{}")).containsExactly(warning);
        KindRules rules = MiniCluster.kinds().get(name).rules();
        ObjectNode old = workload.stored("{metadata:{generation:1}}");
        ObjectNode updated = workload.stored("{metadata:{generation:2}}");
        assertThat(rules.warnings(updated, old)).containsExactly(warning);
        assertThat(rules.warnings(old, old)).isEmpty();
    }

    static Stream<Arguments> others() {
        String label = "key:'beta.kubernetes.io/arch'";
        return Stream.of(
                arguments(
                        "apps",
                        "statefulsets",
                        "{spec:{revisionHistoryLimit:-1,template:{spec:{" + CONTAINERS + "}},"
                                + "volumeClaimTemplates:[{spec:{resources:{requests:{storage:'1m'}}}}]}}",
                        List.of(
                                "spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value"
                                        + " \"1m\" "
                                        + FRACTION,
                                "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value"
                                        + " >= 0 is recommended")),
                arguments(
                        "",
                        "services",
                        "{spec:{type:'LoadBalancer',externalIPs:['1.2.3.4'],loadBalancerSourceRanges:['10.1.2.3/8']}}",
                        List.of(
                                "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
                                "spec.loadBalancerSourceRanges[0]: CIDR value \"10.1.2.3/8\" is ambiguous in this"
                                        + " context (should be \"10.0.0.0/8\" or \"10.1.2.3/32\"?)")),
                arguments(
                        "",
                        "persistentvolumeclaims",
                        "{spec:{resources:{requests:{storage:'1500m'}}}}",
                        List.of("spec.resources.requests[storage]: fractional byte value \"1500m\" " + FRACTION)),
                arguments(
                        "",
                        "persistentvolumes",
                        "{spec:{rbd:{image:'i'},nodeAffinity:{required:{nodeSelectorTerms:[{matchExpressions:[{" + label
                                + ",operator:'Exists'}]}]}}}}",
                        List.of(
                                "spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key:"
                                        + " beta.kubernetes.io/arch is " + ARCH,
                                "spec.rbd: deprecated in v1.28, non-functional in v1.31+")),
                arguments(
                        "storage.k8s.io",
                        "storageclasses",
                        "{allowedTopologies:[{matchLabelExpressions:[{" + label + ",values:['a']}]}]}",
                        List.of("allowedTopologies[0].matchLabelExpressions[0].key: " + ARCH)),
                arguments(
                        "storage.k8s.io",
                        "csistoragecapacities",
                        "{nodeTopology:{matchLabels:{'beta.kubernetes.io/arch':'a'}}}",
                        List.of("nodeTopology.matchLabels.beta.kubernetes.io/arch: " + ARCH)),
                arguments(
                        "node.k8s.io",
                        "runtimeclasses",
                        "{handler:'h',scheduling:{nodeSelector:{'beta.kubernetes.io/arch':'a'}}}",
                        List.of("scheduling.nodeSelector: " + ARCH)),
                arguments(
                        "",
                        "nodes",
                        "{spec:{externalID:'x',configSource:{}}}",
                        List.of(
                                "spec.configSource: the feature is removed",
                                "spec.externalID: this field is deprecated, and is unused by Kubernetes")),
                arguments(
                        "networking.k8s.io",
                        "networkpolicies",
                        "{spec:{podSelector:{},egress:[{to:[{ipBlock:{cidr:'2001:DB8::/32'}}]}]}}",
                        List.of("spec.egress[0].to[0].ipBlock.cidr: IPv6 CIDR value \"2001:DB8::/32\" should be in RFC"
                                + " 5952 canonical format (\"2001:db8::/32\")")),
                arguments(
                        "discovery.k8s.io",
                        "endpointslices",
                        "{addressType:'FQDN',endpoints:[]}",
                        List.of("spec.addressType: FQDN endpoints are deprecated")),
                arguments(
                        "",
                        "endpoints",
                        "{subsets:[{addresses:[{ip:'::0:1'}]}]}",
                        List.of("subsets[0].addresses[0].ip: IPv6 address \"::0:1\" should be in RFC 5952 canonical"
                                + " format (\"::1\")")));
    }

    @ParameterizedTest
    @MethodSource("others")
    void otherKindsAreWarnedOfToo(String group, String plural, String object, List<String> warnings) {
        assertThat(of(new KindName(group, plural), object).warnings("{}")).isEqualTo(warnings);
    }

    @Test
    void aScheduleWithAZoneIsWarnedOfWhereItIsThereAlready() {
        ObjectNode cron = of(new KindName("batch", "cronjobs"), "{spec:{schedule:'TZ=UTC * * * * *'}}")
                .stored();
        assertThat(MiniCluster.kinds()
                        .get(new KindName("batch", "cronjobs"))
                        .rules()
                        .warnings(cron, cron))
                .singleElement()
                .asString()
                .startsWith("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead");
        assertThat(Json.text(cron, "spec", "schedule")).contains("TZ");
    }
}
