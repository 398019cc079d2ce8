package io.ruori.core.cel;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import io.ruori.core.cel.CostEstimate.Argument;
import io.ruori.core.cel.CostEstimate.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The most that one call can cost, beside what its arguments do: first by what Kubernetes says of a function's name, then by
 * what CEL says of its overload. Upstream's figures; {@link CostEstimate} says why they are kept to.
 */
final class CallCosts {
    static final long NEW_LIST = 10;
    static final long NEW_MAP = 30;
    static final long NEW_STRUCT = 40;

    /** For each letter of a text that is gone through. */
    static final double LETTER = 0.1;

    /** For each letter of a pattern. */
    static final double PATTERN_LETTER = 0.25;

    /** The longest pattern of a named format, and the longest name of one. */
    private static final long FORMAT_PATTERN = 128;

    private static final long FORMAT_NAME = 64;

    /** Bytes of an address. */
    private static final Size ADDRESS = new Size(4, 16);

    private static final Set<CelType> COMPARED_AT_ONCE =
            Set.of(Functions.IP, Functions.CIDR, Functions.QUANTITY, Functions.SEMVER);

    private final String function;
    private final @Nullable Argument receiver;
    private final List<Argument> arguments;
    private final SchemaSizes schema;

    CallCosts(String function, @Nullable Argument receiver, List<Argument> arguments, SchemaSizes schema) {
        this.function = function;
        this.receiver = receiver;
        this.arguments = arguments;
        this.schema = schema;
    }

    Call of(String overload) {
        Call ofLibrary = receiver == null ? ofSets(overload) : ofLists(overload, receiver);
        if (ofLibrary != null) {
            return ofLibrary;
        }
        Call added = receiver == null ? addedGlobal() : addedMember(overload, receiver);
        return added != null ? added : standard(overload);
    }

    private Size size(Argument argument) {
        if (argument.known() != null) {
            return argument.known();
        }
        Size described = argument.path().isEmpty() ? null : schema.at(argument.path());
        return described == null ? Size.UNKNOWN : described;
    }

    private Size first() {
        return arguments.isEmpty() ? Size.UNKNOWN : size(arguments.getFirst());
    }

    // ---- what libraries say of lists and sets

    private @Nullable Call ofSets(String overload) {
        return switch (overload) {
            case "list_sets_contains_list", "list_sets_intersects_list" -> pairs(1);
            case "list_sets_equivalent_list" -> pairs(2);
            case "lists_range" -> newList(1, Size.of(number(arguments.getFirst(), Size.ENDLESS)));
            default -> isSortBy(overload) ? sorted(arguments.getFirst(), arguments.getFirst()) : null;
        };
    }

    private static boolean isSortBy(String overload) {
        return overload.endsWith("_sortByAssociatedKeys");
    }

    private Call pairs(double factor) {
        return Call.costing(
                Size.sum(1, size(arguments.get(0)).times(size(arguments.get(1))).cost(factor)));
    }

    private @Nullable Call ofLists(String overload, Argument list) {
        return switch (overload) {
            case "list_slice" -> {
                long start = number(arguments.get(0), 0);
                long end = number(arguments.get(1), size(list).max());
                yield newList(1, Size.of(start > end ? Size.ENDLESS : end - start));
            }
            case "list_flatten" -> newList(1, size(list));
            case "list_flatten_list_int" -> newList((double) number(arguments.getFirst(), Size.ENDLESS), size(list));
            case "list_reverse" -> newList(1, size(list));
            case "list_distinct" -> newList(2, size(list).times(size(list)));
            case "list_sort" -> sorted(list, list);
            default -> isSortBy(overload) ? sorted(list, arguments.getFirst()) : null;
        };
    }

    /** By comparing each with each. */
    private Call sorted(Argument list, Argument keys) {
        boolean isText = keys.type() instanceof ListType of && isText(of.elemType());
        return newList(isText ? 2 + LETTER : 2, size(list).times(size(keys)));
    }

    private static boolean isText(CelType type) {
        return type.kind() == CelKind.STRING || type.kind() == CelKind.BYTES;
    }

    private static Call newList(double factor, Size size) {
        return new Call(Size.sum(size.cost(factor), 1 + NEW_LIST), size);
    }

    private static long number(Argument argument, long otherwise) {
        CelExpr e = argument.expression();
        boolean isNumber = e.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && e.constant().getKind() == CelConstant.Kind.INT64_VALUE;
        return isNumber ? Math.max(0, e.constant().int64Value()) : otherwise;
    }

    // ---- what Kubernetes adds

    private @Nullable Call addedGlobal() {
        return switch (function) {
            case "url" -> new Call(first().cost(LETTER), first());
            case "ip", "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver" ->
                Call.costing(first().cost(LETTER));
            case "ip.isCanonical" -> Call.costing(first().cost(2 * LETTER));
            case "sign", "format.named" -> Call.costing(1);
            case "_==_" -> sameness();
            default -> null;
        };
    }

    /** Of values that are compared without looking into them. */
    private @Nullable Call sameness() {
        CelType type = arguments.get(0).type();
        if (!type.equals(arguments.get(1).type())) {
            return null;
        }
        if (COMPARED_AT_ONCE.contains(type)) {
            return Call.costing(1);
        }
        if (type.equals(Functions.FORMAT)) {
            return Call.costing(Size.scaled(FORMAT_NAME, LETTER));
        }
        if (type.equals(Functions.URL)) {
            Size known = arguments.get(1).known();
            return Call.costing(known == null ? 1 : known.cost(LETTER));
        }
        return null;
    }

