package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.json;
import static io.ruori.core.patch.PatchAssertions.patched;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A merge patch written as the difference of two objects turns one into the other. */
class MergePatchPropertyTest {

    @Property
    void thePatchFromOneObjectToAnotherGivesTheOther(
            @ForAll("objects") ObjectNode one, @ForAll("objects") ObjectNode other) {
        assertThat((Object) patched(MergePatch.apply(one, difference(one, other))))
                .isEqualTo(other);
    }

    private static ObjectNode difference(ObjectNode from, ObjectNode to) {
        ObjectNode patch = Json.object();
        from.fieldNames().forEachRemaining(field -> {
            if (!to.has(field)) {
                patch.putNull(field);
            }
        });
        to.properties().forEach(field -> {
            JsonNode before = from.get(field.getKey());
            JsonNode after = field.getValue();
            boolean bothObjects = before != null && before.isObject() && after.isObject();
            patch.set(field.getKey(), bothObjects ? difference((ObjectNode) before, (ObjectNode) after) : after);
        });
        return patch;
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        Arbitrary<JsonNode> leaf = Arbitraries.of(json("1"), json("'x'"), json("true"), json("[1, {a: 2}]"));
        return Arbitraries.lazyOf(() -> Arbitraries.maps(
                                Arbitraries.of("a", "b", "c", "d"),
                                Arbitraries.frequencyOf(
                                        Tuple.of(3, leaf), Tuple.of(1, objects().map(JsonNode.class::cast))))
                        .ofMaxSize(4))
                .map(fields -> {
                    ObjectNode object = Json.object();
                    fields.forEach(object::set);
                    return object;
                });
    }
}
