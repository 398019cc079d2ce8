package io.ruori.core.structural;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a structural schema does to an object: drop, fill in, refuse. */
class StructuralTest {
    private static ObjectNode json(String text) {
        return Json.read(text.replace('\'', '"'));
    }

    private static StructuralSchema schema(String properties) {
        return StructuralSchema.read(json("{'type':'object','properties':" + properties + "}"));
    }

    private static List<String> errors(String properties, String value, String old) {
        FieldErrors errors = new FieldErrors();
        JsonNode before = old.isEmpty() ? null : json(old);
        SchemaValidation.validate(json(value), before, schema(properties), errors);
        ListTypes.validate(json(value), schema(properties), errors);
        return errors.all().stream().map(FieldError::message).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'a':{'type':'string'}}                                            | {'a':'x','b':1}             | {'a':'x'}         | b
        {'a':{'type':'object'}}                                            | {'a':{'b':1}}               | {'a':{}}          | a.b
        {'a':{'type':'object','x-kubernetes-preserve-unknown-fields':true}} | {'a':{'b':{'c':1}}}         | {'a':{'b':{'c':1}}} | ``
        {'a':{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{'b':{'type':'object'}}}} | {'a':{'b':{'c':1},'d':1}} | {'a':{'b':{},'d':1}} | a.b.c
        {'a':{'type':'object','additionalProperties':{'type':'object'}}}   | {'a':{'k':{'x':1}}}         | {'a':{'k':{}}}    | a.k.x
        {'a':{'type':'array','items':{'type':'object','properties':{'n':{'type':'string'}}}}} | {'a':[{'n':'1','m':2}]} | {'a':[{'n':'1'}]} | a[0].m
        {'a':{'type':'object','x-kubernetes-embedded-resource':true}}      | {'a':{'kind':'K','metadata':{'name':'x'},'z':1}} | {'a':{'kind':'K','metadata':{'name':'x'}}} | a.z
        {}                                                                 | {'apiVersion':'v','kind':'K','metadata':{'x':1}} | {'apiVersion':'v','kind':'K','metadata':{'x':1}} | ``
        """)
    void whatIsNotDescribedIsDropped(String properties, String given, String kept, String dropped) {
        ObjectNode tree = json(given);
        List<String> unknown = Pruning.prune(tree, schema(properties));
        assertThat(tree).isEqualTo(json(kept));
        assertThat(String.join(",", unknown)).isEqualTo(dropped);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'a':{'type':'integer','default':1}}                           | {}          | {'a':1}
        {'a':{'type':'integer','default':1}}                           | {'a':2}     | {'a':2}
        {'a':{'type':'integer','default':1}}                           | {'a':null}  | {'a':1}
        {'a':{'type':'integer','default':1,'nullable':true}}           | {'a':null}  | {'a':null}
        {'a':{'type':'integer'}}                                       | {'a':null}  | {}
        {'a':{'type':'object','default':{},'properties':{'b':{'type':'string','default':'x'}}}} | {} | {'a':{'b':'x'}}
        {'a':{'type':'object','properties':{'b':{'type':'string','default':'x'}}}} | {} | {}
        {'a':{'type':'array','items':{'type':'object','properties':{'b':{'type':'string','default':'x'}}}}} | {'a':[{},{'b':'y'}]} | {'a':[{'b':'x'},{'b':'y'}]}
        {'a':{'type':'object','additionalProperties':{'type':'integer','default':7}}} | {'a':{'k':null}} | {'a':{'k':7}}
        """)
    void whatIsMissingIsFilledIn(String properties, String given, String expected) {
        ObjectNode tree = json(given);
        Defaulting.apply(tree, schema(properties));
        assertThat(tree).isEqualTo(json(expected));
        Defaulting.apply(tree, schema(properties));
        assertThat(tree).as("twice is once").isEqualTo(json(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'a':{'type':'integer'}}                     | {'a':'x'}   | a: Invalid value: 'string': a in body must be of type integer: 'string'
        {'a':{'type':'string'}}                      | {'a':1}     | a: Invalid value: 'integer': a in body must be of type string: 'integer'
        {'a':{'type':'integer'}}                     | {'a':1.5}   | a: Invalid value: 'number': a in body must be of type integer: 'number'
        {'a':{'type':'number'}}                      | {'a':1}     | ``
        {'a':{'type':'integer','format':'int32'}}    | {'a':2147483647} | ``
        {'a':{'type':'integer','format':'int32'}}    | {'a':2147483648} | <nil>: Invalid value: '': Checked value must be of type integer with format int32 in a
        {'a':{'type':'integer','format':'int64'}}    | {'a':9223372036854775807} | ``
        {'a':{'type':'integer'}}                     | {'a':9223372036854775808} | <nil>: Invalid value: '': Checked value must be of type integer (default format) in a
        {'a':{'type':'number','format':'float'}}     | {'a':1e300} | <nil>: Invalid value: '': Checked value must be of type number with format float in a
        {'a':{'type':'object','x-kubernetes-embedded-resource':true}} | {'a':{'apiVersion':'a/b/c','kind':'K'}} | a.apiVersion: Invalid value: 'a/b/c': unexpected GroupVersion string: a/b/c
        {'a':{'type':'object','x-kubernetes-embedded-resource':true}} | {'a':{'apiVersion':'v1','kind':'K','metadata':{'name':'a/b'}}} | a.metadata.name: Invalid value: 'a/b': may not contain '/'
        {'a':{'type':'integer'}}                     | {'a':2.0}   | ``
        {'a':{'type':'string'}}                      | {'a':null}  | a: Invalid value: 'null': a in body must be of type string: 'null'
        {'a':{'type':'string','nullable':true}}      | {'a':null}  | ``
        {'a':{'x-kubernetes-int-or-string':true}}    | {'a':true}  | a: Invalid value: 'boolean': a in body must be of type integer,string: 'boolean'
        {'a':{'type':'integer','maximum':3}}         | {'a':4}     | a: Invalid value: 4: a in body should be less than or equal to 3
        {'a':{'type':'integer','minimum':3,'exclusiveMinimum':true}} | {'a':3} | a: Invalid value: 3: a in body should be greater than 3
        {'a':{'type':'number','multipleOf':0.5}}     | {'a':0.7}   | a: Invalid value: 0.7: a in body should be a multiple of 0.5
        {'a':{'type':'string','maxLength':2}}        | {'a':'abc'} | a: Too long: may not be more than 2 bytes
        {'a':{'type':'string','minLength':2}}        | {'a':'a'}   | a: Invalid value: 'a': a in body should be at least 2 chars long
        {'a':{'type':'string','pattern':'^x$'}}      | {'a':'y'}   | a: Invalid value: 'y': a in body should match '^x$'
        {'a':{'type':'string','format':'date-time'}} | {'a':'no'}  | a: Invalid value: 'no': a in body must be of type date-time: 'no'
        {'a':{'type':'string','format':'ipv6'}}      | {'a':'fe80::1'} | ``
        {'a':{'type':'string','format':'cidr'}}      | {'a':'10.0.0.0/33'} | a: Invalid value: '10.0.0.0/33': a in body must be of type cidr: '10.0.0.0/33'
        {'a':{'type':'string','enum':['x','y']}}     | {'a':'z'}   | a: Unsupported value: 'z': supported values: 'x', 'y'
        {'a':{'type':'array','maxItems':1,'items':{'type':'integer'}}} | {'a':[1,2]} | a: Too many: 2: must have at most 1 items
        {'a':{'type':'array','minItems':1,'items':{'type':'integer'}}} | {'a':[]}    | a: Invalid value: 0: a in body should have at least 1 items
        {'a':{'type':'array','items':{'type':'integer'}}} | {'a':[1,'x']} | a[1]: Invalid value: 'string': a[1] in body must be of type integer: 'string'
        {'a':{'type':'object','required':['b']}}     | {'a':{}}    | a.b: Required value
        {'a':{'type':'object','maxProperties':1}}    | {'a':{'b':1,'c':2}} | a: Too many: 2: must have at most 1 items
        {'a':{'type':'object','additionalProperties':{'type':'string'}}} | {'a':{'k':1}} | a.k: Invalid value: 'integer': a.k in body must be of type string: 'integer'
        {'a':{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}}} | {'a':['x','y','x']} | a[2]: Duplicate value: 'x'
        {'a':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['n'],'items':{'type':'object'}}} | {'a':[{'n':1},{'n':1}]} | a[1]: Duplicate value: {'n':1}
        {'a':{'type':'object','x-kubernetes-embedded-resource':true,'x-kubernetes-preserve-unknown-fields':true}} | {'a':{'kind':'K'}} | a.apiVersion: Required value
        """)
    void whatDoesNotFitIsRefusedInUpstreamsWords(String properties, String value, String expected) {
        assertThat(String.join(" / ", errors(properties, value, "")).replace('"', '\''))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        'anyOf':[{'minimum':5},{'maximum':1}]  | 3 | <nil>: Invalid value: '': 'a' must validate at least one schema (anyOf) / a: Invalid value: 3: a in body should be greater than or equal to 5
        'oneOf':[{'minimum':1},{'minimum':2}]  | 3 | <nil>: Invalid value: '': 'a' must validate one and only one schema (oneOf). Found 2 valid alternatives
        'oneOf':[{'minimum':5}]                | 3 | <nil>: Invalid value: '': 'a' must validate one and only one schema (oneOf). Found none valid / a: Invalid value: 3: a in body should be greater than or equal to 5
        'allOf':[{'minimum':5},{'minimum':1}]  | 3 | a: Invalid value: 3: a in body should be greater than or equal to 5 / <nil>: Invalid value: '': 'a' must validate all the schemas (allOf)
        'not':{'minimum':1}                    | 3 | <nil>: Invalid value: '': 'a' must not validate the schema (not)
        """)
    void alternativesAreWeighed(String alternative, String value, String expected) {
        String properties = "{'a':{'type':'integer'," + alternative + "}}";
        assertThat(String.join(" / ", errors(properties, "{'a':" + value + "}", ""))
                        .replace('"', '\''))
                .isEqualTo(expected);
    }

    @Test
    void whatWasWrongBeforeAndIsUntouchedIsNotHeldAgainstTheWriter() {
        String properties = "{'a':{'type':'integer','maximum':1},'l':{'type':'array','x-kubernetes-list-type':'map',"
                + "'x-kubernetes-list-map-keys':['n'],'items':{'type':'object','properties':{'n':{'type':'string'},"
                + "'v':{'type':'integer','maximum':1}}}}}";
        assertThat(errors(properties, "{'a':5,'b':1}", "{'a':5}")).isEmpty();
        assertThat(errors(properties, "{'a':6}", "{'a':5}")).hasSize(1);
        assertThat(errors(properties, "{'l':[{'n':'y','v':1},{'n':'x','v':9}]}", "{'l':[{'n':'x','v':9}]}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        .spec.a                                         | [1]
        .spec.list[0].n                                 | ["x"]
        .spec.list[-1].n                                | ["y"]
        .spec.list[*].n                                 | ["x","y"]
        .spec.list[0:1].n                               | ["x"]
        .spec.list[?(@.n=="y")].v                       | [2]
        .spec.list[?(@.v>1)].n                          | ["y"]
        .spec['dotted.name']                            | [true]
        .spec.dotted\\.name                             | [true]
        ..v                                             | [1,2]
        .spec.nothing                                   | []
        """)
    void pathsLeadToValues(String path, String expected) throws Exception {
        ObjectNode object = json("{'spec':{'a':1,'list':[{'n':'x','v':1},{'n':'y','v':2}],'dotted.name':true}}");
        assertThat(JsonPath.parse(path.replace("\\\\", "\\"))
                        .of(object)
                        .toString()
                        .replace(" ", ""))
                .isEqualTo(expected);
    }
}
