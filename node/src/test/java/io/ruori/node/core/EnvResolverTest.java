package io.ruori.node.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a container finds in its environment, and what is said when it cannot. */
class EnvResolverTest {
    private static final ObjectNode SETTINGS = Json.read("{\"data\":{\"A\":\"a1\",\"B\":\"b1\",\"C=\":\"x\"}}");
    private static final ObjectNode KEYS = Json.read("{\"data\":{\"token\":\"c2VjcmV0\"}}");
    private static final References REFERENCES = References.of(Map.of(
            ObjectKey.of(References.CONFIG_MAPS, "default", "settings"), SETTINGS,
            ObjectKey.of(References.SECRETS, "default", "keys"), KEYS));

    private static Map<String, String> resolve(String container) throws ConfigProblem {
        ObjectNode pod = Pods.web("u");
        Json.child(Json.child(pod, "metadata"), "labels").put("app", "shop").put("tier", "front");
        Json.child(pod, "spec").put("serviceAccountName", "default");
        PodSpec spec = PodSpec.read(pod);
        FieldPaths fields = new FieldPaths(spec, PodWorld.NODE, "10.1.2.3");
        return new EnvResolver(spec, REFERENCES, fields).environment(tree(container));
    }

    private static JsonNode tree(String json) {
        return Json.read(json.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        metadata.name          | pod-u
        metadata.namespace     | default
        metadata.uid           | u
        metadata.labels[%app%] | shop
        metadata.labels[%no%]  |
        spec.nodeName          | node-1
        spec.serviceAccountName| default
        status.podIP           | 10.1.2.3
        status.podIPs          | 10.1.2.3
        status.hostIP          | 192.0.2.1
        """)
    void fieldsOfThePod(String path, String value) throws ConfigProblem {
        FieldPaths fields = new FieldPaths(PodSpec.read(labelled()), PodWorld.NODE, "10.1.2.3");
        assertThat(fields.field(path.replace('%', '\''))).isEqualTo(value == null ? "" : value);
    }

    private static ObjectNode labelled() {
        ObjectNode pod = Pods.web("u");
        Json.child(Json.child(pod, "metadata"), "labels").put("app", "shop").put("tier", "front");
        Json.child(pod, "spec").put("serviceAccountName", "default");
        return pod;
    }

    @Test
    void allLabelsAsAFile() throws ConfigProblem {
        FieldPaths fields = new FieldPaths(PodSpec.read(labelled()), PodWorld.NODE, "");
        assertThat(fields.field("metadata.labels")).isEqualTo("app=\"shop\"\ntier=\"front\"");
    }

    @Test
    void envGoesOverEnvFromAndVariablesExpandInOrder() throws ConfigProblem {
        assertThat(
                        resolve(
                                "{'envFrom':[{'configMapRef':{'name':'settings'}},{'prefix':'K_','secretRef':{'name':'keys'}}],"
                                    + "'env':[{'name':'A','value':'own'},{'name':'X','value':'$(A)-$(B)-$(Y)-$$(A)'},{'name':'Y','value':'y'}]}"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("A", "own", "B", "b1", "K_token", "secret", "X", "own-b1-$(Y)-$(A)", "Y", "y"));
    }

    @Test
    void keysOfConfigMapsAndSecrets() throws ConfigProblem {
        assertThat(resolve("{'env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'settings','key':'A'}}},"
                        + "{'name':'T','valueFrom':{'secretKeyRef':{'name':'keys','key':'token'}}},"
                        + "{'name':'N','valueFrom':{'secretKeyRef':{'name':'none','key':'x','optional':true}}}]}"))
                .isEqualTo(Map.of("A", "a1", "T", "secret"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"none","key":"A"}}}]}     | configmap "none" not found
        {"env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"settings","key":"Z"}}}]} | couldn't find key Z in ConfigMap default/settings
        {"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"none","key":"A"}}}]}        | secret "none" not found
        {"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"keys","key":"Z"}}}]}        | couldn't find key Z in Secret default/keys
        {"envFrom":[{"configMapRef":{"name":"none"}}]}                                       | configmap "none" not found
        """, quoteCharacter = '`')
    void whatIsMissingIsSaidAsUpstreamSaysIt(String container, String message) {
        assertThatThrownBy(() -> resolve(container))
                .isInstanceOf(ConfigProblem.class)
                .hasMessage(message);
    }

    @Test
    void resourcesInUnitsOfTheDivisor() throws ConfigProblem {
        assertThat(resolve("{'resources':{'limits':{'cpu':'250m','memory':'64Mi'}},'env':["
                        + "{'name':'C','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu'}}},"
                        + "{'name':'M','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu','divisor':'1m'}}},"
                        + "{'name':'B','valueFrom':{'resourceFieldRef':{'resource':'limits.memory','divisor':'1Mi'}}},"
                        + "{'name':'R','valueFrom':{'resourceFieldRef':{'resource':'requests.memory'}}}]}"))
                .isEqualTo(Map.of("C", "1", "M", "250", "B", "64", "R", "0"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                                                            | BestEffort | 2    | 0     | 0         | 1000
        {"limits":{"cpu":"500m","memory":"64Mi"},"requests":{"cpu":"500m","memory":"64Mi"}}           | Guaranteed | 512  | 50000 | 67108864  | -997
        {"requests":{"cpu":"2","memory":"4Gi"}}                                                       | Burstable  | 2048 | 0     | 0         | 500
        {"limits":{"cpu":"1m"}}                                                                       | Burstable  | 2    | 1000  | 0         | 999
        """)
    void resourcesBecomeCgroupLimits(String resources, String qos, long shares, long quota, long memory, int oom) {
        ObjectNode pod = Pods.web("u");
        ObjectNode container = (ObjectNode) Json.at(pod, "spec", "containers").get(0);
        container.set("resources", Json.read(resources));
        QosClass found = QosClass.of(pod.path("spec"));
        assertThat(found.wireName()).isEqualTo(qos);
        var limits = ContainerLimits.of(container, found, 8L << 30);
        assertThat(limits.cpuShares()).isEqualTo(shares);
        assertThat(limits.cpuQuotaMicros()).isEqualTo(quota);
        assertThat(limits.memoryBytes()).isEqualTo(memory);
        assertThat(limits.oomScoreAdj().orElse(0)).isEqualTo(oom);
    }

    @Test
    void volumesAreFilesOfTheirObjects() throws ConfigProblem {
        ObjectNode pod = labelled();
        Json.child(pod, "spec")
                .set(
                        "volumes",
                        Json.mapper()
                                .createArrayNode()
                                .add(tree("{'name':'all','configMap':{'name':'settings'}}"))
                                .add(
                                        tree(
                                                "{'name':'one','secret':{'secretName':'keys','defaultMode':256,'items':[{'key':'token','path':'sub/t'}]}}"))
                                .add(
                                        tree(
                                                "{'name':'mix','projected':{'sources':[{'configMap':{'name':'settings','items':[{'key':'A','path':'a'}]}},"
                                                    + "{'downwardAPI':{'items':[{'path':'name','fieldRef':{'fieldPath':'metadata.name'}}]}}]}}")));
        PodSpec spec = PodSpec.read(pod);
        Map<String, VolumePlan.Volume> plan = VolumePlan.of(spec, REFERENCES, new FieldPaths(spec, PodWorld.NODE, ""));
        assertThat(files(plan, "all").keySet()).containsExactly("A", "B", "C=");
        VolumePlan.Content token = Objects.requireNonNull(files(plan, "one").get("sub/t"));
        assertThat(token.mode()).isEqualTo(0400);
        assertThat(new String(token.bytes(), StandardCharsets.UTF_8)).isEqualTo("secret");
        assertThat(files(plan, "mix").keySet()).containsExactly("a", "name");
    }

    private static Map<String, VolumePlan.Content> files(Map<String, VolumePlan.Volume> plan, String name) {
        return plan.get(name) instanceof VolumePlan.Volume.Files files ? files.files() : Map.of();
    }
}
