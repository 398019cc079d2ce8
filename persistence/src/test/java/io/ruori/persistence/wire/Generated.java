package io.ruori.persistence.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Quantity;
import io.ruori.api.StoredObject;
import io.ruori.core.Deed;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.Samples;
import io.ruori.persistence.format.ObjectEventFormat;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Any value of a type, made from what its records say of their components: a new field is generated as soon as it is there. */
final class Generated {
    private static final List<Class<?>> DEEDS = GoldenMessagesTest.deeds();
    private static final String[] WORDS = {
        "", "a", "web", "ä", "☸", "😀", "x".repeat(127), "y".repeat(128), "ß".repeat(64)
    };
    private static final int DEEP = 12;

    private final Random random;

    Generated(long seed) {
        this.random = new Random(seed);
    }

    Object any(Type type) {
        return any(type, 0);
    }

    private Object any(Type type, int depth) {
        if (type instanceof ParameterizedType parameterized) {
            return generic(parameterized, depth);
        }
        Class<?> wanted = (Class<?>) type;
        if (wanted == String.class) {
            return text();
        } else if (wanted == long.class || wanted == Long.class) {
            return random.nextInt(3) == 0 ? random.nextInt(100) : random.nextLong();
        } else if (wanted == int.class || wanted == Integer.class) {
            return random.nextInt(Integer.MAX_VALUE) >>> random.nextInt(31);
        } else if (wanted == boolean.class) {
            return random.nextBoolean();
        } else if (wanted.isEnum()) {
            return wanted.getEnumConstants()[random.nextInt(wanted.getEnumConstants().length)];
        } else if (wanted == Instant.class) {
            return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
        } else if (wanted == Duration.class) {
            return Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000));
        } else if (wanted == Quantity.class) {
            return quantity();
        } else if (wanted == StoredObject.class) {
            return object();
        } else if (wanted == ObjectNode.class) {
            return tree(JsonNodeFactory.instance.objectNode(), depth);
        } else if (wanted == JsonNode.class) {
            return random.nextInt(8) == 0 ? JsonNodeFactory.instance.missingNode() : node(depth);
        } else if (wanted == Deed.class) {
            return any(DEEDS.get(random.nextInt(DEEDS.size())), depth);
        } else if (wanted == ObjectEvent.class) {
            // The journal's events, which do not know all of their users.
            return ObjectEventFormat.read(ObjectEventFormat.write((ObjectEvent) variant(wanted, depth)));
        } else if (wanted.isSealed()) {
            return variant(wanted, depth);
        }
        return record(wanted, depth);
    }

    private Object generic(ParameterizedType type, int depth) {
        Type[] of = type.getActualTypeArguments();
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == ActorRef.class) {
            return WireSamples.ASKER;
        } else if (raw == Optional.class) {
            return random.nextBoolean() ? Optional.empty() : Optional.of(any(of[0], depth));
        } else if (raw == List.class) {
            return some(of[0], depth);
        } else if (raw == Set.class) {
            return new HashSet<>(some(of[0], depth));
        } else if (raw == Map.class) {
            Map<Object, Object> map = new TreeMap<>();
            some(of[0], depth).forEach(key -> map.put(key, any(of[1], depth + 1)));
            return map;
        }
        throw new IllegalArgumentException("how is a " + type + " made?");
    }

    private List<Object> some(Type type, int depth) {
        int count = depth > DEEP ? 0 : random.nextInt(4);
        return IntStream.range(0, count).mapToObj(i -> any(type, depth + 1)).toList();
    }

    private Object variant(Class<?> sealed, int depth) {
        List<Class<?>> variants = Arrays.stream(sealed.getPermittedSubclasses())
                .filter(v -> !Modifier.isPrivate(v.getModifiers()))
                // Not for ever one within another.
                .filter(v -> depth < 4 || Arrays.stream(v.getRecordComponents()).noneMatch(c -> c.getType() == sealed))
                .toList();
        return any(variants.get(random.nextInt(variants.size())), depth);
    }

    private Object record(Class<?> wanted, int depth) {
        RecordComponent[] components = wanted.getRecordComponents();
        List<@Nullable Object> values = new ArrayList<>();
        for (RecordComponent component : components) {
            boolean none = component.getAnnotatedType().isAnnotationPresent(Nullable.class) && random.nextBoolean();
            values.add(none ? null : any(component.getGenericType(), depth + 1));
        }
        try {
            Constructor<?> constructor = wanted.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(wanted.toString(), e);
        }
    }

    private String text() {
        return WORDS[random.nextInt(WORDS.length)] + (random.nextBoolean() ? "" : random.nextInt(1000));
    }

    private Quantity quantity() {
        Quantity.Format[] formats = Quantity.Format.values();
        BigDecimal amount = new BigDecimal(new BigInteger(random.nextInt(80), random), random.nextInt(-20, 10));
        return Quantity.of(random.nextBoolean() ? amount : amount.negate(), formats[random.nextInt(formats.length)]);
    }

    private StoredObject object() {
        StoredObject full = random.nextBoolean()
                ? Samples.full().object()
                : Samples.object(Samples.pod(text()), random.nextLong(), text());
        return new StoredObject(
                full.key(),
                full.uid(),
                full.revision(),
                random.nextBoolean() ? Map.of() : full.labels(),
                random.nextBoolean() ? List.of() : full.owners(),
                random.nextBoolean() ? null : Instant.ofEpochSecond(random.nextInt()),
                full.fields(),
                full.json(),
                null);
    }

    private JsonNode node(int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > DEEP ? 11 : 13)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt());
            case 3 -> nodes.numberNode(random.nextLong());
            case 4 -> nodes.numberNode(new BigInteger(200, random).negate());
            case 5 -> nodes.numberNode(new BigDecimal(new BigInteger(100, random), random.nextInt(-400, 400)));
            case 6 -> nodes.numberNode(new BigDecimal("1.00"));
            case 7 -> nodes.numberNode(random.nextDouble());
            case 8 -> nodes.numberNode(random.nextFloat());
            case 9 -> nodes.textNode(text());
            case 10 -> nodes.textNode(text() + (char) (0xD800 + random.nextInt(0x800)) + text());
            case 11 -> {
                ArrayNode array = nodes.arrayNode();
                IntStream.range(0, random.nextInt(5)).forEach(i -> array.add(node(depth + 1)));
                yield array;
            }
            default -> tree(nodes.objectNode(), depth);
        };
    }

    private ObjectNode tree(ObjectNode object, int depth) {
        IntStream.range(0, random.nextInt(5)).forEach(i -> object.set(text(), node(depth + 1)));
        return object;
    }
}
