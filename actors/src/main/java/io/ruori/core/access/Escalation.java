package io.ruori.core.access;

import io.ruori.api.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Nobody gives away what they do not hold: the check of what somebody writes into a role, or binds to somebody. */
public final class Escalation {
    /** What a role that is made of others may come to hold. */
    public static final List<Rule> EVERYTHING = List.of(
            new Rule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()),
            new Rule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));

    private Escalation() {}

    /** Why {@code user}, who holds {@code held}, may not give away {@code given}, as upstream words it; empty if they may. */
    public static Optional<String> refusal(User user, AccessIndex.Held held, List<Rule> given) {
        List<Rule> uncovered = new ArrayList<>();
        for (Rule rule : given) {
            for (Rule part : rule.parts()) {
                if (held.rules().stream().noneMatch(own -> own.covers(part))) {
                    uncovered.add(part);
                }
            }
        }
        if (uncovered.isEmpty()) {
            return Optional.empty();
        }
        TreeSet<String> texts = new TreeSet<>();
        compact(uncovered).forEach(rule -> texts.add(rule.words()));
        String text = "user " + Ask.quoted(user.name()) + " (groups=" + Rule.listed(user.groups())
                + ") is attempting to grant RBAC permissions not currently held:\n" + String.join("\n", texts);
        return Optional.of(
                held.missing().isEmpty()
                        ? text
                        : text + "; resolution errors: [" + AccessIndex.aggregate(held.missing()) + "]");
    }

    /** Rules that differ in nothing but the verb become one. */
    private static List<Rule> compact(List<Rule> parts) {
        Map<Rule, List<String>> verbs = new LinkedHashMap<>();
        for (Rule part : parts) {
            Rule key = new Rule(
                    part.urls().isEmpty() ? List.of() : part.verbs(),
                    part.groups(),
                    part.resources(),
                    part.names(),
                    part.urls());
            List<String> all = verbs.computeIfAbsent(key, k -> new ArrayList<>());
            if (!all.contains(part.verbs().getFirst())) {
                all.add(part.verbs().getFirst());
            }
        }
        return verbs.entrySet().stream()
                .map(e -> new Rule(
                        e.getValue(),
                        e.getKey().groups(),
                        e.getKey().resources(),
                        e.getKey().names(),
                        e.getKey().urls()))
                .toList();
    }
}
