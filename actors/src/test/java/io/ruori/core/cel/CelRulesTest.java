package io.ruori.core.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.core.structural.StructuralSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of schemas: what they may say, what they see, and what is said of values and of rules that are wrong. */
class CelRulesTest {
    /** One property of every type that rules tell apart, with limits that keep the rules affordable. */
    private static final ObjectNode WIDE = json("""
        {'type':'object','properties':{
          'n':{'type':'integer'}, 'x':{'type':'number'}, 'yes':{'type':'boolean'}, 'text':{'type':'string','maxLength':20},
          'bytes':{'type':'string','format':'byte'}, 'took':{'type':'string','format':'duration'},
          'at':{'type':'string','format':'date-time'}, 'day':{'type':'string','format':'date'},
          'port':{'x-kubernetes-int-or-string':true}, 'maybe':{'type':'string','nullable':true},
          'list':{'type':'array','maxItems':9,'items':{'type':'integer'}},
          'set':{'type':'array','maxItems':9,'x-kubernetes-list-type':'set','items':{'type':'string'}},
          'keyed':{'type':'array','maxItems':9,'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],
            'items':{'type':'object','properties':{'k':{'type':'string'},'v':{'type':'integer'}}}},
          'map':{'type':'object','maxProperties':9,'additionalProperties':{'type':'integer'}},
          'namespace':{'type':'string'}, 'a-b.c/d__e':{'type':'string'}, '1st':{'type':'string'},
          'any':{'x-kubernetes-preserve-unknown-fields':true},
          'kept':{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{'known':{'type':'string'}}},
          'inner':{'type':'object','x-kubernetes-embedded-resource':true,'x-kubernetes-preserve-unknown-fields':true}
        }}\
        """);

    private static final JsonNode FULL = json("""
        {'apiVersion':'example.com/v1','kind':'Wide','metadata':{'name':'one','labels':{'a':'b'}},
         'n':7,'x':2,'yes':true,'text':'a-1 b-22','bytes':'QUI=','took':'1h2m3s4ms','at':'2024-02-29T12:00:00Z',
         'day':'2024-02-29','port':'http','maybe':null,'list':[1,2,2,3],'set':['a','b'],
         'keyed':[{'k':'a','v':1},{'k':'b','v':2}],'map':{'one':1,'two':2},'namespace':'ns','a-b.c/d__e':'odd',
         '1st':'unseen','any':{'deep':1},'kept':{'known':'k','other':2},
         'inner':{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},'spec':{}}}\
        """);

    private static ObjectNode json(String text) {
        return Json.read(text.replace('\'', '"'));
    }

    private static ObjectNode ruled(ObjectNode schema, String rule) {
        ObjectNode ruled = schema.deepCopy();
        rule(ruled, rule);
        return ruled;
    }

    private static void rule(ObjectNode schema, String rule) {
        schema.putArray("x-kubernetes-validations").addObject().put("rule", rule);
    }

    private static List<String> run(ObjectNode schema, JsonNode value, JsonNode old) {
        FieldErrors errors = new FieldErrors();
        new CelRules(StructuralSchema.read(schema)).validate(value, old.isEmpty() ? null : old, errors);
        return errors.all().stream().map(FieldError::message).toList();
    }

