package io.ruori.kind.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Syntax;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a Job makes of failed Pods, of succeeded ones, and of those to replace. */
final class PolicyRules {
    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");
    private static final List<String> OPERATORS = List.of("In", "NotIn");
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");
    private static final int MOST_RULES = 20;
    private static final int MOST_PATTERNS = 20;
    private static final int MOST_EXIT_CODES = 255;
    private static final int INDEXES_LENGTH = 64 * 1024;

    private PolicyRules() {}

    // ---- failure

    static void failure(JsonNode spec, String path, FieldErrors errors) {
        JsonNode policy = spec.path("podFailurePolicy");
        if (!policy.isObject()) {
            return;
        }
        int rules = policy.path("rules").size();
        if (rules > MOST_RULES) {
            errors.tooMany(path + ".rules", rules, MOST_RULES);
        }
        Set<String> containers = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            Json.at(spec, "template", "spec", list).forEach(c -> containers.add(Json.text(c, "name")));
        }
        boolean perIndex = Json.isPresent(spec.get("backoffLimitPerIndex"));
        Checks.eachOf(policy, "rules", path, (rule, at) -> rule(rule, at, perIndex, containers, errors));
    }

    private static void rule(JsonNode rule, String path, boolean perIndex, Set<String> containers, FieldErrors errors) {
        String action = Json.text(rule, "action");
        choice(action, ACTIONS, path + ".action", errors);
        if (action.equals("FailIndex") && !perIndex) {
            errors.invalid(path + ".action", action, "requires the backoffLimitPerIndex to be set");
        }
        boolean onCodes = rule.path("onExitCodes").isObject();
        boolean onConditions = !rule.path("onPodConditions").isEmpty();
        if (onCodes) {
            exitCodes(rule.path("onExitCodes"), path + ".onExitCodes", containers, errors);
        }
        if (onConditions) {
            conditions(rule, path, errors);
        }
        if (onCodes && onConditions) {
            errors.invalid(path, "specifying both OnExitCodes and OnPodConditions is not supported");
        } else if (!onCodes && !onConditions) {
            errors.invalid(path, "specifying one of OnExitCodes and OnPodConditions is required");
        }
    }

    private static void choice(String value, List<String> allowed, String path, FieldErrors errors) {
        if (value.isEmpty()) {
            errors.required(
                    path,
                    "valid values: "
                            + allowed.stream().map(v -> "\"" + v + "\"").collect(Collectors.joining(" ", "[", "]")));
        } else if (!allowed.contains(value)) {
            errors.notSupported(path, value, allowed);
        }
    }

    private static void conditions(JsonNode rule, String path, FieldErrors errors) {
        int patterns = rule.path("onPodConditions").size();
        if (patterns > MOST_PATTERNS) {
            errors.tooMany(path + ".onPodConditions", patterns, MOST_PATTERNS);
        }
        Checks.eachOf(rule, "onPodConditions", path, (pattern, at) -> {
            String type = Json.text(pattern, "type");
            Checks.each(Syntax.qualifiedName(type), at + ".type", type, errors);
            choice(Json.text(pattern, "status"), STATUSES, at + ".status", errors);
        });
    }

    private static void exitCodes(JsonNode codes, String path, Set<String> containers, FieldErrors errors) {
        String operator = Json.text(codes, "operator");
        choice(operator, OPERATORS, path + ".operator", errors);
        JsonNode container = codes.path("containerName");
        if (container.isTextual() && !containers.contains(container.textValue())) {
            errors.invalid(
                    path + ".containerName",
                    container,
                    "must be one of the container or initContainer names in the pod template");
        }
        JsonNode values = codes.path("values");
        if (values.isEmpty()) {
            errors.invalid(path + ".values", values.isMissingNode() ? null : values, "at least one value is required");
        } else if (values.size() > MOST_EXIT_CODES) {
            errors.tooMany(path + ".values", values.size(), MOST_EXIT_CODES);
        }
        boolean ordered = true;
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            long value = values.get(i).longValue();
            String at = path + ".values[" + i + "]";
            if (value == 0 && operator.equals("In")) {
                errors.invalid(at, value, "must not be 0 for the In operator");
            }
            if (!seen.add(value)) {
                errors.duplicate(at, value);
            }
            ordered &= i == 0 || values.get(i - 1).longValue() <= value;
        }
        if (!ordered) {
            errors.invalid(path + ".values", values, "must be ordered");
        }
    }

    // ---- success

    static void success(JsonNode spec, String path, FieldErrors errors) {
        JsonNode policy = spec.path("successPolicy");
        if (!policy.isObject()) {
            return;
        }
        if (!JobSpecRules.isIndexed(spec)) {
            errors.invalid(path, policy, "requires indexed completion mode");
            return;
        }
        int rules = policy.path("rules").size();
        if (rules == 0) {
            errors.required(
                    path + ".rules", "at least one rules must be specified when the successPolicy is specified");
        } else if (rules > MOST_RULES) {
            errors.tooMany(path + ".rules", rules, MOST_RULES);
        }
        long completions = Json.number(spec, 0, "completions");
        Checks.eachOf(policy, "rules", path, (rule, at) -> successRule(rule, at, completions, errors));
    }

    private static void successRule(JsonNode rule, String path, long completions, FieldErrors errors) {
        JsonNode indexes = rule.path("succeededIndexes");
        JsonNode count = rule.path("succeededCount");
        if (!Json.isPresent(indexes) && !Json.isPresent(count)) {
            errors.required(path, "at least one of succeededCount or succeededIndexes must be specified");
        }
        long total = Long.MAX_VALUE;
        if (Json.isPresent(indexes)) {
            String at = path + ".succeededIndexes";
            if (indexes.asText().length() > INDEXES_LENGTH) {
                errors.tooLong(at, INDEXES_LENGTH);
            }
            IndexList list = IndexList.of(indexes.asText(), completions);
            if (!list.problem().isEmpty()) {
                errors.invalid(at, indexes, "error parsing succeededIndexes: " + list.problem());
            }
            total = list.total();
        }
        if (Json.isPresent(count)) {
            String at = path + ".succeededCount";
            Checks.nonNegative(count, at, errors);
            if (count.longValue() > completions) {
                errors.invalid(
                        at,
                        count,
                        "must be less than or equal to " + completions + " (the number of specified completions)");
            }
            if (count.longValue() > total) {
                errors.invalid(
                        at,
                        count,
                        "must be less than or equal to " + total
                                + " (the number of indexes in the specified succeededIndexes field)");
            }
        }
    }

    // ---- replacement

    static void replacement(JsonNode spec, String path, FieldErrors errors) {
        String policy = Json.text(spec, "podReplacementPolicy");
        List<String> allowed = Json.isPresent(spec.get("podFailurePolicy"))
                ? List.of("Failed")
                : List.of("Failed", "TerminatingOrFailed");
        if (!policy.isEmpty() && !allowed.contains(policy)) {
            errors.notSupported(path, policy, allowed);
        }
    }
}