    private @Nullable Call addedMember(String overload, Argument target) {
        return switch (function) {
            case "isSorted", "sum", "max", "min", "indexOf", "lastIndexOf" -> search(target);
            case "lowerAscii", "upperAscii", "substring", "trim" ->
                new Call(size(target).cost(LETTER), size(target));
            case "replace" -> new Call(size(target).cost(2 * LETTER), replaced(size(target)));
            case "split" -> new Call(size(target).cost(2 * LETTER), Size.upTo(parts(target)));
            case "join" -> {
                Size joined = joined(target);
                yield new Call(joined.cost(LETTER), joined);
            }
            case "find", "findAll" -> {
                long pattern = first().cost(PATTERN_LETTER);
                long text = size(target).plus(Size.of(1)).cost(LETTER);
                yield new Call(
                        Size.product(text, pattern), Size.upTo(size(target).max()));
            }
            case "containsIP" -> Call.costing(Size.sum(ADDRESS.plus(ADDRESS).cost(LETTER), parsing(overload)));
            case "containsCIDR" -> {
                long compared = ADDRESS.plus(ADDRESS).cost(LETTER) + ADDRESS.cost(LETTER) + 1;
                yield Call.costing(Size.sum(compared, parsing(overload)));
            }
            case "validate" -> Call.costing(Size.scaled(first().cost(LETTER), FORMAT_PATTERN * PATTERN_LETTER));
            default -> null;
        };
    }

    private long parsing(String overload) {
        return overload.endsWith("_string") ? first().cost(LETTER) : 0;
    }

    /** Going through a list, or a text. */
    private Call search(Argument target) {
        if (!(target.type() instanceof ListType list)) {
            return Call.costing(size(target).cost(LETTER));
        }
        long each = isText(list.elemType()) ? Size.sum(1, element(target).cost(LETTER)) : 1;
        return Call.costing(Size.product(size(target).max(), each));
    }

    private Size element(Argument list) {
        List<String> path = new ArrayList<>(list.path());
        path.add("@items");
        Size described = list.path().isEmpty() ? null : schema.at(path);
        return described == null ? Size.UNKNOWN : described;
    }

    private long parts(Argument text) {
        return arguments.size() > 1
                ? number(arguments.get(1), size(text).max())
                : size(text).max();
    }

    private Size joined(Argument list) {
        Size count = size(list);
        Size texts = list.type() instanceof ListType ? count.times(element(list)) : Size.of(0);
        Size gaps = new Size(Math.max(0, count.min() - 1), Math.max(0, count.max() - 1));
        return arguments.isEmpty() ? texts : texts.plus(first().times(gaps));
    }

    /** The longest and shortest that replacing can leave. */
    private Size replaced(Size text) {
        Size old = first();
        Size by = size(arguments.get(1));
        long longest;
        if (old.min() == 0) {
            longest = Size.sum(Size.product(Size.sum(text.max(), 1), by.max()), text.max());
        } else if (by.max() <= old.min()) {
            longest = text.max();
        } else {
            longest = Size.product(Math.ceilDiv(text.max(), old.min()), by.max());
        }
        long shortest;
        if (old.max() == 0) {
            shortest = Size.sum(Size.product(Size.sum(text.min(), 1), by.min()), text.min());
        } else if (old.max() <= by.min()) {
            shortest = text.min();
        } else {
            shortest = Size.product(Math.ceilDiv(text.min(), old.max()), by.min());
        }
        return new Size(shortest, longest);
    }

    // ---- what CEL has

    private Call standard(String overload) {
        return switch (overload) {
            case "string_format" ->
                Call.costing(receiver == null ? 1 : size(receiver).cost(LETTER));
            case "string_to_bytes" -> {
                Size bytes = new Size(first().min(), Size.product(first().max(), 4));
                yield new Call(first().cost(LETTER), bytes);
            }
            case "bytes_to_string" -> new Call(first().cost(LETTER), new Size(first().min() / 4, first().max()));
            case "strings_quote" -> {
                Size quoted = new Size(first().min() + 2, Size.sum(Size.product(first().max(), 2), 2));
                yield new Call(first().cost(LETTER), quoted);
            }
            case "starts_with_string", "ends_with_string" -> Call.costing(first().cost(LETTER));
            case "in_list" -> Call.costing(size(arguments.get(1)).max());
            case "matches_string" ->
                Call.costing(
                        receiver == null
                                ? 1
                                : Size.product(
                                        size(receiver).plus(Size.of(1)).cost(LETTER), first().cost(PATTERN_LETTER)));
            case "contains_string" ->
                Call.costing(receiver == null ? 1 : Size.product(size(receiver).cost(LETTER), first().cost(LETTER)));
            case "logical_or", "logical_and" -> Call.costing(0);
            case "conditional" -> new Call(0, size(arguments.get(1)).or(size(arguments.get(2))));
            case "add_list" -> new Call(1, size(arguments.get(0)).plus(size(arguments.get(1))));
            case "add_string", "add_bytes" -> {
                Size sum = size(arguments.get(0)).plus(size(arguments.get(1)));
                yield new Call(sum.cost(LETTER), sum);
            }
            case "less_string",
                    "greater_string",
                    "less_equals_string",
                    "greater_equals_string",
                    "less_bytes",
                    "greater_bytes",
                    "less_equals_bytes",
                    "greater_equals_bytes",
                    "equals",
                    "not_equals" ->
                Call.costing(Size.scaled(
                        Math.min(
                                size(arguments.get(0)).max(),
                                size(arguments.get(1)).max()),
                        LETTER));
            default -> Call.costing(1);
        };
    }
}
