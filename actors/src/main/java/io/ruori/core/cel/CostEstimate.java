package io.ruori.core.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelList;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelExpr.CelSelect;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The most that an expression can cost, told from its text and from how much its schema lets there be. A definition with a
 * rule that could take too long is refused when it is written, not when it meets the object that makes it slow.
 *
 * <p>The meaning is upstream's, of 1.36, in its units: one for naming a variable or field and for a call, a tenth for each
 * letter gone through, and what happens for each element as often as there can be elements. Rules that were accepted there
 * must be accepted here, so what looks odd is kept: what stands in a literal list is taken to be as large as the root, and
 * {@code has()} is free.
 */
final class CostEstimate {
    private static final long NAMED = 1;
    private static final Set<CelType> SCALARS = Set.of(
            SimpleType.BOOL,
            SimpleType.INT,
            SimpleType.UINT,
            SimpleType.DOUBLE,
            SimpleType.TIMESTAMP,
            SimpleType.DURATION);

    private final CelAbstractSyntaxTree tree;
    private final SchemaSizes schema;

    /** Where in the schema the value of an expression stands. */
    private final Map<Long, List<String>> paths = new HashMap<>();

    private final Map<Long, Size> sizes = new HashMap<>();
    private final Map<Long, Entries> entries = new HashMap<>();
    private final Map<String, Deque<Local>> locals = new HashMap<>();

    /** Sizes of the keys and values of a collection that the expression makes. */
    private record Entries(boolean isList, Size keys, Size values) {
        Entries or(Entries other) {
            return new Entries(isList, keys.or(other.keys), values.or(other.values));
        }
    }

    /** A variable of a loop or binding. */
    private record Local(
            List<String> path,
            @Nullable Size size,
            @Nullable Entries entries) {}

    /** What a call is made with. */
    record Argument(
            CelExpr expression,
            CelType type,
            List<String> path,
            @Nullable Size known) {}

    /** What a call costs beside its arguments, and the size of what it returns. */
    record Call(long cost, @Nullable Size result) {
        static Call costing(long cost) {
            return new Call(cost, null);
        }
    }

    private CostEstimate(CelAbstractSyntaxTree tree, SchemaSizes schema) {
        this.tree = tree;
        this.schema = schema;
    }

    static long of(CelAbstractSyntaxTree tree, SchemaSizes schema) {
        return new CostEstimate(tree, schema).cost(tree.getExpr());
    }

    private long cost(CelExpr e) {
        return switch (e.exprKind().getKind()) {
            case IDENT -> named(e, e.ident().name());
            case SELECT -> select(e, e.select());
            case CALL -> call(e, e.call());
            case LIST -> list(e, e.list());
            case MAP -> map(e, e.map());
            case STRUCT ->
                e.struct().entries().stream()
                        .mapToLong(entry -> cost(entry.value()))
                        .reduce(CallCosts.NEW_STRUCT, Size::sum);
            case COMPREHENSION -> isBinding(e.comprehension()) ? binding(e) : loop(e, e.comprehension());
            case CONSTANT, NOT_SET -> 0;
        };
    }

    private long named(CelExpr e, String name) {
        Local local = local(name);
        paths.put(e.id(), local == null ? List.of(name) : local.path());
        return NAMED;
    }

    private long select(CelExpr e, CelSelect select) {
        CelReference reference = tree.getReferenceMap().get(e.id());
        if (reference != null && !select.testOnly()) {
            return named(e, reference.name());
        }
        long operand = cost(select.operand());
        if (select.testOnly()) {
            return operand;
        }
        paths.put(e.id(), below(path(select.operand()), select.field()));
        CelKind kind = type(select.operand()).kind();
        boolean isLookup = kind == CelKind.MAP || kind == CelKind.STRUCT || kind == CelKind.TYPE_PARAM;
        return isLookup ? Size.sum(operand, NAMED) : operand;
    }

    // ---- calls

