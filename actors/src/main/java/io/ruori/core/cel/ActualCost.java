package io.ruori.core.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what running an expression costs, step by step, in the units of {@link CostEstimate}, and stops it when that is too
 * much: an estimate is made with limits that an object may be far from, and old definitions were never estimated.
 */
final class ActualCost implements CelEvaluationListener {
    /** The longest pattern of a named format, as what it costs. */
    private static final long FORMAT_PATTERN = 32;

    private final long limit;

    /** The last value of each expression; what a loop repeats, it overwrites. */
    private final Map<Long, Object> values = new HashMap<>();

    private long spent;

    ActualCost(long limit) {
        this.limit = limit;
    }

    /** Thrown through the evaluation. */
    static final class Exceeded extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exceeded() {
            super("operation cancelled: actual cost limit exceeded", null, false, false);
        }
    }

    long spent() {
        return spent;
    }

    boolean isExceeded() {
        return spent > limit;
    }

    @Override
    public void callback(CelExpr e, Object value) {
        long cost = cost(e, value);
        spent = cost < 0 ? spent + cost : Size.sum(spent, cost);
        values.put(e.id(), value);
        if (isExceeded()) {
            throw new Exceeded();
        }
    }

    private long cost(CelExpr e, Object value) {
        return switch (e.exprKind().getKind()) {
            case IDENT -> value instanceof CelType ? 0 : 1;
            case SELECT -> e.select().testOnly() || value instanceof CelType ? 0 : 1;
            case LIST -> isLiteral(e) ? 0 : CallCosts.NEW_LIST;
            case MAP -> isLiteral(e) ? 0 : CallCosts.NEW_MAP;
            case STRUCT -> CallCosts.NEW_STRUCT;
            case CALL -> call(e.call(), value);
            case CONSTANT, COMPREHENSION, NOT_SET -> 0;
        };
    }

    /** What is written out whole is made once and not each time. */
    private static boolean isLiteral(CelExpr e) {
        return switch (e.exprKind().getKind()) {
            case CONSTANT -> true;
            case LIST -> e.list().elements().stream().allMatch(ActualCost::isLiteral);
            case MAP ->
                e.map().entries().stream()
                        .flatMap(entry -> Stream.of(entry.key(), entry.value()))
                        .allMatch(ActualCost::isLiteral);
            default -> false;
        };
    }

    private long call(CelCall call, Object result) {
        List<Object> all = new ArrayList<>();
        call.target().map(target -> values.get(target.id())).ifPresent(all::add);
        call.args().forEach(argument -> all.add(values.getOrDefault(argument.id(), "")));
        Object first = all.isEmpty() ? "" : all.getFirst();
        Object second = all.size() < 2 ? "" : all.get(1);
        return switch (call.function()) {
            case "_&&_", "_||_" -> 0;
            case "or", "orValue" -> first instanceof Optional ? 0 : 1;
            case "_?._" ->
                (Optional.empty().equals(result) ? 0 : 1) - chain(call.args().getFirst());
            case "_?_:_" -> isNamed(call.args().get(Boolean.TRUE.equals(first) ? 1 : 2)) ? -1 : 0;
            case "startsWith", "endsWith", "strings.quote", "format" -> letters(first, 1);
            case "@in" -> second instanceof Collection<?> list ? list.size() : 1;
            case "_==_", "_!=_" -> isOpaque(first) ? 1 : smaller(first, second);
            case "_<_", "_<=_", "_>_", "_>=_" -> isText(first) ? smaller(first, second) : 1;
            case "_+_" -> isText(first) ? scaled(size(first) + size(second), CallCosts.LETTER) : 1;
            case "bytes", "string" -> isText(first) ? letters(first, 1) : 1;
            case "matches", "find", "findAll" ->
                Size.product(scaled(size(first) + 1, CallCosts.LETTER), scaled(size(second), CallCosts.PATTERN_LETTER));
            case "contains" -> Size.product(letters(first, 1), letters(second, 1));
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> traversal(first);
            case "url",
                    "lowerAscii",
                    "upperAscii",
                    "substring",
                    "trim",
                    "cidr",
                    "isIP",
                    "isCIDR",
                    "quantity",
                    "isQuantity",
                    "semver",
                    "isSemver" -> letters(first, 1);
            case "ip" -> first instanceof String ? letters(first, 1) : 1;
            case "replace", "split", "isCanonical" -> letters(first, 2);
            case "join" -> letters(result, 2);
            case "containsIP" -> letters(first, 2) + (second instanceof String ? letters(second, 1) : 0);
            case "containsCIDR" ->
                letters(first, 2) + letters(first, 1) + 1 + (second instanceof String ? letters(second, 1) : 0);
            case "validate" -> Size.product(scaled(size(second) + 1, CallCosts.LETTER), FORMAT_PATTERN);
            case "slice", "lists.range", "reverse" -> newList(1, size(result));
            case "flatten" -> newList(second instanceof Long depth ? depth : 1, size(first));
            case "distinct", "sort" -> compared(first);
            case ListFunctions.SORT_BY_KEYS -> compared(second);
            case "sets.contains", "sets.intersects" -> 1 + size(first) * size(second);
            case "sets.equivalent" -> 1 + 2 * size(first) * size(second);
            default -> 1;
        };
    }

    /** A branch that only names something is free. */
    private static boolean isNamed(CelExpr e) {
        return switch (e.exprKind().getKind()) {
            case IDENT -> true;
            case SELECT -> !e.select().testOnly();
            default -> false;
        };
    }

    /** What naming something cost, which is done twice here before something optional in it is named. */
    private static long chain(CelExpr e) {
        return switch (e.exprKind().getKind()) {
            case IDENT -> 1;
            case SELECT -> 1 + chain(e.select().operand());
            case CALL ->
                e.call().function().equals("_?._") ? 1 + chain(e.call().args().getFirst()) : 0;
            default -> 0;
        };
    }

    private static boolean isOpaque(Object value) {
        return !(isText(value)
                || value instanceof Collection
                || value instanceof Map
                || value instanceof Optional
                || value instanceof Number
                || value instanceof Boolean);
    }

    private static boolean isText(@Nullable Object value) {
        return value instanceof String || value instanceof CelByteString;
    }

    private static long size(@Nullable Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case CelByteString bytes -> bytes.size();
            case Collection<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Optional<?> optional when optional.isPresent() -> size(optional.get());
            case Address address -> address.family() == 4 ? 4 : 16;
            case Address.Range range -> Math.ceilDiv(range.bits(), 8);
            case null, default -> 1;
        };
    }

    private static long scaled(long size, double factor) {
        return Size.scaled(size, factor);
    }

    private static long letters(@Nullable Object value, int times) {
        return scaled(size(value), times * CallCosts.LETTER);
    }

    private static long smaller(Object a, Object b) {
        return scaled(Math.min(size(a), size(b)), CallCosts.LETTER);
    }

    private static long newList(long factor, long size) {
        return Size.sum(Size.product(factor, size), 1 + CallCosts.NEW_LIST);
    }

    /** Each with each. */
    private static long compared(Object keys) {
        boolean isText = keys instanceof List<?> list && !list.isEmpty() && isText(list.getFirst());
        long pairs = size(keys) * size(keys);
        return (long) (pairs * (isText ? 2 + CallCosts.LETTER : 2)) + 1 + CallCosts.NEW_LIST;
    }

    private static long traversal(@Nullable Object value) {
        return switch (value) {
            case Collection<?> list ->
                list.stream().mapToLong(ActualCost::traversal).sum();
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .mapToLong(entry -> traversal(entry.getKey()) + traversal(entry.getValue()))
                        .sum();
            case null -> 1;
            default -> isText(value) ? (long) (size(value) * CallCosts.LETTER) : 1;
        };
    }
}
