package io.ruori.core.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.kind.Kind;
import io.ruori.schema.BuiltInSchemas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves what versions of an object say: the paths of its fields, what differs, who last set each, and what led to it. */
class PastOfFieldsTest {
    private static final Schemas SCHEMAS = BuiltInSchemas.load();
    private static final Schema POD = SCHEMAS.named("io.k8s.api.core.v1.Pod");
    private static final Kind KIND = Kind.of("", "v1", "ConfigMap", "configmaps", "io.k8s.api.core.v1.ConfigMap")
            .build();

    private static Map<String, JsonNode> leaves(String json) {
        return Leaves.of(Json.read(json), POD, SCHEMAS);
    }

    private static List<String> between(String before, String after) {
        return FieldChange.between(leaves(before), leaves(after)).stream()
                .map(c -> c.path() + " " + c.before() + " " + c.after())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'spec':{'nodeName':'n'}} | spec.nodeName",
                "{'metadata':{'labels':{'a':'1','x.io/b':'2'}}} | metadata.labels.a metadata.labels[x.io/b]",
                "{'spec':{'containers':[{'name':'c','image':'i'}]}}"
                        + "| spec.containers[name=c].name spec.containers[name=c].image",
                "{'spec':{'containers':[{'name':'c','ports':[{'containerPort':80,'protocol':'TCP'}]}]}}"
                        + "| spec.containers[name=c].name"
                        + " spec.containers[name=c].ports[containerPort=80,protocol=TCP].containerPort"
                        + " spec.containers[name=c].ports[containerPort=80,protocol=TCP].protocol",
                "{'spec':{'containers':[{'name':'c','args':['a','b']}]}}"
                        + "| spec.containers[name=c].name spec.containers[name=c].args",
                "{'metadata':{'finalizers':['x']}} | metadata.finalizers[=\"x\"]",
                "{'spec':{'tolerations':[{'key':'a'},{'key':'b'}]}} | spec.tolerations[0].key spec.tolerations[1].key",
                "{'spec':{'volumes':[{'name':'v','emptyDir':{}}]}}"
                        + "| spec.volumes[name=v].name spec.volumes[name=v].emptyDir",
                "{'metadata':{'resourceVersion':'7','managedFields':[{'manager':'m'}]}} | ``",
                "{'made':[{'up':1},{'up':2}]} | made[0].up made[1].up",
                "{'spec':{'containers':[{'name':'c'},{'name':'c'}]}}"
                        + "| spec.containers[name=c].name spec.containers[name=c#2].name",
            })
    void everyLeafHasAPathThatSaysWhatItIs(String object, String paths) {
        assertThat(String.join(" ", leaves(object.replace('\'', '"')).keySet())).isEqualTo(paths);
    }

    @Test
    void whatDiffersIsToldByPath() {
        assertThat(between("{\"spec\":{\"nodeName\":\"a\"}}", "{\"spec\":{\"nodeName\":\"b\"}}"))
                .containsExactly("spec.nodeName \"a\" \"b\"");
        assertThat(between("{\"spec\":{}}", "{\"spec\":{\"nodeName\":\"b\"}}"))
                .as("an empty map that is filled")
                .containsExactly("spec.nodeName null \"b\"");
        assertThat(between("{\"spec\":{\"nodeName\":\"b\"}}", "{}")).containsExactly("spec.nodeName \"b\" null");
        String one = "{\"name\":\"a\",\"image\":\"i\"}";
        String two = "{\"name\":\"b\",\"image\":\"j\"}";
        assertThat(between(
                        "{\"spec\":{\"containers\":[" + one + "]}}",
                        "{\"spec\":{\"containers\":[" + two + "," + one + "]}}"))
                .as("an element put before another leaves that one alone")
                .containsExactly("spec.containers[name=b].image null \"j\"", "spec.containers[name=b].name null \"b\"");
        assertThat(between("{\"spec\":{\"nodeName\":\"a\"}}", "{\"spec\":{\"nodeName\":\"a\"}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "status.replicas, true",
        "status, true",
        "status.phase, false",
        "status.containerStatuses[name=c].restartCount, false",
        "spec.replicas, false",
        "statusless, false",
    })
    void countingAndReportingIsNoDecision(String path, boolean isReport) {
        assertThat(new FieldChange(path, null, Json.number(1)).isReport()).isEqualTo(isReport);
    }

    @ParameterizedTest
    @CsvSource({
        "secrets, data.password, ***",
        "secrets, data[tls.key], ***",
        "secrets, type, secret",
        "configmaps, data.password, secret",
    })
    void valuesOfSecretsAreNotShown(String resource, String path, String shown) {
        FieldChange change =
                new FieldChange(path, null, Json.object().textNode("secret")).shown(KindName.core(resource));
        assertThat(String.valueOf(change.after())).contains(shown);
        assertThat(change.before()).isNull();
    }

    // ---- events

    private static ObjectEvent event(long revision, long cause, String data, boolean created) {
        ObjectNode tree = Json.read("{\"metadata\":{\"name\":\"c\",\"uid\":\"u\"},\"data\":" + data + "}");
        StoredObject object = KIND.store(tree, new Revision(revision));
        Origin origin = new Origin(new User("user-" + revision, "", List.of()), "m", "s", "", new Revision(cause));
        return created
                ? new ObjectEvent.Created(object, origin, List.of())
                : new ObjectEvent.Updated(object, origin, List.of());
    }

    private static Map<String, Long> blame(int most, ObjectEvent... oldestFirst) {
        List<ObjectEvent> events = new ArrayList<>(List.of(oldestFirst));
        Map<String, Long> since = new LinkedHashMap<>();
        Blame.of(
                        events.reversed().iterator(),
                        e -> Leaves.of(
                                Json.object().set("data", e.object().tree().path("data")), null, SCHEMAS),
                        most)
                .forEach(line -> since.put(
                        line.path(),
                        line.since() == null ? 0 : line.since().revision().value()));
        return since;
    }

    @Test
    void aFieldIsBlamedOnWhoGaveItItsValue() {
        ObjectEvent made = event(1, 0, "{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\",\"d\":\"1\"}", true);
        ObjectEvent second = event(2, 0, "{\"a\":\"1\",\"b\":\"2\",\"c\":\"2\"}", false);
        ObjectEvent third = event(3, 0, "{\"a\":\"1\",\"b\":\"2\",\"c\":\"1\",\"d\":\"1\"}", false);
        assertThat(blame(9, made, second, third))
                .containsEntry("data.a", 1L)
                .containsEntry("data.b", 2L)
                .as("set back to what it was")
                .containsEntry("data.c", 3L)
                .as("removed and set again")
                .containsEntry("data.d", 3L)
                .hasSize(4);
        assertThat(blame(2, made, second, third))
                .as("further back than is looked")
                .containsEntry("data.a", 0L)
                .containsEntry("data.b", 0L)
                .containsEntry("data.c", 3L);
        assertThat(blame(9, second, third)).as("the journal begins later").containsEntry("data.a", 0L);
    }

    @Test
    void causesAreFollowedToTheFirst() {
        Map<Revision, ObjectEvent> all = new HashMap<>();
        for (ObjectEvent each : List.of(
                event(1, 0, "{}", true),
                event(2, 1, "{}", false),
                event(5, 2, "{}", false),
                event(7, 7, "{}", false))) {
            all.put(each.revision(), each);
        }
        assertThat(chain(all, 5, 9)).containsExactly(1L, 2L, 5L);
        assertThat(chain(all, 5, 2)).as("as long as wanted").containsExactly(2L, 5L);
        assertThat(chain(all, 7, 9)).as("no effect is its own cause").containsExactly(7L);
        all.remove(new Revision(1));
        assertThat(chain(all, 5, 9)).as("what the journal has lost").containsExactly(2L, 5L);
    }

    @Test
    void effectsAreFoundInWhateverOrderTheyAreOffered() {
        Effects effects = new Effects(List.of(event(1, 0, "{}", true), event(4, 0, "{}", false)));
        for (ObjectEvent each : List.of(
                event(9, 5, "{}", false),
                event(8, 7, "{}", false),
                event(2, 1, "{}", false),
                event(5, 2, "{}", false),
                event(6, 4, "{}", false))) {
            effects.offer(each);
        }
        assertThat(effects.all().stream().map(e -> e.revision().value())).containsExactly(1L, 2L, 4L, 5L, 6L, 9L);
        assertThat(effects.isCutOff()).isFalse();
    }

    private static List<Long> chain(Map<Revision, ObjectEvent> all, long last, int most) {
        ObjectEvent event = Optional.ofNullable(all.get(new Revision(last))).orElseThrow();
        return Causes.of(event, revision -> Optional.ofNullable(all.get(revision)), most).stream()
                .map(e -> e.revision().value())
                .toList();
    }
}