    private long call(CelExpr e, CelCall call) {
        if (call.function().equals("dyn")) {
            CelExpr value = call.args().getFirst();
            long cost = Size.sum(cost(value), 1);
            copySizes(value, e);
            return cost;
        }
        CelReference reference = tree.getReferenceMap().get(e.id());
        if (reference == null || reference.overloadIds().isEmpty()) {
            return 0;
        }
        List<Long> costs = call.args().stream().map(this::cost).toList();
        List<Argument> arguments = call.args().stream().map(this::argument).toList();
        CelExpr receiver = call.target()
                .filter(target -> tree.getTypeMap().containsKey(target.id()))
                .orElse(null);
        long before = receiver == null ? 0 : cost(receiver);
        String function = receiver == null && call.target().isPresent()
                ? qualified(call.target().get()) + "." + call.function()
                : call.function();
        CallCosts known = new CallCosts(function, receiver == null ? null : argument(receiver), arguments, schema);
        long most = 0;
        Size result = null;
        for (String overload : reference.overloadIds()) {
            Call one = known.of(overload);
            most = Math.max(most, withArguments(overload, one, costs));
            if (one.result() != null) {
                result = result == null ? one.result() : result.or(one.result());
            }
            result = afterCall(e, call, overload, result);
        }
        if (result != null) {
            sizes.put(e.id(), result);
        }
        return Size.sum(before, most);
    }

    /** Of a condition's two branches only one is run. */
    private static long withArguments(String overload, Call call, List<Long> costs) {
        long arguments = overload.equals("conditional")
                ? Size.sum(costs.get(0), Math.max(costs.get(1), costs.get(2)))
                : costs.stream().mapToLong(Long::longValue).reduce(0, Size::sum);
        return Size.sum(call.cost(), arguments);
    }

    private @Nullable Size afterCall(CelExpr e, CelCall call, String overload, @Nullable Size result) {
        List<CelExpr> arguments = call.args();
        switch (overload) {
            case "index_list", "index_map" -> {
                Entries made = entries(arguments.getFirst());
                String step = overload.equals("index_list") ? "@items" : "@values";
                paths.put(e.id(), below(path(arguments.getFirst()), step));
                return made == null ? size(e) : made.values();
            }
            case "conditional" -> join(e, arguments.get(1), arguments.get(2));
            case "add_string", "add_bytes", "add_list" -> join(e, arguments.get(0), arguments.get(1));
            default -> {}
        }
        return result == null ? size(e) : result;
    }

    private void join(CelExpr e, CelExpr one, CelExpr other) {
        Entries a = entries(one);
        Entries b = entries(other);
        if (a != null && b != null) {
            entries.put(e.id(), a.or(b));
        }
    }

    private Argument argument(CelExpr e) {
        return new Argument(e, type(e), path(e), size(e));
    }

    private static String qualified(CelExpr e) {
        return e.exprKind().getKind() == CelExpr.ExprKind.Kind.SELECT
                ? qualified(e.select().operand()) + "." + e.select().field()
                : e.ident().name();
    }

    // ---- collections

    private long list(CelExpr e, CelList list) {
        long cost = list.elements().stream().mapToLong(this::cost).reduce(CallCosts.NEW_LIST, Size::sum);
        entries.put(e.id(), new Entries(true, Size.of(1), any(list.elements().stream())));
        return cost;
    }

    private long map(CelExpr e, CelMap map) {
        long cost = map.entries().stream()
                .flatMap(entry -> Stream.of(entry.key(), entry.value()))
                .mapToLong(this::cost)
                .reduce(CallCosts.NEW_MAP, Size::sum);
        Size keys = any(map.entries().stream().map(CelMap.Entry::key));
        entries.put(e.id(), new Entries(false, keys, any(map.entries().stream().map(CelMap.Entry::value))));
        return cost;
    }

    private Size any(Stream<CelExpr> all) {
        return all.map(this::sizeOrUnknown).reduce(Size::or).orElse(Size.of(0));
    }

    // ---- loops

    /** A name for a value, written as a loop over nothing. */
    private static boolean isBinding(CelComprehension loop) {
        CelExpr condition = loop.loopCondition();
        return loop.iterRange().exprKind().getKind() == CelExpr.ExprKind.Kind.LIST
                && loop.iterRange().list().elements().isEmpty()
                && condition.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && condition.constant().equals(CelConstant.ofValue(false));
    }

    private long binding(CelExpr e) {
        CelComprehension loop = e.comprehension();
        long cost = Size.sum(cost(loop.iterRange()), cost(loop.accuInit()));
        push(loop.accuVar(), bound(loop.accuInit()));
        cost = Size.sum(cost, cost(loop.result()));
        copySizes(loop.result(), e);
        pop(loop.accuVar());
        return cost;
    }

