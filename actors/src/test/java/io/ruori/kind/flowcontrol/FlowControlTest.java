package io.ruori.kind.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ruori.kind.KindCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** FlowSchemas and priority levels are completed, checked and shown as upstream does it. */
class FlowControlTest {
    private static final String RULES =
            "rules:[{subjects:[{kind:'User',user:{name:'u'}}],nonResourceRules:[{verbs:['get'],nonResourceURLs:['/x']}]}]";
    private static final KindCase SCHEMA =
            KindCase.of(FlowSchemaKind.KIND, "{spec:{priorityLevelConfiguration:{name:'l'}," + RULES + "}}");
    private static final KindCase LEVEL = KindCase.of(
            PriorityLevelConfigurationKind.KIND,
            "{spec:{type:'Limited',limited:{limitResponse:{type:'Queue',queuing:{}}}}}");

    private static String resources(String change) {
        return "{spec:{rules:[{subjects:[{kind:'User',user:{name:'u'}}],resourceRules:[{" + change + "}]}]}}";
    }

    static Stream<Arguments> wrong() {
        String all = "verbs:['*'],apiGroups:['*'],resources:['*']";
        String rule = "spec.rules[0]";
        String queuing = "spec.limited.limitResponse.queuing";
        return Stream.of(
                arguments(
                        SCHEMA,
                        "{spec:{matchingPrecedence:1}}",
                        "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have"
                                + " matchingPrecedence 1"),
                arguments(
                        SCHEMA,
                        "{spec:{matchingPrecedence:10001}}",
                        "spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000"),
                arguments(
                        SCHEMA,
                        "{spec:{priorityLevelConfiguration:null}}",
                        "spec.priorityLevelConfiguration.name: Required value: must reference a priority level"),
                arguments(
                        SCHEMA,
                        "{spec:{distinguisherMethod:{type:'ByMood'}}}",
                        "spec.distinguisherMethod.type: Unsupported value: {\"type\":\"ByMood\"}: supported values:"
                                + " \"ByNamespace\", \"ByUser\""),
                arguments(
                        SCHEMA,
                        "{spec:{rules:[{subjects:[{kind:'User',user:{name:'u'}}]}]}}",
                        rule + ": Required value: at least one of resourceRules and nonResourceRules has to be"
                                + " non-empty"),
                arguments(
                        SCHEMA,
                        "{spec:{" + RULES.replace("kind:'User',user:{name:'u'}", "kind:'Group'") + "}}",
                        rule + ".subjects[0].group: Required value: group is required when subject kind is 'Group'"),
                arguments(
                        SCHEMA,
                        "{spec:{" + RULES.replace("user:{name:'u'}", "user:{name:'u'},group:{name:'g'}") + "}}",
                        rule + ".subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'"),
                arguments(
                        SCHEMA,
                        "{spec:{" + RULES.replace("/x", "x") + "}}",
                        rule + ".nonResourceRules[0].nonResourceURLs[0]: Invalid value: \"x\": must start with slash"),
                arguments(
                        SCHEMA,
                        resources(all),
                        rule
                                + ".resourceRules[0].namespaces: Required value: resource rules that are not cluster"
                                + " scoped must supply at least one namespace"),
                arguments(
                        SCHEMA,
                        resources("verbs:['*','get'],apiGroups:['*'],resources:['*'],clusterScope:true"),
                        rule + ".resourceRules[0].verbs: Invalid value: [\"*\",\"get\"]: if '*' is present, must not"
                                + " specify other verbs"),
                arguments(
                        LEVEL,
                        "{spec:{limited:null}}",
                        "spec.limited: Required value: must not be empty when type is Limited"),
                arguments(
                        LEVEL,
                        "{spec:{limited:{nominalConcurrencyShares:-1}}}",
                        "spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer"),
                arguments(
                        LEVEL,
                        "{spec:{limited:{lendablePercent:101}}}",
                        "spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive"),
                arguments(
                        LEVEL,
                        "{spec:{limited:{limitResponse:{type:'Reject'}}}}",
                        queuing + ": Forbidden: must be nil if limited.limitResponse.type is not Limited"),
                arguments(
                        LEVEL,
                        "{spec:{limited:{limitResponse:{queuing:{queues:2,handSize:4}}}}}",
                        queuing + ".handSize: Invalid value: 4: should not be greater than queues (2)"),
                arguments(
                        LEVEL,
                        "{spec:{limited:{limitResponse:{queuing:{queues:512,handSize:8}}}}}",
                        queuing + ".handSize: Invalid value: 8: required entropy bits of deckSize 512 and handSize 8"
                                + " should not be greater than 60"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongObjectIsRefusedInTheseWords(KindCase base, String change, String message) {
        assertThat(base.created("{}")).isEmpty();
        assertThat(base.created(change)).containsExactly(message);
    }

    @Test
    void theMandatoryOnesAreGoodAndStay() {
        for (var first : FlowSchemaKind.KIND.firstObjects()) {
            KindCase schema = KindCase.of(FlowSchemaKind.KIND, first.toString());
            assertThat(schema.created("{}")).isEmpty();
            assertThat(schema.updated("{spec:{distinguisherMethod:{type:'ByNamespace'}}}"))
                    .singleElement()
                    .asString()
                    .endsWith("must equal the fixed value");
        }
        for (var first : PriorityLevelConfigurationKind.KIND.firstObjects()) {
            assertThat(KindCase.of(PriorityLevelConfigurationKind.KIND, first.toString())
                            .created("{}"))
                    .isEmpty();
        }
        assertThat(LEVEL.created("{metadata:{name:'exempt'}}"))
                .contains("spec.type: Invalid value: \"Limited\": type must be 'Exempt' if and only if name is"
                        + " 'exempt'");
    }

    @Test
    void defaults() {
        assertThat(SCHEMA.stored().at("/spec/matchingPrecedence").intValue()).isEqualTo(1000);
        assertThat(LEVEL.stored().at("/spec/limited"))
                .isEqualTo(KindCase.tree("{limitResponse:{type:'Queue',queuing:{handSize:8,queues:64,"
                        + "queueLengthLimit:50}},nominalConcurrencyShares:30,lendablePercent:0}"));
    }

    @Test
    void conditionsAreNamedOnce() {
        assertThat(SCHEMA.statusUpdated("{conditions:[{type:'A'},{type:'A'},{}]}"))
                .containsExactly(
                        "status.conditions[1].type: Duplicate value: \"A\"",
                        "status.conditions[2].type: Required value: must not be empty");
    }

    @Test
    void columns() {
        assertThat(SCHEMA.titles())
                .containsExactly(
                        "Name", "PriorityLevel", "MatchingPrecedence", "DistinguisherMethod", "Age", "MissingPL");
        assertThat(SCHEMA.cells("{status:{conditions:[{type:'Dangling',status:'False'}]}}"))
                .containsExactly("example", "l", "1000", "<none>", "60m", "False");
        assertThat(LEVEL.titles())
                .containsExactly(
                        "Name", "Type", "NominalConcurrencyShares", "Queues", "HandSize", "QueueLengthLimit", "Age");
        assertThat(LEVEL.cells("{}")).containsExactly("example", "Limited", "30", "64", "8", "50", "60m");
    }
}
