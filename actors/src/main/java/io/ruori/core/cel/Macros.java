package io.ruori.core.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import java.util.List;
import java.util.Optional;

/**
 * Macros that the library writes out in another form than upstream. A rule's cost is reckoned from the form, so upstream's
 * is needed where the cost decides.
 */
final class Macros {
    /** As a name that no rule can write. */
    private static final String SORTED = "@sorted";

    private Macros() {}

    static List<CelMacro> all() {
        return List.of(
                CelMacro.newReceiverMacro(
                        "optMap", 2, (make, target, arguments) -> ifPresent(make, target, arguments, true)),
                CelMacro.newReceiverMacro(
                        "optFlatMap", 2, (make, target, arguments) -> ifPresent(make, target, arguments, false)),
                CelMacro.newReceiverMacro("sortBy", 2, Macros::sortBy));
    }

    /** {@code target.hasValue() ? let name = target.value() in body : none}, the body made an optional where it is none. */
    private static Optional<CelExpr> ifPresent(
            CelMacroExprFactory make, CelExpr target, ImmutableList<CelExpr> arguments, boolean wraps) {
        Optional<String> name = name(arguments);
        if (name.isEmpty()) {
            String macro = wraps ? "optMap" : "optFlatMap";
            return Optional.of(make.reportError(macro + "() variable name must be a simple identifier"));
        }
        CelExpr body = let(make, name.get(), make.newReceiverCall("value", make.copy(target)), arguments.get(1));
        return Optional.of(make.newGlobalCall(
                "_?_:_",
                make.newReceiverCall("hasValue", target),
                wraps ? make.newGlobalCall("optional.of", body) : body,
                make.newGlobalCall("optional.none")));
    }

    /** {@code let @sorted = target in @sorted.@sortByAssociatedKeys(@sorted.map(name, key))}. */
    private static Optional<CelExpr> sortBy(
            CelMacroExprFactory make, CelExpr target, ImmutableList<CelExpr> arguments) {
        Optional<String> name = name(arguments);
        if (name.isEmpty()) {
            return Optional.of(make.reportError("sortBy() variable name must be a simple identifier"));
        }
        String keys = make.getAccumulatorVarName();
        CelExpr collected = make.fold(
                name.get(),
                make.newIdentifier(SORTED),
                keys,
                make.newList(),
                make.newBoolLiteral(true),
                make.newGlobalCall("_+_", make.newIdentifier(keys), make.newList(arguments.get(1))),
                make.newIdentifier(keys));
        CelExpr call = make.newReceiverCall(ListFunctions.SORT_BY_KEYS, make.newIdentifier(SORTED), collected);
        return Optional.of(let(make, SORTED, target, call));
    }

    private static CelExpr let(CelMacroExprFactory make, String name, CelExpr value, CelExpr body) {
        return make.fold(
                "#unused", make.newList(), name, value, make.newBoolLiteral(false), make.newIdentifier(name), body);
    }

    private static Optional<String> name(ImmutableList<CelExpr> arguments) {
        CelExpr first = arguments.getFirst();
        return first.exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                ? Optional.of(first.ident().name())
                : Optional.empty();
    }
}
