package io.ruori.persistence.wire;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Quantity;
import io.ruori.api.StoredObject;
import io.ruori.persistence.Samples;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * A message told completely, for comparing: much of what it is made of calls things equal that differ in what others see, such
 * as 1 and 1.0, or two objects of one revision.
 */
final class Described {
    private final StringBuilder text = new StringBuilder();
    private final Set<Object> seen = new HashSet<>();

    private Described(Object message) {
        describe(message);
    }

    static String text(Object message) {
        return new Described(message).text.toString();
    }

    /** The classes and constants it is made of. */
    static Set<Object> parts(Object message) {
        return new Described(message).seen;
    }

    private void describe(@Nullable Object value) {
        if (value == null) {
            text.append("null");
            return;
        }
        seen.add(value.getClass());
        switch (value) {
            case Enum<?> constant -> {
                seen.add(constant);
                text.append(constant);
            }
            case StoredObject object -> text.append(Samples.describe(object));
            case Quantity quantity -> {
                seen.add(quantity.format());
                text.append(quantity.amount().unscaledValue())
                        .append('e')
                        .append(-quantity.amount().scale())
                        .append(quantity.format());
            }
            case JsonNode tree -> tree(tree);
            case byte[] bytes -> text.append(HexFormat.of().formatHex(bytes));
            case ActorRef<?> ref -> text.append(ref.path());
            case Optional<?> optional -> describe(optional.orElse(null));
            case Set<?> set ->
                describe(set.stream().map(Object::toString).sorted().toList());
            case Collection<?> items ->
                items.forEach(item -> {
                    text.append("- ");
                    describe(item);
                });
            case Map<?, ?> map -> {
                Map<String, Object> sorted = new TreeMap<>();
                map.forEach((k, v) -> sorted.put(k.toString(), v));
                sorted.forEach((k, v) -> {
                    text.append("- ").append(k).append(": ");
                    describe(v);
                });
            }
            case Record record -> components(record);
            default -> text.append(value);
        }
        text.append('\n');
    }

    private void components(Record record) {
        text.append(record.getClass().getSimpleName()).append('\n');
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            text.append(component.getName()).append(' ');
            try {
                component.getAccessor().setAccessible(true);
                describe(component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.toString(), e);
            }
        }
    }

    /** With the class of every node: a number is not only its digits. */
    private void tree(JsonNode node) {
        text.append(node.getClass().getSimpleName());
        if (node.isContainerNode()) {
            node.properties().forEach(field -> {
                text.append(' ').append(field.getKey()).append(':');
                tree(field.getValue());
            });
            node.elements().forEachRemaining(this::tree);
        } else if (node.isBigDecimal()) {
            text.append(node.decimalValue().unscaledValue())
                    .append('e')
                    .append(-node.decimalValue().scale());
        } else {
            text.append('(').append(node.asText()).append(')');
        }
    }
}
