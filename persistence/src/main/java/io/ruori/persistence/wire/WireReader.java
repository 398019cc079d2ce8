package io.ruori.persistence.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.persistence.format.ByteReader;
import io.ruori.persistence.format.MalformedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Reads what {@link WireWriter} wrote. Records are read as far as their reader knows them; what follows in one is of a newer
 * version and passed over. A field that an older version did not write is asked for with {@link #hasMore}.
 */
final class WireReader {
    private final ByteReader in;

    WireReader(ByteReader in) {
        this.in = in;
    }

    boolean hasMore() {
        return in.remaining() > 0;
    }

    int number() {
        return in.u8();
    }

    boolean flag() {
        return in.u8() != 0;
    }

    int count() {
        return in.count();
    }

    int i32() {
        return in.i32();
    }

    long i64() {
        return in.i64();
    }

    String text() {
        return in.text();
    }

    byte[] block() {
        return in.block();
    }

    JsonNode tree() {
        return TreeFormat.read(in);
    }

    ObjectNode object() {
        if (tree() instanceof ObjectNode object) {
            return object;
        }
        throw new MalformedRecord("a tree that is no object");
    }

    <T> T record(Function<WireReader, T> fields) {
        return fields.apply(new WireReader(in.slice(in.i32())));
    }

    <T> T foreign(Function<ByteReader, T> content) {
        return content.apply(in.slice(in.i32()));
    }

    <T> List<T> list(Function<WireReader, T> each) {
        int count = in.count();
        if (count == 0) {
            return List.of();
        }
        // No capacity from the count: nothing has shown yet that there are so many.
        List<T> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(each.apply(this));
        }
        return List.copyOf(items);
    }

    List<String> texts() {
        return list(WireReader::text);
    }

    /** In the order they were written. */
    <K, V> Map<K, V> map(Function<WireReader, K> key, Function<WireReader, V> value) {
        int count = in.count();
        Map<K, V> map = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            map.put(key.apply(this), value.apply(this));
        }
        return map;
    }

    /** The one of these that has the number that comes next. */
    <E extends Enum<E>> E oneOf(E[] all, ToIntFunction<E> numbers) {
        int number = in.u8();
        for (E one : all) {
            if (numbers.applyAsInt(one) == number) {
                return one;
            }
        }
        throw unknown(all[0].getDeclaringClass().getSimpleName(), number);
    }

    static MalformedRecord unknown(String what, int number) {
        return new MalformedRecord("no " + what + " has the number " + number + " in this version");
    }
}
