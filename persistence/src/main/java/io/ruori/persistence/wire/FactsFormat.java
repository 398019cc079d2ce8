package io.ruori.persistence.wire;

import io.ruori.api.Quantity;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Rights;
import io.ruori.core.access.Rule;
import io.ruori.core.admission.Facts;
import io.ruori.core.admission.Facts.NamespaceLife;
import io.ruori.core.admission.Limit;
import io.ruori.core.admission.PriorityClasses;
import io.ruori.core.admission.PriorityClasses.PriorityClass;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What admission was told of other objects.
 *
 * <pre>
 * facts    = { revision user namespace serviceAccounts toleration [ rights ] priorities limits grant }
 * rights   = { user rule* missing [ rule* ] }
 * rule     = { verbs groups resources names urls }
 * priority = { name value preemptionPolicy default }
 * limit    = { type min max limits requests ratio }
 * </pre>
 */
final class FactsFormat {
    private FactsFormat() {}

    static void write(WireWriter out, Facts facts) {
        out.record(fields -> {
            CommonFormat.revision(fields, facts.revision());
            CommonFormat.user(fields, facts.user());
            fields.number(number(facts.namespace())).texts(new TreeSet<>(facts.serviceAccounts()));
            Duration toleration = facts.tolerationSeconds();
            fields.i64(toleration.getSeconds()).i32(toleration.getNano());
            fields.flag(facts.rights().isPresent());
            facts.rights().ifPresent(rights -> rights(fields, rights));
            fields.list(facts.priorities().all(), FactsFormat::priority);
            fields.list(facts.limits(), FactsFormat::limits);
            CommonFormat.grant(fields, facts.grant());
        });
    }

    static Facts read(WireReader in) {
        return in.record(fields -> new Facts(
                CommonFormat.revision(fields),
                CommonFormat.user(fields),
                fields.oneOf(NamespaceLife.values(), FactsFormat::number),
                Set.copyOf(fields.texts()),
                Duration.ofSeconds(fields.i64(), fields.i32()),
                fields.flag() ? Optional.of(rights(fields)) : Optional.empty(),
                new PriorityClasses(fields.list(FactsFormat::priority)),
                fields.list(FactsFormat::limits),
                CommonFormat.grant(fields)));
    }

    private static void rights(WireWriter out, Rights rights) {
        List<Rule> bound = rights.bound();
        out.record(fields -> {
            CommonFormat.user(fields, rights.user());
            fields.list(rights.held().rules(), FactsFormat::rule)
                    .texts(rights.held().missing())
                    .flag(bound != null);
            if (bound != null) {
                fields.list(bound, FactsFormat::rule);
            }
        });
    }

    private static Rights rights(WireReader in) {
        return in.record(fields -> new Rights(
                CommonFormat.user(fields),
                new AccessIndex.Held(fields.list(FactsFormat::rule), fields.texts()),
                fields.flag() ? fields.list(FactsFormat::rule) : null));
    }

    private static void rule(WireWriter out, Rule rule) {
        out.record(fields -> fields.texts(rule.verbs())
                .texts(rule.groups())
                .texts(rule.resources())
                .texts(rule.names())
                .texts(rule.urls()));
    }

    private static Rule rule(WireReader in) {
        return in.record(
                fields -> new Rule(fields.texts(), fields.texts(), fields.texts(), fields.texts(), fields.texts()));
    }

    private static void priority(WireWriter out, PriorityClass priority) {
        out.record(fields -> fields.text(priority.name())
                .i64(priority.value())
                .text(priority.preemptionPolicy())
                .flag(priority.isDefault()));
    }

    private static PriorityClass priority(WireReader in) {
        return in.record(fields -> new PriorityClass(fields.text(), fields.i64(), fields.text(), fields.flag()));
    }

    private static void limits(WireWriter out, List<Limit> limits) {
        out.list(limits, FactsFormat::limit);
    }

    private static List<Limit> limits(WireReader in) {
        return in.list(FactsFormat::limit);
    }

    private static void limit(WireWriter out, Limit limit) {
        out.record(fields -> {
            fields.text(limit.type());
            amounts(fields, limit.min());
            amounts(fields, limit.max());
            amounts(fields, limit.limits());
            amounts(fields, limit.requests());
            amounts(fields, limit.ratio());
        });
    }

    private static Limit limit(WireReader in) {
        return in.record(fields -> new Limit(
                fields.text(), amounts(fields), amounts(fields), amounts(fields), amounts(fields), amounts(fields)));
    }

    private static void amounts(WireWriter out, Map<String, Quantity> amounts) {
        out.map(amounts, WireWriter::text, CommonFormat::quantity);
    }

    /** By name, in order: complaints are told in it. */
    private static Map<String, Quantity> amounts(WireReader in) {
        return new TreeMap<>(in.map(WireReader::text, CommonFormat::quantity));
    }

    private static int number(NamespaceLife life) {
        return switch (life) {
            case NONE -> 1;
            case ABSENT -> 2;
            case ACTIVE -> 3;
            case TERMINATING -> 4;
        };
    }
}
