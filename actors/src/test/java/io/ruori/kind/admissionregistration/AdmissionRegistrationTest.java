package io.ruori.kind.admissionregistration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ruori.kind.KindCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Webhooks and policies are completed, checked and shown as upstream does it. */
class AdmissionRegistrationTest {
    private static final String RULE =
            "{apiGroups:['apps'],apiVersions:['v1'],operations:['CREATE'],resources:['deployments']}";
    private static final String HOOK = "{name:'a.b.c',admissionReviewVersions:['v1'],sideEffects:'None',rules:[" + RULE
            + "],clientConfig:{service:{namespace:'n',name:'s',path:'/check'}}}";
    private static final KindCase MUTATING =
            KindCase.of(MutatingWebhookConfigurationKind.KIND, "{webhooks:[" + HOOK + "]}");
    private static final KindCase VALIDATING =
            KindCase.of(ValidatingWebhookConfigurationKind.KIND, "{webhooks:[" + HOOK + "]}");
    private static final String MATCH = "matchConstraints:{resourceRules:[" + RULE + "]}";
    private static final KindCase POLICY =
            KindCase.of(ValidatingAdmissionPolicyKind.KIND, "{spec:{" + MATCH + ",validations:[{expression:'true'}]}}");
    private static final KindCase MUTATION = KindCase.of(
            MutatingAdmissionPolicyKind.KIND,
            "{spec:{" + MATCH + ",mutations:[{patchType:'JSONPatch',jsonPatch:{expression:'[]'}}]}}");
    private static final KindCase BINDING = KindCase.of(
            ValidatingAdmissionPolicyBindingKind.KIND, "{spec:{policyName:'p',validationActions:['Deny']}}");

    private static String hook(String change) {
        return "{webhooks:[" + HOOK.substring(0, HOOK.length() - 1) + "," + change + "}]}";
    }

    private static String rule(String change) {
        return hook("rules:[" + RULE.substring(0, RULE.length() - 1) + "," + change + "}]");
    }

