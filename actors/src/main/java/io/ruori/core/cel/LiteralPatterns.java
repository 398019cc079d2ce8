package io.ruori.core.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.bundle.Cel;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.validator.CelAstValidator;
import java.util.Set;

/** A pattern that is written out in a rule must be one of RE2's: otherwise the rule could never run. */
final class LiteralPatterns implements CelAstValidator {
    private static final Set<String> SEARCHES = Set.of("matches", "find", "findAll");

    @Override
    public void validate(CelNavigableAst tree, Cel cel, IssuesFactory issues) {
        tree.getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.CALL)
                .map(node -> node.expr().call())
                .filter(call ->
                        SEARCHES.contains(call.function()) && !call.args().isEmpty())
                .map(call -> call.target().isPresent()
                        ? call.args().getFirst()
                        : call.args().getLast())
                .filter(pattern -> !isReadable(pattern))
                .forEach(pattern -> issues.addError(pattern.id(), "invalid matches argument"));
    }

    private static boolean isReadable(CelExpr pattern) {
        if (pattern.exprKind().getKind() != Kind.CONSTANT
                || pattern.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            return true;
        }
        try {
            Pattern.compile(pattern.constant().stringValue());
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
