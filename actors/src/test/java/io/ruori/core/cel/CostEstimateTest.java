package io.ruori.core.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.core.structural.StructuralSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules are reckoned to cost, which must be what Kubernetes reckons, and what is refused for it. */
class CostEstimateTest {
    private static final ObjectNode WIDE = json("""
        {'type':'object','required':['name'],'properties':{
          'n':{'type':'integer'}, 'name':{'type':'string','maxLength':63}, 'free':{'type':'string'},
          'mode':{'type':'string','enum':['On','Off']}, 'day':{'type':'string','format':'date'},
          'took':{'type':'string','format':'duration'}, 'raw':{'type':'string','format':'byte','maxLength':20},
          'port':{'x-kubernetes-int-or-string':true,'maxLength':5},
          'few':{'type':'array','maxItems':10,'items':{'type':'string','maxLength':5}},
          'many':{'type':'array','items':{'type':'string'}},
          'pods':{'type':'array','items':{'type':'object','required':['id'],'properties':{
            'id':{'type':'string','maxLength':8},
            'tags':{'type':'array','maxItems':4,'items':{'type':'string'}}}}},
          'labels':{'type':'object','maxProperties':7,'additionalProperties':{'type':'string','maxLength':9}},
          'all':{'type':'object','additionalProperties':{'type':'boolean'}}}}\
        """);

    private static ObjectNode json(String text) {
        return Json.read(text.replace('\'', '"'));
    }

    private static List<String> check(JsonNode schema, boolean isUnchanged) {
        FieldErrors errors = new FieldErrors();
        CelRules.check(StructuralSchema.read(schema), "schema", isUnchanged, errors);
        return errors.all().stream().map(FieldError::message).toList();
    }

    private static void rule(JsonNode schema, String rule) {
        ((ObjectNode) schema)
                .withArrayProperty("x-kubernetes-validations")
                .addObject()
                .put("rule", rule);
    }

    /** The numbers are Kubernetes 1.36's own for this schema; they decide which definitions are accepted. */
    @ParameterizedTest
    @CsvSource(delimiterString = ";;", quoteCharacter = '`', textBlock = """
        6        ;; self.n > 1 && self.n < 9
        4        ;; has(self.name) ? self.name == 'a' : false
        30       ;; self.name == self.free
        3        ;; self.mode == 'On'
        7        ;; self.free.startsWith('abc') || self.free.endsWith('some longer text')
        314575   ;; self.free.contains('0123456789')
        54       ;; self.name.matches('^[a-z]+$')
        629148   ;; self.free.matches('^[a-z]+$')
        8        ;; self.day > timestamp('2020-01-01T00:00:00Z') && self.took < duration('1h')
        7        ;; self.raw == b'1234' && size(self.raw) < 3
        3        ;; self.port == 80
        53       ;; self.few.all(x, x.startsWith('a'))
        93       ;; self.few.exists(x, x == self.name)
        5242878  ;; self.many.all(x, x == 'a')
        345882608640773328 ;; self.many.all(x, self.many.exists(y, x == y))
        673      ;; self.few.all(x, self.few.exists_one(y, x == y))
        346      ;; self.few.map(x, x + '!').filter(x, x.size() > 2).size() > 0
        1048589  ;; 'a' in self.few || 'b' in self.many
        9151203  ;; self.pods.all(p, p.id.size() > 1 && (!has(p.tags) || p.tags.all(t, t != 'x')))
        73       ;; self.labels.all(k, self.labels[k].size() < 5 && k != 'z')
        1572863  ;; self.all.exists(k, v, v)
        80       ;; self.few.join(',').size() < 100 && self.name.split('-').size() > 1
        206      ;; self.name.replace('a', 'bcd').upperAscii().trim() == 'X'
        329854432118 ;; self.few.isSorted() && self.few.indexOf('a') == 0 && self.many.max() == 'z'
        850      ;; self.few.sort() == self.few.distinct() && self.few.sortBy(x, x.size()).slice(1, 3).reverse().size() == 2
        20971538 ;; sets.contains(self.few, ['a', 'b']) && sets.equivalent(self.few, self.many)
        629205   ;; self.name.find('[0-9]+') == '1' && self.free.findAll('[a-z]', 2).size() == 2
        314640   ;; ip(self.name).family() == 4 && cidr(self.name).containsIP(self.free) && isURL(self.free)
        629206   ;; quantity(self.name).isGreaterThan(quantity('1')) && url(self.name) == url(self.free)
        837      ;; !format.dns1123Label().validate(self.name).hasValue()
        21       ;; self.?name.optMap(v, v.size()).orValue(0) > 1
        8        ;; self.metadata.name.size() < 10 && self.kind == 'Wide'
        109      ;; [1, 2, 3].map(x, x * 2) == [2, 4, 6] && {'a': 1}.all(k, k == 'a')
        7        ;; oldSelf.n == self.n && dyn(self.n) == 1
        20       ;; '%s is %d'.format([self.name, self.n]) == 'a is 1' && string(self.n) == '1'
        """)
    void aRuleCosts(long cost, String rule) {
        ObjectNode schema = WIDE.deepCopy();
        rule(schema, rule);
        RuleProgram program =
                RuleProgram.compile(StructuralSchema.read(schema), true).getFirst();
        assertThat(program.error()).isEmpty();
        assertThat(program.cost()).isEqualTo(cost);
    }

