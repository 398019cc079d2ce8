package io.ruori.core.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelListsExtensions;
import dev.cel.extensions.CelListsExtensions.Function;
import dev.cel.runtime.CelEvaluationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Kubernetes adds to lists: their order, least, greatest and sum, and where something stands in them. */
final class ListFunctions {
    /** What {@code sortBy} is written out as; no rule can write the name. */
    static final String SORT_BY_KEYS = "@sortByAssociatedKeys";

    private static final CelType ELEMENT = TypeParamType.create("T");

    /** What has an order, by the names in upstream's overloads; the first is taken where a list's type is not known. */
    private static final Map<String, CelType> COMPARABLE = new LinkedHashMap<>();

    /** What can be added up, and what the sum of nothing is. */
    private static final Map<String, Object> SUMMABLE = new LinkedHashMap<>();

    static {
        COMPARABLE.put("int", SimpleType.INT);
        COMPARABLE.put("uint", SimpleType.UINT);
        COMPARABLE.put("double", SimpleType.DOUBLE);
        COMPARABLE.put("bool", SimpleType.BOOL);
        COMPARABLE.put("duration", SimpleType.DURATION);
        COMPARABLE.put("timestamp", SimpleType.TIMESTAMP);
        COMPARABLE.put("string", SimpleType.STRING);
        COMPARABLE.put("bytes", SimpleType.BYTES);
        SUMMABLE.put("int", 0L);
        SUMMABLE.put("uint", UnsignedLong.ZERO);
        SUMMABLE.put("double", 0.0);
        SUMMABLE.put("duration", Duration.ZERO);
    }

    private ListFunctions() {}

    /** Whether these are overloads for lists of several types: they do the same, so any of them will do. */
    static boolean isChoice(List<String> overloads) {
        return overloads.size() > 1 && overloads.stream().allMatch(id -> id.startsWith("list_"));
    }

    /** What is taken from the library; the rest says other words there when it cannot be done. */
    static CelListsExtensions taken() {
        return CelExtensions.lists(Function.RANGE, Function.DISTINCT, Function.REVERSE, Function.SORT);
    }

    @SuppressWarnings("Immutable") // zeros
    static void addTo(Declarations to) {
        COMPARABLE.forEach((name, type) -> {
            CelType list = ListType.create(type);
            to.member(
                    "isSorted",
                    "list_" + name + "_is_sorted_bool",
                    SimpleType.BOOL,
                    list,
                    List.class,
                    values -> isSorted(values));
            to.member(
                    SORT_BY_KEYS,
                    "list_" + name + "_sortByAssociatedKeys",
                    ListType.create(ELEMENT),
                    ListType.create(ELEMENT),
                    list,
                    List.class,
                    List.class,
                    (values, keys) -> sorted(values, keys));
            to.member("min", "list_" + name + "_min_" + name, type, list, List.class, values -> extreme(values, -1));
            to.member("max", "list_" + name + "_max_" + name, type, list, List.class, values -> extreme(values, 1));
        });
        SUMMABLE.forEach((name, zero) -> {
            CelType type = COMPARABLE.getOrDefault(name, SimpleType.DYN);
            to.member(
                    "sum",
                    "list_" + name + "_sum_" + name,
                    type,
                    ListType.create(type),
                    List.class,
                    values -> sum(values, zero));
        });
        CelType list = ListType.create(ELEMENT);
        to.member(
                "slice",
                "list_slice",
                list,
                List.of(list, SimpleType.INT, SimpleType.INT),
                List.of(List.class, Long.class, Long.class),
                arguments -> slice((List<?>) arguments[0], (Long) arguments[1], (Long) arguments[2]));
        CelType dynamic = ListType.create(SimpleType.DYN);
        to.member("flatten", "list_flatten", list, ListType.create(list), List.class, values -> flat(values, 1));
        to.member(
                "flatten",
                "list_flatten_list_int",
                dynamic,
                dynamic,
                SimpleType.INT,
                List.class,
                Long.class,
                (values, depth) -> flat(values, depth));
        to.member(
                "indexOf",
                "list_a_index_of_int",
                SimpleType.INT,
                list,
                ELEMENT,
                List.class,
                Object.class,
                (values, v) -> indexOf(values, v));
        to.member(
                "lastIndexOf",
                "list_a_last_index_of_int",
                SimpleType.INT,
                list,
                ELEMENT,
                List.class,
                Object.class,
                (values, v) -> {
                    long reversed = indexOf(values.reversed(), v);
                    return reversed < 0 ? -1L : values.size() - 1 - reversed;
                });
    }

    private static List<?> slice(List<?> values, long start, long end) throws CelEvaluationException {
        String wrong = start < 0 || end < 0
                ? "negative indexes not supported"
                : start > end
                        ? "start index must be less than or equal to end index"
                        : values.size() < end ? "list is length " + values.size() : "";
        if (!wrong.isEmpty()) {
            throw new CelEvaluationException("cannot slice(" + start + ", " + end + "), " + wrong);
        }
        return values.subList((int) start, (int) end);
    }

    private static List<Object> flat(List<?> values, long depth) throws CelEvaluationException {
        if (depth < 0) {
            throw new CelEvaluationException("level must be non-negative");
        }
        List<Object> all = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof List<?> inner && depth > 0) {
                all.addAll(flat(inner, depth - 1));
            } else {
                all.add(value);
            }
        }
        return all;
    }

    /** By the keys that stand at the same places. Insertion, for the order must be allowed to fail. */
    private static List<Object> sorted(List<?> values, List<?> keys) throws CelEvaluationException {
        List<Object> sorted = new ArrayList<>(values.size());
        List<Object> sortedKeys = new ArrayList<>(keys.size());
        for (int i = 0; i < values.size(); i++) {
            int low = 0;
            int high = sorted.size();
            while (low < high) {
                int middle = (low + high) / 2;
                if (Semantics.compare(keys.get(i), sortedKeys.get(middle)) < 0) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            sorted.add(low, values.get(i));
            sortedKeys.add(low, keys.get(i));
        }
        return sorted;
    }

    private static long indexOf(List<?> values, Object wanted) {
        for (int i = 0; i < values.size(); i++) {
            if (Semantics.same(values.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isSorted(List<?> values) throws CelEvaluationException {
        for (int i = 1; i < values.size(); i++) {
            if (Semantics.compare(values.get(i - 1), values.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(List<?> values, int direction) throws CelEvaluationException {
        if (values.isEmpty()) {
            throw new CelEvaluationException((direction < 0 ? "min" : "max") + " called on empty list");
        }
        Object found = values.getFirst();
        for (Object value : values) {
            found = Integer.signum(Semantics.compare(value, found)) == direction ? value : found;
        }
        return found;
    }

    private static Object sum(List<?> values, Object zero) throws CelEvaluationException {
        Object sum = values.isEmpty() ? zero : values.getFirst();
        for (Object value : values.subList(Math.min(1, values.size()), values.size())) {
            sum = Semantics.plus(sum, value);
        }
        return sum;
    }
}