    private long loop(CelExpr e, CelComprehension loop) {
        long once = Size.sum(cost(loop.iterRange()), cost(loop.accuInit()));
        push(loop.accuVar(), bound(loop.accuInit()));
        boolean hasBoth = !loop.iterVar2().isEmpty();
        push(loop.iterVar(), hasBoth ? key(loop.iterRange()) : single(loop.iterRange()));
        if (hasBoth) {
            push(loop.iterVar2(), value(loop.iterRange()));
        }
        long step = Size.sum(cost(loop.loopCondition()), cost(loop.loopStep()));
        pop(loop.iterVar());
        if (hasBoth) {
            pop(loop.iterVar2());
        }
        once = Size.sum(once, cost(loop.result()));
        pop(loop.accuVar());
        Size rounds = sizeOrUnknown(loop.iterRange());
        remember(e, loop, rounds);
        return Size.sum(once, Size.product(rounds.max(), step));
    }

    /** What a loop makes: as much as there are rounds where it collects. */
    private void remember(CelExpr e, CelComprehension loop, Size rounds) {
        switch (loop.accuInit().exprKind().getKind()) {
            case CONSTANT -> sizes.put(e.id(), sizeOrUnknown(loop.accuInit()));
            case LIST, MAP -> {
                sizes.put(e.id(), rounds);
                Entries made = entries(loop.loopStep());
                if (made != null) {
                    entries.put(e.id(), made);
                }
            }
            default -> {}
        }
    }

    private Local bound(CelExpr e) {
        return new Local(path(e), size(e), entries(e));
    }

    private Local key(CelExpr range) {
        Entries made = entries(range);
        String step = isList(range, made) ? "@indices" : "@keys";
        return new Local(below(path(range), step), made == null ? null : made.keys(), null);
    }

    private Local value(CelExpr range) {
        Entries made = entries(range);
        String step = isList(range, made) ? "@items" : "@values";
        return new Local(below(path(range), step), made == null ? null : made.values(), null);
    }

    private Local single(CelExpr range) {
        return isList(range, entries(range)) ? value(range) : key(range);
    }

    private boolean isList(CelExpr range, @Nullable Entries made) {
        return made == null ? type(range) instanceof ListType : made.isList();
    }

    private void push(String name, Local local) {
        locals.computeIfAbsent(name, n -> new ArrayDeque<>()).push(local);
    }

    private void pop(String name) {
        locals.getOrDefault(name, new ArrayDeque<>()).pop();
    }

    private @Nullable Local local(String name) {
        Deque<Local> all = locals.get(name);
        return all == null ? null : all.peek();
    }

    private @Nullable Local local(CelExpr e) {
        return e.exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                ? local(e.ident().name())
                : null;
    }

    // ---- sizes

    private CelType type(CelExpr e) {
        return tree.getTypeMap().getOrDefault(e.id(), SimpleType.DYN);
    }

    private List<String> path(CelExpr e) {
        Local local = local(e);
        return local != null ? local.path() : paths.getOrDefault(e.id(), List.of());
    }

    private static List<String> below(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    private void copySizes(CelExpr from, CelExpr to) {
        Size size = size(from);
        if (size != null) {
            sizes.put(to.id(), size);
        }
        Entries made = entries(from);
        if (made != null) {
            entries.put(to.id(), made);
        }
    }

    private @Nullable Entries entries(CelExpr e) {
        Entries known = entries.get(e.id());
        Local local = known == null ? local(e) : null;
        return local == null ? known : local.entries();
    }

    private Size sizeOrUnknown(CelExpr e) {
        Size size = size(e);
        return size == null ? Size.UNKNOWN : size;
    }

    private @Nullable Size size(CelExpr e) {
        Size known = sizes.get(e.id());
        if (known == null) {
            known = written(e);
        }
        if (known == null && !path(e).isEmpty()) {
            known = schema.at(path(e));
            if (known != null) {
                sizes.put(e.id(), known);
            }
        }
        if (known == null && isScalar(type(e))) {
            known = Size.of(1);
        }
        Local local = local(e);
        return known == null && local != null ? local.size() : known;
    }

    private static @Nullable Size written(CelExpr e) {
        return switch (e.exprKind().getKind()) {
            case CONSTANT ->
                switch (e.constant().getKind()) {
                    case STRING_VALUE -> Size.of(letters(e.constant().stringValue()));
                    case BYTES_VALUE -> Size.of(e.constant().bytesValue().size());
                    default -> Size.of(1);
                };
            case LIST -> Size.of(e.list().elements().size());
            case MAP -> Size.of(e.map().entries().size());
            default -> null;
        };
    }

    private static long letters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static boolean isScalar(CelType type) {
        return type instanceof OptionalType optional
                ? isScalar(optional.parameters().getFirst())
                : SCALARS.contains(type);
    }
}
