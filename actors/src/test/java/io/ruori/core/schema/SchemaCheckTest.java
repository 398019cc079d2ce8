package io.ruori.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.Json;
import io.ruori.core.schema.Schema.Struct;
import io.ruori.schema.BuiltInSchemas;
import io.ruori.schema.SchemaTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCheckTest {
    private static final SchemaTable SCHEMAS = BuiltInSchemas.load();
    private static final SchemaCheck CHECK = new SchemaCheck(SCHEMAS);

    private static SchemaCheck.Result check(String kind, String json) {
        return CHECK.check(kind(kind), Json.read(json.replace('\'', '"')));
    }

    private static Struct kind(String kind) {
        return SCHEMAS.ofKind(kind.equals("Deployment") ? "apps" : "", "v1", kind)
                .orElseThrow();
    }

    @Test
    void namesUnknownFieldsInDocumentOrder() {
        SchemaCheck.Result result = check(
                "Deployment",
                "{'spec':{'foo':1,'template':{'spec':{'containers':[{'name':'a'},{'bar':{'x':1}}],'replicas':1}}},"
                        + "'Metadata':{},'metadata':{'labels':{'anything':'goes'}}}");
        assertThat(result.unknownFields())
                .containsExactly(
                        "spec.foo", "spec.template.spec.containers[1].bar", "spec.template.spec.replicas", "Metadata");
        assertThat(result.typeError()).isEmpty();
        assertThat(result.strictError())
                .startsWith("strict decoding error: unknown field \"spec.foo\", unknown field \"spec.template.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Deployment | {'spec':{'replicas':'x'}} | json: cannot unmarshal string into Go struct field"
                        + " DeploymentSpec.spec.replicas of type int32",
                "Deployment | {'spec':{'replicas':1.5}} | json: cannot unmarshal number 1.5 into Go struct field"
                        + " DeploymentSpec.spec.replicas of type int32",
                "Deployment | {'spec':{'replicas':3000000000}} | json: cannot unmarshal number 3000000000 into Go"
                        + " struct field DeploymentSpec.spec.replicas of type int32",
                "Deployment | {'spec':{'paused':'yes','replicas':true}} | json: cannot unmarshal string into Go struct"
                        + " field DeploymentSpec.spec.paused of type bool",
                "Deployment | {'spec':[]} | json: cannot unmarshal array into Go struct field Deployment.spec of type"
                        + " v1.DeploymentSpec",
                "Pod | {'metadata':{'labels':{'a':1}}} | json: cannot unmarshal number into Go struct field"
                        + " ObjectMeta.metadata.labels of type string",
                "Pod | {'metadata':{'labels':'a'}} | json: cannot unmarshal string into Go struct field"
                        + " ObjectMeta.metadata.labels of type map[string]string",
                "Pod | {'spec':{'containers':{}}} | json: cannot unmarshal object into Go struct field"
                        + " PodSpec.spec.containers of type []v1.Container",
                "Pod | {'spec':{'containers':[{'env':[{'name':'A','value':1}]}]}} | json: cannot unmarshal number into"
                        + " Go struct field EnvVar.spec.containers.env.value of type string",
                "Pod | {'spec':{'containers':[{'readinessProbe':{'httpGet':{'port':true}}}]}} | json: cannot unmarshal"
                        + " bool into Go struct field HTTPGetAction.spec.containers.readinessProbe.httpGet.port of type"
                        + " int32",
                "Pod | {'spec':{'containers':[{'resources':{'limits':{'cpu':'1x'}}}]}} | quantities must match the"
                        + " regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                "Pod | {'spec':{'containers':[{'resources':{'limits':['cpu']}}]}} | json: cannot unmarshal array into"
                    + " Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList",
                "Pod | {'metadata':{'creationTimestamp':'today'}} | parsing time \"today\" as"
                        + " \"2006-01-02T15:04:05Z07:00\": cannot parse \"today\" as \"2006\"",
                "Pod | {'metadata':{'creationTimestamp':'2024-02-30T00:00:00Z'}} | parsing time"
                        + " \"2024-02-30T00:00:00Z\": day out of range",
                "Pod | {'metadata':{'creationTimestamp':5}} | json: cannot unmarshal number into Go struct field"
                        + " ObjectMeta.metadata.creationTimestamp of type string",
                "Event | {'eventTime':'2024-02-03T00:00:00Z'} | parsing time \"2024-02-03T00:00:00Z\" as"
                        + " \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"Z\" as \".000000\"",
                "Secret | {'data':{'a':'&&&&'}} | illegal base64 data at input byte 0",
                "Secret | {'data':{'a':'abc'}} | illegal base64 data at input byte 3",
                "Secret | {'data':{'a':7}} | json: cannot unmarshal number into Go struct field Secret.data of type"
                        + " []uint8",
            })
    void wordsAWrongTypeAsGoDoes(String kind, String json, String message) {
        assertThat(check(kind, json).typeError()).contains(message);
    }

    @Test
    void aValueRefusedByItsTypeIsReportedBeforeAnEarlierMismatch() {
        assertThat(check("Pod", "{'metadata':{'labels':{'a':1},'creationTimestamp':''}}")
                        .typeError())
                .get()
                .asString()
                .startsWith("parsing time \"\"");
    }

    @Test
    void acceptsWhatFits() {
        SchemaCheck.Result result = check(
                "Pod",
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'a','creationTimestamp':null,"
                    + "'managedFields':[{'fieldsV1':{'f:x':{}},'time':'2024-02-03T04:05:06+02:00'}]},"
                    + "'spec':{'containers':[{'ports':[{'containerPort':80}],'resources':{'limits':{'cpu':1,'memory':'1Gi'}},"
                    + "'livenessProbe':{'httpGet':{'port':'web'}}}],'activeDeadlineSeconds':5000000000}}");
        assertThat(result.unknownFields()).isEmpty();
        assertThat(result.typeError()).isEmpty();
    }

    @Test
    void wordsTheRefusal() {
        assertThat(SchemaCheck.cannotBeHandled("v1", "Deployment", "json: no").message())
                .isEqualTo("Deployment in version \"v1\" cannot be handled as a Deployment: json: no");
    }
}