    static Stream<Arguments> wrong() {
        String first = "webhooks[0]";
        return Stream.of(
                arguments(
                        MUTATING,
                        hook("name:'a.b'"),
                        first
                                + ".name: Invalid value: \"a.b\": should be a domain with at least three segments"
                                + " separated by dots"),
                arguments(
                        VALIDATING,
                        "{webhooks:[" + HOOK + "," + HOOK + "]}",
                        "webhooks[1].name: Duplicate value: \"a.b.c\""),
                arguments(
                        VALIDATING,
                        hook("failurePolicy:'Shrug'"),
                        first + ".failurePolicy: Unsupported value: \"Shrug\": supported values: \"Fail\", \"Ignore\""),
                arguments(
                        MUTATING,
                        hook("reinvocationPolicy:'Always'"),
                        first
                                + ".reinvocationPolicy: Unsupported value: \"Always\": supported values: \"IfNeeded\","
                                + " \"Never\""),
                arguments(
                        VALIDATING,
                        hook("sideEffects:null"),
                        first + ".sideEffects: Required value: must specify one of None, NoneOnDryRun"),
                arguments(
                        VALIDATING,
                        hook("sideEffects:'Some'"),
                        first
                                + ".sideEffects: Unsupported value: \"Some\": supported values: \"None\","
                                + " \"NoneOnDryRun\""),
                arguments(
                        VALIDATING,
                        hook("timeoutSeconds:31"),
                        first
                                + ".timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30"
                                + " seconds"),
                arguments(
                        VALIDATING,
                        hook("clientConfig:{}"),
                        first + ".clientConfig: Required value: exactly one of url or service is required"),
                arguments(
                        VALIDATING,
                        hook("clientConfig:{url:'http://h/p'}"),
                        first + ".clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme;"
                                + " desired format: https://host[/path]"),
                arguments(
                        VALIDATING,
                        hook("clientConfig:{url:'https://h/p?q=1'}"),
                        first
                                + ".clientConfig.url: Invalid value: \"q=1\": query parameters are not permitted in"
                                + " the URL"),
                arguments(
                        VALIDATING,
                        hook("clientConfig:{service:{namespace:'n',name:'s',path:'check'}}"),
                        first + ".clientConfig.service.path: Invalid value: \"check\": must start with a '/'"),
                arguments(
                        VALIDATING,
                        hook("clientConfig:{service:{namespace:'n',name:'s',port:0}}"),
                        first + ".clientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and"
                                + " 65535, inclusive"),
                arguments(
                        VALIDATING,
                        hook("admissionReviewVersions:['v9']"),
                        first + ".admissionReviewVersions: Invalid value: [\"v9\"]: must include at least one of v1,"
                                + " v1beta1"),
                arguments(
                        VALIDATING,
                        hook("matchConditions:[{name:'x',expression:' '}]"),
                        first + ".matchConditions[0].expression: Required value"),
                arguments(
                        VALIDATING,
                        rule("operations:['*','CREATE']"),
                        first + ".rules[0].operations: Invalid value: [\"*\",\"CREATE\"]: if '*' is present, must not"
                                + " specify other operations"),
                arguments(
                        VALIDATING,
                        rule("operations:['LOOK']"),
                        first + ".rules[0].operations[0]: Unsupported value: \"LOOK\": supported values: \"*\","
                                + " \"CONNECT\", \"CREATE\", \"DELETE\", \"UPDATE\""),
                arguments(
                        VALIDATING,
                        rule("resources:['pods/*','pods/log']"),
                        first + ".rules[0].resources[1]: Invalid value: \"pods/log\": if 'pods/*' is present, must not"
                                + " specify pods/log"),
                arguments(
                        VALIDATING,
                        rule("resources:['*','pods']"),
                        first + ".rules[0].resources: Invalid value: [\"*\",\"pods\"]: if '*' is present, must not"
                                + " specify other resources without subresources"),
                arguments(
                        VALIDATING,
                        rule("scope:'Here'"),
                        first + ".rules[0].scope: Unsupported value: \"Here\": supported values: \"*\", \"Cluster\","
                                + " \"Namespaced\""),
                arguments(POLICY, "{spec:{matchConstraints:null}}", "spec.matchConstraints: Required value"),
                arguments(
                        POLICY,
                        "{spec:{matchConstraints:{resourceRules:[]}}}",
                        "spec.matchConstraints.resourceRules: Required value"),
                arguments(
                        POLICY,
                        "{spec:{validations:[{expression:''}]}}",
                        "spec.validations[0].expression: Required value: expression is not specified"),
                arguments(
                        POLICY,
                        "{spec:{validations:[{expression:'1',reason:'Because'}]}}",
                        "spec.validations[0].reason: Unsupported value: \"Because\": supported values: \"Forbidden\","
                                + " \"Invalid\", \"RequestEntityTooLarge\""),
                arguments(
                        POLICY,
                        "{spec:{variables:[{name:'for',expression:'1'}]}}",
                        "spec.variables[0].name: Invalid value: \"for\": name is not a valid CEL identifier"),
                arguments(
                        POLICY,
                        "{spec:{paramKind:{apiVersion:'a/b/c',kind:'K'}}}",
                        "spec.paramKind.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c"),
                arguments(
                        POLICY,
                        "{spec:{auditAnnotations:[{key:'k',valueExpression:'1'},{key:'k',valueExpression:'1'}]}}",
                        "spec.auditAnnotations[1].key: Duplicate value: \"k\""),
                arguments(
                        MUTATION,
                        "{spec:{mutations:[]}}",
                        "spec.mutations: Required value: mutations must contain at least one item"),
                arguments(
                        MUTATION,
                        "{spec:{mutations:[{patchType:'ApplyConfiguration'}]}}",
                        "spec.mutations[0].applyConfiguration: Required value: must be specified when patchType is"
                                + " ApplyConfiguration"),
                arguments(BINDING, "{spec:{policyName:null}}", "spec.policyName: Required value"),
                arguments(
                        BINDING,
                        "{spec:{validationActions:[]}}",
                        "spec.validationActions: Required value: at least one validation action is required"),
                arguments(
                        BINDING,
                        "{spec:{validationActions:['Deny','Warn']}}",
                        "spec.validationActions: Invalid value: [\"Deny\",\"Warn\"]: must not contain both Deny and"
                                + " Warn (repeating the same validation failure information in the API response and"
                                + " headers serves no purpose)"),
                arguments(
                        BINDING,
                        "{spec:{paramRef:{parameterNotFoundAction:'Deny'}}}",
                        "spec.paramRef: Required value: one of name or selector must be specified"),
                arguments(
                        BINDING,
                        "{spec:{paramRef:{name:'x'}}}",
                        "spec.paramRef.parameterNotFoundAction: Required value"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongObjectIsRefusedInTheseWords(KindCase base, String change, String message) {
        assertThat(base.created("{}")).isEmpty();
        assertThat(base.created(change)).containsExactly(message);
        assertThat(base.updated(change)).containsExactly(message);
    }

    @Test
    void policiesDoSomething() {
        String text = "Required value: validations or auditAnnotations must contain at least one item";
        assertThat(POLICY.created("{spec:{validations:[]}}"))
                .containsExactly("spec.validations: " + text, "spec.auditAnnotations: " + text);
    }

    @Test
    void defaults() {
        assertThat(MUTATING.stored().path("webhooks").get(0))
                .isEqualTo(KindCase.tree(HOOK.replace("'/check'", "'/check',port:443")
                        .replace("['deployments']", "['deployments'],scope:'*'")
                        .replaceFirst(
                                "\\{",
                                "{failurePolicy:'Fail',matchPolicy:'Equivalent',namespaceSelector:{},"
                                        + "objectSelector:{},timeoutSeconds:10,reinvocationPolicy:'Never',")));
        assertThat(POLICY.stored().at("/spec/matchConstraints/matchPolicy").asText())
                .isEqualTo("Equivalent");
        assertThat(POLICY.stored().at("/spec/failurePolicy").asText()).isEqualTo("Fail");
        assertThat(MUTATION.stored().at("/spec/reinvocationPolicy").asText()).isEqualTo("Never");
    }

    @Test
    void columns() {
        assertThat(MUTATING.titles()).containsExactly("Name", "Webhooks", "Age");
        assertThat(VALIDATING.cells("{}")).containsExactly("example", "1", "60m");
        assertThat(POLICY.titles()).containsExactly("Name", "Validations", "ParamKind", "Age");
        assertThat(POLICY.cells("{spec:{paramKind:{apiVersion:'v1',kind:'ConfigMap'}}}"))
                .containsExactly("example", "1", "v1/ConfigMap", "60m");
        assertThat(MUTATION.titles()).containsExactly("Name", "Mutations", "ParamKind", "Age");
        assertThat(MUTATION.cells("{}")).containsExactly("example", "1", "<unset>", "60m");
        assertThat(BINDING.titles()).containsExactly("Name", "PolicyName", "ParamRef", "Age");
        assertThat(BINDING.cells("{spec:{paramRef:{name:'x'}}}")).containsExactly("example", "p", "*/x", "60m");
    }
}
