package io.ruori.core.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.DurationLiteralValidator;
import dev.cel.validator.validators.HomogeneousLiteralValidator;
import dev.cel.validator.validators.TimestampLiteralValidator;
import io.ruori.core.structural.StructuralSchema;
import io.ruori.core.structural.StructuralSchema.CelRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rule ready to run, or what is wrong with it.
 *
 * @param cost the most that running it once can cost; 0 for a rule that does not compile
 * @param messageCost the same of its message's expression; 0 where there is none
 * @param error empty when all is well
 * @param messageError what is wrong with the expression of its message; empty when nothing is
 */
record RuleProgram(
        CelRule rule,
        CelRuntime.@Nullable Program condition,
        CelRuntime.@Nullable Program text,
        boolean usesOldSelf,
        long cost,
        long messageCost,
        String error,
        String messageError) {
    /** Rounds of loops in one rule. Each round costs something, so the limit on costs comes first. */
    private static final int MOST_ITERATIONS = 1_000_000;

    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: [^\n]*\\)");

    private static final int LONGEST_MESSAGE = 5 * 1024;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableOptionalSyntax(true)
            .enableRegexPartialMatch(true)
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .build();

    private static final CelRuntime RUNTIME = CelRuntimeFactory.legacyCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardFunctions(Semantics.standard())
            .addLibraries(
                    CelExtensions.strings(),
                    CelExtensions.sets(OPTIONS),
                    ListFunctions.taken(),
                    CelExtensions.comprehensions(),
                    CelExtensions.optional())
            .addFunctionBindings(Functions.bindings())
            .build();

    /** All rules that stand at one schema. */
    static List<RuleProgram> compile(StructuralSchema schema, boolean isRoot) {
        SchemaTypes types = new SchemaTypes();
        CelType self = types.of(schema, isRoot);
        SchemaSizes sizes = new SchemaSizes(schema, isRoot);
        List<RuleProgram> programs = new ArrayList<>();
        for (CelRule rule : schema.rules()) {
            programs.add(compile(rule, compiler(types, self, rule.optionalOldSelf()), sizes));
        }
        return List.copyOf(programs);
    }

    private static CelCompiler compiler(SchemaTypes types, CelType self, boolean optionalOldSelf) {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.strings(), CelExtensions.sets(OPTIONS), CelExtensions.comprehensions())
                .addFunctionDeclarations(CelExtensions.optional().functions())
                .addVarDeclarations(CelExtensions.optional().variables())
                .addFunctionDeclarations(ListFunctions.taken().functions())
                .addMacros(Macros.all())
                .addFunctionDeclarations(Functions.declarations())
                .setTypeProvider(types)
                .addVar("self", self)
                .addVar("oldSelf", optionalOldSelf ? OptionalType.create(self) : self)
                .build();
    }

    private static RuleProgram compile(CelRule rule, CelCompiler compiler, SchemaSizes sizes) {
        try {
            CelAbstractSyntaxTree condition = checked(rule.rule(), compiler);
            if (!condition.getResultType().equals(SimpleType.BOOL)) {
                return broken(rule, "cel expression must evaluate to a bool");
            }
            boolean usesOld = condition.getReferenceMap().values().stream()
                    .anyMatch(reference -> reference.name().equals("oldSelf"));
            CelRuntime.Program program = RUNTIME.createProgram(condition);
            long cost = CostEstimate.of(condition, sizes);
            RuleProgram plain = new RuleProgram(rule, program, null, usesOld, cost, 0, "", "");
            return rule.messageExpression().isBlank() ? plain : plain.withMessage(compiler, sizes);
        } catch (CelValidationException e) {
            return broken(rule, "compilation failed: " + words(e));
        } catch (CelEvaluationException e) {
            return broken(rule, "program instantiation failed: " + e.getMessage());
        }
    }

    private RuleProgram withMessage(CelCompiler compiler, SchemaSizes sizes) {
        String wrong;
        try {
            CelAbstractSyntaxTree message = checked(rule.messageExpression(), compiler);
            if (message.getResultType().equals(SimpleType.STRING)) {
                CelRuntime.Program program = RUNTIME.createProgram(message);
                return new RuleProgram(
                        rule, condition, program, usesOldSelf, cost, CostEstimate.of(message, sizes), "", "");
            }
            wrong = "messageExpression must evaluate to a string";
        } catch (CelValidationException e) {
            wrong = "messageExpression compilation failed: " + words(e);
        } catch (CelEvaluationException e) {
            wrong = "messageExpression instantiation failed: " + e.getMessage();
        }
        return new RuleProgram(rule, condition, null, usesOldSelf, cost, 0, "", wrong);
    }

    /** Literals are looked at too, so that a duration or pattern that cannot be read is found when the rule is written. */
    private static CelAbstractSyntaxTree checked(String expression, CelCompiler compiler)
            throws CelValidationException {
        CelAbstractSyntaxTree tree = compiler.compile(expression).getAst();
        CelAbstractSyntaxTree valid = CelValidatorFactory.standardCelValidatorBuilder(compiler, RUNTIME)
                .addAstValidators(
                        DurationLiteralValidator.INSTANCE,
                        TimestampLiteralValidator.INSTANCE,
                        new LiteralPatterns(),
                        HomogeneousLiteralValidator.newInstance("format"))
                .build()
                .validate(tree)
                .getAst();
        Map<Long, CelReference> references = new HashMap<>(valid.getReferenceMap());
        references.replaceAll((id, reference) -> ListFunctions.isChoice(reference.overloadIds())
                ? CelReference.newBuilder()
                        .setName(reference.name())
                        .addOverloadIds(reference.overloadIds().getFirst())
                        .build()
                : reference);
        return CelAbstractSyntaxTree.newCheckedAst(valid.getExpr(), valid.getSource(), references, valid.getTypeMap());
    }

    /** The library's account of what is wrong, without the signatures that would have fitted: upstream does not list them. */
    private static String words(CelValidationException e) {
        return e.getErrors().stream()
                .map(issue -> issue.toDisplayString(e.getSource()))
                .map(RuleProgram::words)
                .collect(Collectors.joining("\n"));
    }

    private static String words(String issue) {
        return CANDIDATES
                .matcher(issue)
                .replaceAll("")
                .replaceFirst("(duration|timestamp) validation failed\\. Reason: [^\n]*", "invalid $1 argument");
    }

    private static RuleProgram broken(CelRule rule, String error) {
        return new RuleProgram(rule, null, null, false, 0, 0, error, "");
    }

    boolean holds(Map<String, Object> variables, ActualCost cost) throws CelEvaluationException {
        return condition == null || Boolean.TRUE.equals(condition.trace(variables, cost));
    }

    /** What the rule says of a value it refuses. */
    String message(Map<String, Object> variables, ActualCost cost) {
        if (text != null) {
            try {
                String made = String.valueOf(text.trace(variables, cost)).strip();
                if (!made.isEmpty() && made.indexOf('\n') < 0 && made.length() <= LONGEST_MESSAGE) {
                    return made;
                }
            } catch (CelEvaluationException | ActualCost.Exceeded e) {
                // As upstream: a message that cannot be made is replaced by the plain one.
                return plainMessage();
            }
        }
        return plainMessage();
    }

    private String plainMessage() {
        return rule.message().isBlank()
                ? "failed rule: " + rule.rule().strip()
                : rule.message().strip();
    }
}
