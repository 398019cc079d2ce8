package io.ruori.core.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.TypeType;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import dev.cel.runtime.standard.CelStandardOverload;
import dev.cel.runtime.standard.EqualsOperator.EqualsOverload;
import dev.cel.runtime.standard.GetMillisecondsFunction.GetMillisecondsOverload;
import dev.cel.runtime.standard.NotEqualsOperator.NotEqualsOverload;
import dev.cel.runtime.standard.StringFunction.StringOverload;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a rule's values behave as upstream's do and not as the library's: sets and lists of type map are equal in any order
 * and are merged when added, a duration's milliseconds are all of it, and numbers are written as Go writes them.
 */
final class Semantics {
    private Semantics() {}

    /** The overloads of CEL that {@link #addTo} stands in for. */
    private static final Set<CelStandardOverload> REPLACED = Set.of(
            EqualsOverload.EQUALS,
            NotEqualsOverload.NOT_EQUALS,
            AddOverload.ADD_LIST,
            GetMillisecondsOverload.DURATION_TO_MILLISECONDS,
            StringOverload.DOUBLE_TO_STRING);

    static CelStandardFunctions standard() {
        return CelStandardFunctions.newBuilder()
                .filterFunctions((function, overload) -> !REPLACED.contains(overload))
                .build();
    }

    static void addTo(Declarations to) {
        to.replace(CelFunctionBinding.from("equals", Object.class, Object.class, Semantics::same));
        to.replace(CelFunctionBinding.from("not_equals", Object.class, Object.class, (a, b) -> !same(a, b)));
        to.replace(CelFunctionBinding.from("add_list", List.class, List.class, (a, b) -> joined(a, b)));
        to.replace(CelFunctionBinding.from("duration_to_milliseconds", Duration.class, Duration::toMillis));
        to.replace(CelFunctionBinding.from("double_to_string", Double.class, TextFormat::shortest));
    }

    private static List<?> joined(List<?> left, List<?> right) {
        if (left instanceof UnorderedList unordered) {
            return unordered.plus(right);
        }
        List<Object> all = new ArrayList<>(left);
        all.addAll(right);
        return all;
    }

    static boolean same(Object a, Object b) {
        return switch (a) {
            case UnorderedList left when b instanceof List<?> right -> left.isSameAs(right);
            case List<?> left when b instanceof List<?> right -> sameElements(left, right);
            case Map<?, ?> left when b instanceof Map<?, ?> right -> sameEntries(left, right);
            case Optional<?> left
            when b instanceof Optional<?> right ->
                left.isPresent() == right.isPresent()
                        && (left.isEmpty() || same(left.orElseThrow(), right.orElseThrow()));
            case Number left when b instanceof Number right -> compareNumbers(left, right) == 0;
            case CelType left when b instanceof CelType right -> named(left).equals(named(right));
            default -> a.equals(b);
        };
    }

    private static String named(CelType type) {
        return type instanceof TypeType of ? of.containingTypeName() : type.name();
    }

    private static boolean sameElements(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameEntries(Map<?, ?> left, Map<?, ?> right) {
        return left.size() == right.size()
                && left.entrySet().stream().allMatch(entry -> {
                    Object other = right.get(entry.getKey());
                    return other != null && same(entry.getValue(), other);
                });
    }

    /** Not zero when one of them is no number at all. */
    private static int compareNumbers(Number left, Number right) {
        if (left instanceof Double || right instanceof Double) {
            double a = left.doubleValue();
            double b = right.doubleValue();
            return a < b ? -1 : a == b ? 0 : 1;
        }
        return UnsignedLong.class.equals(left.getClass()) || UnsignedLong.class.equals(right.getClass())
                ? big(left).compareTo(big(right))
                : Long.compare(left.longValue(), right.longValue());
    }

    private static BigInteger big(Number number) {
        return number instanceof UnsignedLong unsigned
                ? unsigned.bigIntegerValue()
                : BigInteger.valueOf(number.longValue());
    }

    @SuppressWarnings("unchecked")
    static int compare(Object a, Object b) throws CelEvaluationException {
        if (a instanceof Number left && b instanceof Number right) {
            return compareNumbers(left, right);
        }
        if (a instanceof CelByteString left && b instanceof CelByteString right) {
            return CelByteString.unsignedLexicographicalComparator().compare(left, right);
        }
        if (a instanceof Comparable<?> left && a.getClass().equals(b.getClass())) {
            return ((Comparable<Object>) left).compareTo(b);
        }
        throw noOverload();
    }

    static Object plus(Object a, Object b) throws CelEvaluationException {
        try {
            if (a instanceof Long left && b instanceof Long right) {
                return Math.addExact(left, right);
            }
            if (a instanceof UnsignedLong left && b instanceof UnsignedLong right) {
                return left.plus(right);
            }
            if (a instanceof Double left && b instanceof Double right) {
                return left + right;
            }
            if (a instanceof Duration left && b instanceof Duration right) {
                return left.plus(right);
            }
        } catch (ArithmeticException e) {
            throw new CelEvaluationException("integer overflow", e);
        }
        throw noOverload();
    }

    private static CelEvaluationException noOverload() {
        return new CelEvaluationException("no such overload");
    }
}