    private static List<String> check(ObjectNode schema) {
        FieldErrors errors = new FieldErrors();
        CelRules.check(StructuralSchema.read(schema), "schema", false, errors);
        return errors.all().stream().map(FieldError::message).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // what is seen
                "self.metadata.name == 'one' && self.kind == 'Wide' && self.apiVersion.startsWith('example.com/')",
                "has(self.n) && !has(self.maybe) && !has(self.metadata.generateName)",
                "self.__namespace__ == 'ns' && self.namespace == 'ns'",
                "self.a__dash__b__dot__c__slash__d__underscores__e == 'odd'",
                "self.inner.metadata.name == 'p' && self.inner.kind == 'Pod'",
                "self.kept.known == 'k'",
                // types
                "type(self.n) == int && type(self.x) == double && self.x == 2.0 && double(self.n) > self.x",
                "self.bytes == b'AB' && size(self.bytes) == 2 && string(self.bytes) == 'AB'",
                "self.took > duration('1h') && self.took.getMilliseconds() == 3723004",
                "self.at.getFullYear() == 2024 && self.day.getDayOfMonth() == 28 && self.at - self.day =="
                        + " duration('12h')",
                "type(self.port) == string ? self.port == 'http' : self.port == 80",
                // macros
                "self.list.all(i, i > 0) && self.list.exists(i, i == 3) && self.list.exists_one(i, i == 1)",
                "self.list.map(i, i * 2) == [2, 4, 4, 6] && self.list.filter(i, i > 1).size() == 3",
                "self.list.all(i, e, i < 4 && e > 0) && self.map.transformMap(k, v, v + 1) == {'one': 2, 'two': 3}",
                "self.map.all(k, self.map[k] > 0) && 'one' in self.map && !('three' in self.map)",
                // lists
                "self.list.isSorted() && ![2, 1].isSorted() && self.list.sum() == 8 && [].sum() == 0",
                "self.list.min() == 1 && self.list.max() == 3 && [duration('1m'), duration('1s')].min() =="
                        + " duration('1s')",
                "self.list.indexOf(2) == 1 && self.list.lastIndexOf(2) == 2 && self.list.indexOf(9) == -1",
                "[duration('1s'), duration('1m')].sum() == duration('61s')",
                "[3, 1].sort() == [1, 3] && self.list.distinct() == [1, 2, 3] && self.list.slice(1, 3) == [2, 2]",
                "['bb', 'a'].sortBy(e, e.size()) == ['a', 'bb'] && [[1], [2]].flatten() == [1, 2]",
                // sets and maps in lists are the same in any order
                "self.set == ['b', 'a'] && self.set + ['b', 'c'] == ['c', 'b', 'a'] && self.list != [2, 1, 2, 3]",
                "sets.contains(self.set, ['a']) && sets.intersects(self.set, ['b', 'z']) && sets.equivalent([1], [1,"
                        + " 1])",
                // texts
                "self.text.split(' ') == ['a-1', 'b-22'] && self.set.join('+') == 'a+b' &&"
                        + " self.text.replace('-', '').upperAscii() == 'A1 B22'",
                "self.text.substring(4) == 'b-22' && self.text.charAt(0) == 'a' && ' x '.trim() == 'x'",
                "self.text.find('[0-9]+') == '1' && self.text.findAll('[0-9]+') == ['1', '22']",
                "self.text.findAll('[0-9]', 2) == ['1', '2'] && self.text.matches('^a') && self.text.find('z') == ''",
                "'%s has %d of %.2f, %b, %x'.format(['a', 3, 1.5, true, 255]) == 'a has 3 of 1.50, 1, ff'",
                "'%s %s %s'.format([[1, 'b'], {'k': 2.0}, duration('1m')]) == '[1, \"b\"] {\"k\":2.000000} 60s'",
                "string(2.0) == '2' && string(0.5) == '0.5' && int('7') == self.n",
                // quantities
                "quantity('1500m').isGreaterThan(quantity('1')) && quantity('1Ki').asInteger() == 1024",
                "quantity('1').add(quantity('500m')).compareTo(quantity('1.5')) == 0 && isQuantity('2Gi') &&"
                        + " !isQuantity('2Q')",
                "quantity('3').sub(1).asApproximateFloat() == 2.0 && !quantity('1500m').isInteger()",
                // addresses
                "ip('::1').isLoopback() && ip('10.0.0.1').family() == 4 && !isIP('10.0.0.256') &&"
                        + " !isIP('::ffff:1.2.3.4')",
                "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.0'))",
                "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')",
                "string(cidr('2001:db8:0:0::1/64').ip()) == '2001:db8::1' && cidr('::/0').prefixLength() == 0",
                "ip.isCanonical('::1') && !ip.isCanonical('0:0::1') && ip('224.0.0.1').isLinkLocalMulticast()",
                // URLs
                "url('https://u@h.io:81/a b?k=1&k=2#f').getHost() == 'h.io:81' && isURL('/p') && !isURL('p')",
                "url('https://h.io:81/a b').getEscapedPath() == '/a%20b' && url('https://[::1]:80/').getHostname() =="
                        + " '::1'",
                "url('https://h/?k=1&k=a%20b').getQuery() == {'k': ['1', 'a b']} && url('https://h:8/').getPort() =="
                        + " '8'",
                // named formats, versions
                "!format.dns1123Label().validate('a-b').hasValue() && format.dns1123Label().validate('A').hasValue()",
                "format.named('uuid').hasValue() && !format.named('nonsense').hasValue()",
                "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('1.0.0-a.2').compareTo(semver('1.0.0-a.10'))"
                        + " == -1",
                "isSemver('v1.2', true) && !isSemver('v1.2') && semver('v01.2', true).minor() == 2",
                "type(ip('::1')) == net.IP && type(self.at) == google.protobuf.Timestamp && type(self.took) =="
                        + " google.protobuf.Duration",
                // optionals
                "self.?maybe.orValue('none') == 'none' && self.?n.hasValue() && optional.none().orValue(1) == 1",
                // short circuits past what is not there
                "true || self.list[9] == 1",
            })
    void aRuleHolds(String rule) {
        ObjectNode schema = ruled(WIDE, rule);
        assertThat(check(schema)).isEmpty();
        assertThat(run(schema, FULL, json("{}"))).isEmpty();
        assertThat(run(ruled(WIDE, "!(" + rule + ")"), FULL, json("{}")))
                .as("its contrary does not")
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = ";;", quoteCharacter = '`', textBlock = """
        self.nothing == 1       ;; compilation failed: ERROR: <input>:1:5: undefined field 'nothing'
        self.n == 'x'           ;; compilation failed: ERROR: <input>:1:8: found no matching overload for '_==_' applied to '(int, string)'
        self.n                  ;; cel expression must evaluate to a bool
        self.any.deep == 1      ;; compilation failed: ERROR: <input>:1:5: undefined field 'any'
        self.kept.other == 1    ;; compilation failed: ERROR: <input>:1:10: undefined field 'other'
        self.metadata.labels.size() == 1 ;; compilation failed: ERROR: <input>:1:14: undefined field 'labels'
        duration('1d') == self.took      ;; compilation failed: ERROR: <input>:1:10: invalid duration argument
        [1, 'a'].size() == 2    ;; compilation failed: ERROR: <input>:1:5: expected type 'int' but found 'string'
        self.yes &&             ;; compilation failed: ERROR: <input>:1:12:
        authorizer.path('/x').check('get').allowed() ;; compilation failed: ERROR: <input>:1:1: undeclared reference to 'authorizer'
        """)
    void whatCannotRunIsRefusedWithTheSchema(String rule, String why) {
        assertThat(check(ruled(WIDE, rule)))
                .singleElement()
                .asString()
                .startsWith("schema.x-kubernetes-validations[0].rule: Invalid value: {\"Rule\":\"" + rule
                        + "\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}:"
                        + " "
                        + why);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = ";;", quoteCharacter = '`', textBlock = """
        self.list[9] == 1       ;; index out of bounds: 9 evaluating rule: self.list[9] == 1
        self.map['z'] == 1      ;; no such key: z evaluating rule: self.map['z'] == 1
        self.maybe == 'x'       ;; no such key: maybe evaluating rule: self.maybe == 'x'
        1 / (self.n - 7) == 1   ;; division by zero evaluating rule: 1 / (self.n - 7) == 1
        self.n + 9223372036854775807 > 0 ;; integer overflow evaluating rule: self.n + 9223372036854775807 > 0
        self.port < 5           ;; 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.port < 5
        quantity('x').isInteger() ;; quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$' evaluating rule: quantity('x').isInteger()
        """)
    void aRuleThatFailsRefusesTheObject(String rule, String why) {
        assertThat(run(ruled(WIDE, rule), FULL, json("{}")))
                .containsExactly("<nil>: Invalid value: \"object\": " + why);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = ";;", quoteCharacter = '`', textBlock = """
        {'rule':'self == oldSelf'}                        ;; 1 ;;   ;; ``
        {'rule':'self == oldSelf'}                        ;; 1 ;; 1 ;; ``
        {'rule':'self == oldSelf'}                        ;; 2 ;; 1 ;; n: Invalid value: 2: failed rule: self == oldSelf
        {'rule':'self > 5'}                               ;; 1 ;; 1 ;; ``
        {'rule':'self > 5'}                               ;; 2 ;; 1 ;; n: Invalid value: 2: failed rule: self > 5
        {'rule':'oldSelf.hasValue()','optionalOldSelf':true} ;; 1 ;;   ;; n: Invalid value: 1: failed rule: oldSelf.hasValue()
        {'rule':'self >= oldSelf.orValue(3)','optionalOldSelf':true} ;; 3 ;;   ;; ``
        {'rule':'self >= oldSelf.orValue(3)','optionalOldSelf':true} ;; 3 ;; 4 ;; n: Invalid value: 3: failed rule: self >= oldSelf.orValue(3)
        {'rule':'self > 5','message':'too little'}        ;; 2 ;;   ;; n: Invalid value: 2: too little
        {'rule':'self > 5','message':'m','messageExpression':'"%d is too little".format([self])'} ;; 2 ;; ;; n: Invalid value: 2: 2 is too little
        {'rule':'self > 5','message':'m','messageExpression':'string(1 / (self - 2))'} ;; 2 ;; ;; n: Invalid value: 2: m
        {'rule':'self > 5','reason':'FieldValueForbidden'} ;; 2 ;;  ;; n: Forbidden: failed rule: self > 5
        {'rule':'self > 5','reason':'FieldValueRequired'} ;; 2 ;;   ;; n: Required value: failed rule: self > 5
        {'rule':'self > 5','reason':'FieldValueDuplicate'} ;; 2 ;;  ;; n: Duplicate value: 2
        """)
    void whatIsSaidOfAValue(String rule, String value, String old, String error) {
        ObjectNode schema =
                json("{'type':'object','properties':{'n':{'type':'integer','x-kubernetes-validations':[]}}}");
        ((com.fasterxml.jackson.databind.node.ArrayNode)
                        schema.path("properties").path("n").path("x-kubernetes-validations"))
                .add(json(rule.replace("\"", "\\\"")));
        assertThat(check(schema)).isEmpty();
        JsonNode before = json(old == null ? "{}" : "{'n':" + old + "}");
        assertThat(String.join("\n", run(schema, json("{'n':" + value + "}"), before)))
                .isEqualTo(error);
    }

    @Test
    void aFieldPathMovesTheError() {
        ObjectNode schema = json("""
            {'type':'object','properties':{'spec':{'type':'object',
              'properties':{'a.b':{'type':'string'},'m':{'type':'object','additionalProperties':{'type':'string'}}},
              'x-kubernetes-validations':[{'rule':'false','fieldPath':'.m[#k#]'},
                {'rule':'false','fieldPath':'[#a.b#]','reason':'FieldValueRequired','message':'now'}]}}}\
            """);
        schema = Json.read(schema.toString().replace('#', '\''));
        assertThat(run(schema, json("{'spec':{}}"), json("{}")))
                .containsExactly("spec.m[k]: Invalid value: failed rule: false", "spec.a.b: Required value: now");
        StructuralSchema spec = StructuralSchema.read(schema.path("properties").path("spec"));
        assertThat(List.of(".m['k']", "['a.b']", ".m")).allMatch(path -> CelRules.isPath(path, spec));
        assertThat(List.of("m", ".z", ".m.", ".m['k'", ".m['k'].more", "..m"))
                .noneMatch(path -> CelRules.isPath(path, spec));
    }

    /** Elements of a list of type map are found again by their keys; those of other lists have no past. */
    @Test
    void elementsAreComparedWithThoseOfTheSameKey() {
        String grows = "'x-kubernetes-validations':[{'rule':'self.v >= oldSelf.v'}]";
        ObjectNode keyed = json("""
            {'type':'object','properties':{'l':{'type':'array','x-kubernetes-list-type':'map',
             'x-kubernetes-list-map-keys':['k'],'items':{'type':'object','properties':{'k':{'type':'string'},
             'v':{'type':'integer'}},RULE}}}}\
            """.replace("RULE", grows));
        assertThat(check(keyed)).isEmpty();
        JsonNode old = json("{'l':[{'k':'a','v':5},{'k':'b','v':1}]}");
        assertThat(run(keyed, json("{'l':[{'k':'b','v':2},{'k':'a','v':4},{'k':'c','v':0}]}"), old))
                .containsExactly("l[1]: Invalid value: failed rule: self.v >= oldSelf.v");
        ObjectNode plain = keyed.deepCopy();
        ((ObjectNode) plain.path("properties").path("l")).remove("x-kubernetes-list-type");
        assertThat(check(plain))
                .containsExactly("schema.properties[l].items.x-kubernetes-validations[0].rule: Invalid value:"
                        + " \"self.v >= oldSelf.v\": oldSelf cannot be used on the uncorrelatable portion of the schema"
                        + " within schema.properties[l]");
    }

    /** Upstream looks past {@code x-kubernetes-map-type: atomic} here: a field of such an object has its past all the same. */
    @Test
    void fieldsOfAnAtomicObjectAreComparedToo() {
        ObjectNode schema = json("""
            {'type':'object','properties':{'ref':{'type':'object','x-kubernetes-map-type':'atomic','properties':{
             'major':{'type':'integer','x-kubernetes-validations':[{'rule':'self == oldSelf'}]}}}}}\
            """);
        assertThat(check(schema)).isEmpty();
        assertThat(run(schema, json("{'ref':{'major':2}}"), json("{'ref':{'major':1}}")))
                .containsExactly("ref.major: Invalid value: 2: failed rule: self == oldSelf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"self.text.matches('x++')", "self.text.find(')') == ''", "self.text.findAll(')', 1) == []"})
    void aPatternThatIsNoneIsRefusedWithTheSchema(String rule) {
        assertThat(check(ruled(WIDE, rule))).singleElement().asString().contains("invalid matches argument");
    }

    /** A list that was not touched may keep elements that a newer rule would refuse, whatever its type. */
    @Test
    void whatDidNotChangeIsLetPass() {
        ObjectNode schema = json("""
            {'type':'object','properties':{'n':{'type':'integer'},'l':{'type':'array','items':{'type':'integer',
             'x-kubernetes-validations':[{'rule':'self > 5'}]}}}}\
            """);
        JsonNode old = json("{'n':1,'l':[1,9]}");
        assertThat(run(schema, json("{'n':2,'l':[1,9]}"), old)).isEmpty();
        assertThat(run(schema, json("{'n':2,'l':[1,9,9]}"), old))
                .containsExactly("l[0]: Invalid value: 1: failed rule: self > 5");
    }

    @Test
    void optionalOldSelfWithoutOldSelfIsAMistake() {
        ObjectNode schema = ruled(WIDE, "self.n > 1");
        ((ObjectNode) schema.path("x-kubernetes-validations").path(0)).put("optionalOldSelf", true);
        assertThat(check(schema))
                .containsExactly(
                        "schema.x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if"
                                + " oldSelf is not used in rule");
    }

    @Test
    void aMessageThatCannotBeMadeIsRefusedWithTheSchema() {
        ObjectNode schema = ruled(WIDE, "self.n > 1");
        ((ObjectNode) schema.path("x-kubernetes-validations").path(0)).put("messageExpression", "self.n");
        assertThat(check(schema)).singleElement().asString().endsWith("messageExpression must evaluate to a string");
    }

    @Test
    void aRuleThatRunsAwayIsStopped() {
        String rule = "self.l.all(a, self.l.all(b, self.l.all(c, a + b + c < 1000000)))";
        ObjectNode schema =
                ruled(json("{'type':'object','properties':{'l':{'type':'array','items':{'type':'integer'}}}}"), rule);
        ObjectNode value = Json.object();
        for (int i = 0; i < 2_000; i++) {
            value.withArray("l").add(i);
        }
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> run(schema, value, json("{}"))))
                .containsExactly(
                        "<nil>: Invalid value: \"object\": 'operation cancelled: actual cost limit exceeded': no"
                                + " further validation rules will be run due to call cost exceeds limit for rule: "
                                + rule);
    }

    /** Twelve rules of 900,000 units each are more than the ten million that a write has. */
    @Test
    void aWriteHasABudgetForAllItsRules() {
        ObjectNode schema = json("{'type':'object','properties':{'l':{'type':'array','items':{'type':'string'}}}}");
        rule(
                (ObjectNode) schema.path("properties").path("l").path("items"),
                "!self.matches('" + "x".repeat(400) + "')");
        ObjectNode value = Json.object();
        for (int i = 0; i < 11; i++) {
            value.withArray("l").add("y".repeat(89_000) + i);
        }
        assertThat(run(schema, value, json("{}"))).isEmpty();
        value.withArray("l").add("y");
        value.withArray("l").add("y".repeat(89_999));
        value.withArray("l").add("y");
        assertThat(run(schema, value, json("{}")))
                .containsExactly(
                        "l[12]: Invalid value: \"string\": validation failed due to running out of cost budget,"
                                + " no further validation rules will be run");
    }

    /** What an untouched value makes of a rule is not held against the writer, but a rule that cannot be run is. */
    @Test
    void aRuleThatCannotBeRunIsToldOfEvenIfNothingChanged() {
        ObjectNode schema = ruled(WIDE, "self.map['z'] == 1");
        assertThat(run(schema, FULL, FULL))
                .containsExactly(
                        "<nil>: Invalid value: \"object\": no such key: z evaluating rule: self.map['z'] == 1");
    }

    /** Kubernetes 1.36's own numbers. */
    @ParameterizedTest
    @CsvSource(delimiterString = ";;", quoteCharacter = '`', textBlock = """
        22  ;; self.exists_one(e, e > 4)
        25  ;; !self.exists_one(e, e == 2)
        68  ;; size(self.filter(e, e%2 == 0)) == 3
        194 ;; self.map(e, e * 20).filter(e, e > 50).exists(e, e == 60)
        77  ;; self.transformList(i, e, e > 2, e * 2).size() > 0
        """)
    void runningARuleCosts(long cost, String rule) throws Exception {
        // One less than of a field: naming `self` alone is one step.
        ObjectNode schema = json("{'type':'array','items':{'type':'integer'}}");
        StructuralSchema ruled = StructuralSchema.read(ruled(schema, rule));
        ActualCost spent = new ActualCost(1_000_000);
        RuleProgram.compile(ruled, false)
                .getFirst()
                .holds(Map.of("self", List.of(1L, 1L, 2L, 2L, 3L, 3L, 4L, 5L)), spent);
        assertThat(spent.spent()).isEqualTo(cost - 1);
    }
}
