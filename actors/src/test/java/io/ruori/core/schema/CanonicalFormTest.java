package io.ruori.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.core.schema.CanonicalForm.UnknownFields;
import io.ruori.schema.BuiltInSchemas;
import io.ruori.schema.SchemaTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalFormTest {
    private static final SchemaTable SCHEMAS = BuiltInSchemas.load();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Pod | {'spec':{'overhead':{'cpu':'1000m','memory':'1024Mi','x':0.0001}}} |"
                        + " {'spec':{'overhead':{'cpu':'1','memory':'1Gi','x':'1m'}}}",
                "Pod | {'metadata':{'creationTimestamp':null,'labels':{'a':null}},'spec':{'nodeName':null}} |"
                        + " {'metadata':{'labels':{'a':''}},'spec':{}}",
                "Pod | {'metadata':{'creationTimestamp':'2024-02-03T04:05:06.7+02:00'}} |"
                        + " {'metadata':{'creationTimestamp':'2024-02-03T02:05:06Z'}}",
                "Event | {'eventTime':'2024-02-03T04:05:06.000007+02:00'} |"
                        + " {'eventTime':'2024-02-03T02:05:06.000007Z'}",
                "Pod | {'spec':{'foo':1,'containers':[{'bar':2,'args':['a',null]},null]}} |"
                        + " {'spec':{'containers':[{'args':['a','']},{}]}}",
                "Pod | {'metadata':{'managedFields':[{'fieldsV1':{'f:a':null}}]}} |"
                        + " {'metadata':{'managedFields':[{'fieldsV1':{'f:a':null}}]}}",
                "ConfigMap | {'data':{'a':'1','b':null}} | {'data':{'a':'1','b':''}}",
                "Secret | {'data':{'a':'YWJj\\nZGVm'}} | {'data':{'a':'YWJjZGVm'}}",
            })
    void rewritesAsDecodingWould(String kind, String given, String expected) {
        ObjectNode tree = Json.read(given.replace('\'', '"'));
        new CanonicalForm(SCHEMAS).apply(SCHEMAS.ofKind("", "v1", kind).orElseThrow(), tree, UnknownFields.DROP);
        assertThat(tree).isEqualTo(Json.read(expected.replace('\'', '"')));
        ObjectNode again = tree.deepCopy();
        new CanonicalForm(SCHEMAS).apply(SCHEMAS.ofKind("", "v1", kind).orElseThrow(), again, UnknownFields.KEEP);
        assertThat(again).isEqualTo(tree);
    }
}
