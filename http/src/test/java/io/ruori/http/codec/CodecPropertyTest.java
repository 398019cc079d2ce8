package io.ruori.http.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever tree a kind can have, each format brings it back unchanged. */
class CodecPropertyTest {
    private static final String LETTERS = "ab:#-'\"\\{}[]&*!|>%@`?, \n\té日😀01yntf~.";

    /** Objects of a kind, grown from the plan of its messages: every field may be there. */
    private static final class Grower {
        private final Random random;

        private Grower(long seed) {
            random = new Random(seed);
        }

        private ObjectNode object(String apiVersion, String kind) {
            ObjectNode tree = Json.object().put("kind", kind).put("apiVersion", apiVersion);
            grow(WireSchema.kubernetes().kind(apiVersion, kind).orElseThrow(), tree, 0);
            return tree;
        }

        private void grow(WireMessage message, ObjectNode into, int depth) {
            for (WireField field : message.descending()) {
                if (field.isEmbedded()) {
                    grow(field.message(), into, depth);
                } else if (random.nextInt(4 + depth * 4) == 0) {
                    into.set(field.name(), shaped(field, depth));
                }
            }
        }

        private JsonNode shaped(WireField field, int depth) {
            return switch (field.shape()) {
                case ONE -> value(field, depth);
                case LIST -> Json.array().add(value(field, depth)).add(value(field, depth));
                case MAP -> {
                    ObjectNode map = Json.object();
                    for (int i = 1 + random.nextInt(3); i > 0; i--) {
                        map.set(text(), value(field, depth));
                    }
                    yield map;
                }
            };
        }

        private JsonNode value(WireField field, int depth) {
            // Zero would be taken for absent where the field is not optional by pointer.
            int number = 1 + random.nextInt(100_000);
            return switch (field.type()) {
                case STRING -> Json.object().textNode(text());
                case BOOL -> Json.object().booleanNode(true);
                case INT32, INT64 -> Json.object().numberNode(random.nextBoolean() ? number : -number);
                case DOUBLE ->
                    Json.object().numberNode(BigDecimal.valueOf(number, 1).add(new BigDecimal("0.05")));
                case BYTES -> Json.object().textNode("/v8=");
                case TIME -> Json.object().textNode(WireTime.seconds(number * 10_000L));
                case MICRO_TIME -> Json.object().textNode(WireTime.micros(number, number * 1000));
                case DURATION -> Json.object().textNode(GoDuration.format(number * 1_000_003L));
                case QUANTITY -> Json.object().textNode(number + "m");
                case INT_OR_STRING ->
                    random.nextBoolean()
                            ? Json.object().textNode("25%")
                            : Json.object().numberNode(number);
                case EMBEDDED ->
                    Json.object().put(text(), number).set("b", Json.array().add(text()));
                case SCHEMA_OR_BOOL, SCHEMA_OR_LIST, SCHEMA_OR_STRINGS, MESSAGE -> nested(field, depth);
            };
        }

        private JsonNode nested(WireField field, int depth) {
            if (field.message().isList()) {
                return Json.array().add(text());
            }
            ObjectNode inner = Json.object();
            grow(field.message(), inner, depth + 1);
            return inner;
        }

        private String text() {
            int[] points = LETTERS.codePoints().toArray();
            StringBuilder text = new StringBuilder("x");
            for (int i = random.nextInt(6); i > 0; i--) {
                text.appendCodePoint(points[random.nextInt(points.length)]);
            }
            return text.toString();
        }
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        Arbitrary<String[]> kinds = Arbitraries.of(
                new String[] {"v1", "Pod"},
                new String[] {"v1", "ConfigMap"},
                new String[] {"v1", "Service"},
                new String[] {"v1", "Node"},
                new String[] {"v1", "PersistentVolume"},
                new String[] {"apps/v1", "StatefulSet"},
                new String[] {"batch/v1", "CronJob"},
                new String[] {"autoscaling/v2", "HorizontalPodAutoscaler"},
                new String[] {"apiextensions.k8s.io/v1", "CustomResourceDefinition"},
                new String[] {"admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"});
        return kinds.flatMap(kind -> Arbitraries.longs().map(seed -> new Grower(seed).object(kind[0], kind[1])));
    }

    @Property(tries = 500)
    void protobufBringsBackTheTree(@ForAll("objects") ObjectNode tree) {
        byte[] bytes = ProtobufCodec.kubernetes().write(tree);
        assertThat(ProtobufCodec.kubernetes().read(bytes)).isEqualTo(tree);
        assertThat(ProtobufCodec.kubernetes().write(ProtobufCodec.kubernetes().read(bytes)))
                .isEqualTo(bytes);
    }

    @Property(tries = 300)
    void yamlBringsBackTheTree(@ForAll("objects") ObjectNode tree) {
        assertThat(YamlCodec.read(YamlCodec.write(tree)).tree()).isEqualTo(tree);
    }

    @Property(tries = 300)
    void jsonBringsBackTheTree(@ForAll("objects") ObjectNode tree) {
        assertThat(JsonCodec.read(JsonCodec.write(tree)).tree()).isEqualTo(tree);
        assertThat(JsonCodec.read(JsonCodec.writePretty(tree)).tree()).isEqualTo(tree);
    }

    @Property(tries = 500)
    void damagedBytesAreRefusedOrReadButNeverBreak(
            @ForAll("objects") ObjectNode tree, @ForAll int at, @ForAll byte value) {
        byte[] bytes = ProtobufCodec.kubernetes().write(tree);
        byte[] damaged = Arrays.copyOf(bytes, bytes.length);
        damaged[4 + Math.floorMod(at, bytes.length - 4)] = value;
        try {
            ProtobufCodec.kubernetes().read(damaged);
        } catch (BadBody refused) {
            assertThat(refused.message()).isNotEmpty();
        }
    }
}