    /** A rule counts as often as there can be something that it is about: limits of lists and maps above decide. */
    @ParameterizedTest
    @CsvSource(delimiterString = ";;", quoteCharacter = '`', textBlock = """
        {}               ;; {}                ;; {}              ;; more than 100x
        {'maxItems':100} ;; {}                ;; {}              ;; more than 100x
        {}               ;; {'maxLength':100} ;; {}              ;; 8.7x
        {'maxItems':100} ;; {'maxLength':100} ;; {}              ;; 8.7x
        {'maxItems':100} ;; {'maxLength':100} ;; {'maxItems':10} ;; ``
        """)
    void aListWithoutALimitIsTakenToBeAsLongAsARequest(String outer, String text, String inner, String factor) {
        ObjectNode schema = json("""
            {'type':'object','properties':{'outer':{'type':'array','items':{'type':'array','items':
              {'type':'string'}}}}}\
            """);
        ObjectNode list = (ObjectNode) Json.at(schema, "properties", "outer");
        list.setAll(json(outer));
        ((ObjectNode) list.path("items")).setAll(json(inner));
        ObjectNode element = (ObjectNode) list.path("items").path("items");
        element.setAll(json(text));
        rule(element, "self.matches('^[a-z]+$')");
        String path = "schema.properties[outer].items.items";
        String why = "estimated rule cost exceeds budget by factor of " + factor + " (try simplifying the rule, or"
                + " adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
        List<String> errors = check(schema, false);
        if (factor.isEmpty()) {
            assertThat(errors).isEmpty();
        } else {
            assertThat(errors).contains(path + ".x-kubernetes-validations[0].rule: Forbidden: " + why);
        }
    }

    /** Nobody is kept from changing the rest of a definition that was accepted when rules cost less. */
    @Test
    void whatWasAcceptedMayStay() {
        ObjectNode schema = WIDE.deepCopy();
        rule(schema, "sets.equivalent(self.few, self.many)");
        assertThat(check(schema, false)).singleElement().asString().contains("factor of 2.1x");
        assertThat(check(schema, true)).isEmpty();
    }

    @Test
    void rulesThatAreCheapAloneMayCostTooMuchTogether() {
        ObjectNode schema = WIDE.deepCopy();
        for (int i = 0; i < 12; i++) {
            rule(schema, "self.pods.all(p, p.id.size() > 1 && (!has(p.tags) || p.tags.all(t, t != 'x')))");
        }
        rule(schema, "self.n > 0");
        assertThat(check(schema, false))
                .hasSize(5)
                .contains("schema.x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total"
                        + " exceeding cost limit for entire OpenAPIv3 schema")
                .last()
                .asString()
                .startsWith("schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire"
                        + " OpenAPIv3 schema exceeds budget by factor of 1.098144x");
    }

    @Test
    void theExpressionOfAMessageHasItsPriceToo() {
        ObjectNode schema = WIDE.deepCopy();
        rule(schema, "self.n > 0");
        ArrayNode rules = schema.withArrayProperty("x-kubernetes-validations");
        ((ObjectNode) rules.path(0)).put("messageExpression", "self.many.map(x, self.many.join(x)).join('')");
        assertThat(check(schema, false))
                .first()
                .asString()
                .startsWith("schema.x-kubernetes-validations[0].messageExpression: Forbidden: estimated"
                        + " messageExpression cost exceeds budget by factor of more than 100x");
    }
}
