package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What kubectl does with a kind that a client described, from its definition to its end. */
@Tag("services")
@ParameterizedClass(name = "{0}")
@MethodSource("io.ruori.http.e2e.TestCluster#kubectls")
final class KubectlCustomResourcesTest {
    private static final String DEFINITION = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: crontabs.stable.example.com}
        spec:
          group: stable.example.com
          scope: Namespaced
          names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
            selectableFields:
            - jsonPath: .spec.image
            additionalPrinterColumns:
            - {name: Spec, type: string, jsonPath: .spec.cronSpec}
            - {name: Replicas, type: integer, jsonPath: .spec.replicas}
            schema:
              openAPIV3Schema:
                type: object
                description: Runs something again and again.
                properties:
                  spec:
                    type: object
                    required: [cronSpec]
                    x-kubernetes-validations:
                    - rule: self.replicas <= self.most
                      messageExpression: "'at most %d replicas'.format([self.most])"
                    properties:
                      cronSpec: {type: string, description: When to run.}
                      image: {type: string, default: nothing}
                      replicas: {type: integer, format: int32, default: 1}
                      most: {type: integer, format: int32, default: 5}
                  status:
                    type: object
                    properties:
                      replicas: {type: integer}
        """;

    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    @Parameter
    @SuppressWarnings("NullAway.Init")
    String kubectl;

    @BeforeParameterizedClassInvocation
    static void start(String kubectl) {
        cluster = TestCluster.start("simulated", 1, kubectl);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String cronTab(String name, String spec) {
        return """
            apiVersion: stable.example.com/v1
            kind: CronTab
            metadata: {name: %s}
            spec: %s
            """.formatted(name, spec);
    }

    @Test
    void aKindLivesFromItsDefinitionToItsEnd() {
        Kubectl kubectl = cluster.kubectl("custom").inNewNamespace();
        kubectl.ok("create -f -", DEFINITION).says("crontabs.stable.example.com created");
        kubectl.ok("wait --for=condition=Established crd/crontabs.stable.example.com --timeout=30s");
        kubectl.ok("get crd").says("crontabs.stable.example.com");
        kubectl.ok("explain crontab").says("Runs something again and again.", "GROUP:", "stable.example.com");
        kubectl.ok("explain crontab.spec.cronSpec").says("When to run.");

        kubectl.ok("apply -f -", cronTab("one", "{cronSpec: '* * * * *'}")).says("one created");
        kubectl.ok("apply -f -", cronTab("one", "{cronSpec: '* * * * */5', image: web}"))
                .says("one configured");
        kubectl.ok("create -f -", cronTab("two", "{cronSpec: '@daily'}")).says("two created");
        kubectl.ok("get ct").says("NAME", "SPEC", "REPLICAS", "* * * * */5", "@daily");
        kubectl.ok("get ct --field-selector spec.image=web -o name")
                .says("crontab.stable.example.com/one")
                .saysNot("two");
        kubectl.run("get ct --field-selector spec.most=5").failed().says("field label not supported");

        kubectl.run("create -f -", cronTab("three", "{cronSpec: x, replicas: 9}"))
                .failed()
                .says("spec: Invalid value: at most 5 replicas");
        kubectl.run("create -f -", cronTab("three", "{}")).failed().says("spec.cronSpec");
        kubectl.run("create -f -", cronTab("three", "{cronSpec: x, colour: red}"))
                .failed()
                .says("unknown field \"spec.colour\"");

        kubectl.ok("scale crontab/one --replicas=3").says("one scaled");
        assertThat(kubectl.json("ct one", "{.spec.replicas}")).isEqualTo("3");
        kubectl.run("scale crontab/one --replicas=8").failed().says("at most 5 replicas");
        kubectl.ok("patch ct one --subresource=status --type=merge -p '{\"status\":{\"replicas\":3}}'")
                .says("patched");
        assertThat(kubectl.json("ct one", "{.status.replicas}")).isEqualTo("3");
        kubectl.ok("describe ct one").says("CronTab", "Cron Spec");

        kubectl.ok("delete ct two").says("deleted");
        kubectl.ok("delete crd crontabs.stable.example.com --timeout=30s").says("deleted");
        kubectl.run("get crontabs").failed().says("resource");
    }

    @Test
    void aRuleThatCannotRunRefusesTheDefinition() {
        String broken = DEFINITION.replace("crontabs", "broken").replace("self.most\n", "self.nothing\n");
        cluster.kubectl("default")
                .run("create -f -", broken)
                .failed()
                .says("x-kubernetes-validations[0].rule", "undefined field 'nothing'");
    }
}
