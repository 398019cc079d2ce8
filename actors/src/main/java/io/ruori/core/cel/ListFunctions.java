package io.ruori.core.cel;

import static dev.cel.common.CelFunctionDecl.newFunctionDeclaration;
import static dev.cel.common.CelOverloadDecl.newGlobalOverload;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.extensions.CelExtensions;
import dev.cel.runtime.CelEvaluationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Kubernetes adds to lists: their order, least, greatest and sum, and where something stands in them. */
final class ListFunctions {
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

    /** The library's functions of lists; what it says of the type of a sorted list is put right. */
    static List<CelFunctionDecl> ofLibrary() {
        String name = "lists.@sortByAssociatedKeys";
        CelType list = ListType.create(TypeParamType.create("T"));
        List<CelFunctionDecl> functions = new ArrayList<>();
        CelExtensions.lists().functions().stream()
                .filter(function -> !function.name().equals(name))
                .forEach(functions::add);
        functions.add(newFunctionDeclaration(
                name, newGlobalOverload("list_sortByAssociatedKeys", list, ListType.create(list))));
        return functions;
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
        CelType element = TypeParamType.create("T");
        CelType list = ListType.create(element);
        to.member(
                "indexOf",
                "list_a_index_of_int",
                SimpleType.INT,
                list,
                element,
                List.class,
                Object.class,
                (values, v) -> indexOf(values, v));
        to.member(
                "lastIndexOf",
                "list_a_last_index_of_int",
                SimpleType.INT,
                list,
                element,
                List.class,
                Object.class,
                (values, v) -> {
                    long reversed = indexOf(values.reversed(), v);
                    return reversed < 0 ? -1L : values.size() - 1 - reversed;
                });
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
