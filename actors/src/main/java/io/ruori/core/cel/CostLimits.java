package io.ruori.core.cel;

import io.ruori.api.FieldErrors;
import io.ruori.core.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What the rules of one schema may cost: each as often as there can be a value for it, and all of them together. */
final class CostLimits {
    /** How often there can be one where a list or map above has no limit. */
    static final long UNBOUNDED = -1;

    /** Upstream's StaticEstimatedCostLimit. */
    private static final long ONE = 10_000_000;

    /** Upstream's StaticEstimatedCRDCostLimit. */
    private static final long ALL = 100_000_000;

    /** How many are named when they are too much together. */
    private static final int MOST_NAMED = 4;

    private final boolean onlyTotal;
    private final FieldErrors errors;
    private final List<Expensive> expensive = new ArrayList<>();
    private long total;

    private record Expensive(String path, long cost) {}

    /** @param onlyTotal whether single rules may cost what they will */
    CostLimits(boolean onlyTotal, FieldErrors errors) {
        this.onlyTotal = onlyTotal;
        this.errors = errors;
    }

    /** How often there can be what stands directly below a schema. */
    static long below(StructuralSchema schema, long times) {
        boolean isMap = schema.additional() != null || schema.anyAdditional();
        Long limit = switch (schema.type()) {
            case "object" -> isMap ? schema.bounds().maxProperties() : Long.valueOf(1);
            case "array" -> schema.bounds().maxItems();
            default -> Long.valueOf(1);
        };
        return times == UNBOUNDED || limit == null ? UNBOUNDED : Size.product(times, Math.max(0, limit));
    }

    void rule(RuleProgram program, String path, long times) {
        add("estimated rule cost", Size.product(program.cost(), times), path + ".rule");
        add("estimated messageExpression cost", program.messageCost(), path + ".messageExpression");
    }

    private void add(String what, long cost, String path) {
        if (cost > ONE && !onlyTotal) {
            errors.forbidden(path, exceeded(what, cost, ONE));
        }
        total = Size.sum(total, cost);
        if (cost >= ALL / 100) {
            expensive.add(new Expensive(path, cost));
        }
    }

    /** Refuses what is too much together, and names what has the largest part in it. */
    void total(String path) {
        if (total <= ALL) {
            return;
        }
        expensive.stream()
                .sorted(Comparator.comparingLong(Expensive::cost).reversed())
                .limit(MOST_NAMED)
                .forEach(one -> errors.forbidden(
                        one.path(),
                        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
        String what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
        errors.forbidden(path, exceeded(what, total, ALL));
    }

    private static String exceeded(String what, long cost, long limit) {
        double times = (double) cost / limit;
        String factor =
                times > 100 ? "more than 100x" : String.format(Locale.ROOT, times < 1.5 ? "%fx" : "%.1fx", times);
        return what + " exceeds budget by factor of " + factor + " (try simplifying the rule, or adding maxItems,"
                + " maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
