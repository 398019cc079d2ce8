package io.ruori.kind.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.PodDefaults;
import io.ruori.kind.PodWarnings;
import io.ruori.kind.Syntax;
import io.ruori.kind.TemplateRules;
import java.util.ArrayList;
import java.util.List;

/** The spec of a Job, in a Job and in the template of a CronJob. */
final class JobSpecRules {
    private static final long MANY_AT_ONCE = 10_000;
    static final String INDEXED = "Indexed";
    static final String NON_INDEXED = "NonIndexed";

    /** Bounds what {@code completedIndexes} and {@code failedIndexes} of a status can grow to. */
    private static final int MOST_AT_ONCE = 100_000;

    private static final int MANY_COMPLETIONS = 100_000;
    private static final int MOST_WITH_MANY_COMPLETIONS = 10_000;
    private static final int MANAGER_LENGTH = 63;

    private JobSpecRules() {}

    /** What upstream fills in for both; the rest it fills in for Jobs only. */
    static void applyDefaults(ObjectNode spec) {
        for (JsonNode rule : Json.at(spec, "podFailurePolicy", "rules")) {
            for (JsonNode pattern : rule.path("onPodConditions")) {
                if (pattern instanceof ObjectNode object
                        && Json.text(object, "status").isEmpty()) {
                    object.put("status", "True");
                }
            }
        }
        if (spec.get("template") instanceof ObjectNode template) {
            PodDefaults.spec(Json.child(template, "spec"));
        }
    }

    static boolean isIndexed(JsonNode spec) {
        return Json.text(spec, "completionMode").equals(INDEXED);
    }

    /** Names that make poor hostnames are let pass with a warning. */
    static List<String> nameWarnings(JsonNode object) {
        List<String> wrong = Syntax.dnsLabel(Json.text(object, "metadata", "name"));
        return wrong.isEmpty()
                ? List.of()
                : List.of("metadata.name: this is used in Pod names and hostnames, which can result in surprising"
                        + " behavior; a DNS label is recommended: [" + String.join(" ", wrong) + "]");
    }

    /** Of a Job's spec at a path. */
    static List<String> warnings(JsonNode spec, String path) {
        List<String> warnings = new ArrayList<>();
        if (Json.text(spec, "completionMode").equals("Indexed")
                && Json.number(spec, 0, "completions") > MANY_COMPLETIONS
                && Json.number(spec, 0, "parallelism") > MANY_AT_ONCE) {
            warnings.add(
                    path + ": In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher"
                            + " than 10^4, Kubernetes might not be able to track completedIndexes when a big number of"
                            + " indexes fail");
        }
        warnings.addAll(PodWarnings.ofTemplate(spec.path("template"), path + ".template"));
        return warnings;
    }

    static void validate(JsonNode spec, String path, FieldErrors errors) {
        for (String field : List.of(
                "parallelism",
                "completions",
                "activeDeadlineSeconds",
                "backoffLimit",
                "ttlSecondsAfterFinished",
                "backoffLimitPerIndex",
                "maxFailedIndexes")) {
            Checks.nonNegative(spec.path(field), path + "." + field, errors);
        }
        if (Json.isPresent(spec.get("maxFailedIndexes")) && !Json.isPresent(spec.get("backoffLimitPerIndex"))) {
            errors.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
        }
        manager(spec, path + ".managedBy", errors);
        completionMode(spec, path, errors);
        PolicyRules.failure(spec, path + ".podFailurePolicy", errors);
        PolicyRules.success(spec, path + ".successPolicy", errors);
        PolicyRules.replacement(spec, path + ".podReplacementPolicy", errors);
        JsonNode template = spec.path("template");
        TemplateRules.template(template, path + ".template", null, errors);
        restartPolicy(spec, Json.text(template, "spec", "restartPolicy"), path, errors);
    }

    private static void manager(JsonNode spec, String path, FieldErrors errors) {
        if (Json.isPresent(spec.get("managedBy"))) {
            String manager = Json.text(spec, "managedBy");
            if (manager.isEmpty()) {
                errors.required(path, "");
            } else {
                Syntax.domainPrefixedPath(manager, path, errors);
            }
            if (manager.length() > MANAGER_LENGTH) {
                errors.tooLong(path, MANAGER_LENGTH);
            }
        }
    }

    private static void completionMode(JsonNode spec, String path, FieldErrors errors) {
        String mode = Json.text(spec, "completionMode");
        if (!mode.isEmpty() && !mode.equals(INDEXED) && !mode.equals(NON_INDEXED)) {
            errors.notSupported(path + ".completionMode", mode, List.of(NON_INDEXED, INDEXED));
        }
        if (isIndexed(spec)) {
            indexed(spec, path, errors);
        } else if (mode.isEmpty() || mode.equals(NON_INDEXED)) {
            for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
                if (Json.isPresent(spec.get(field))) {
                    errors.invalid(path + "." + field, spec.get(field), "requires indexed completion mode");
                }
            }
        }
    }

    private static void indexed(JsonNode spec, String path, FieldErrors errors) {
        boolean counted = spec.path("completions").isNumber();
        long completions = Json.number(spec, 0, "completions");
        JsonNode failed = spec.path("maxFailedIndexes");
        if (!counted) {
            errors.required(path + ".completions", "when completion mode is Indexed");
        }
        atMost(spec, "parallelism", MOST_AT_ONCE, " when completion mode is Indexed", path, errors);
        if (counted && failed.longValue() > completions) {
            errors.invalid(path + ".maxFailedIndexes", failed, "must be less than or equal to completions");
        }
        atMost(spec, "maxFailedIndexes", MOST_AT_ONCE, "", path, errors);
        if (completions > MANY_COMPLETIONS && Json.isPresent(spec.get("backoffLimitPerIndex"))) {
            if (!failed.isNumber()) {
                errors.required(
                        path + ".maxFailedIndexes", "must be specified when completions is above " + MANY_COMPLETIONS);
            }
            String when = " when completions are above " + MANY_COMPLETIONS + " and used with backoff limit per index";
            atMost(spec, "parallelism", MOST_WITH_MANY_COMPLETIONS, when, path, errors);
            atMost(spec, "maxFailedIndexes", MOST_WITH_MANY_COMPLETIONS, when, path, errors);
        }
    }

    private static void atMost(JsonNode spec, String field, long most, String when, String path, FieldErrors errors) {
        if (Json.number(spec, 0, field) > most) {
            errors.invalid(path + "." + field, spec.get(field), "must be less than or equal to " + most + when);
        }
    }

    private static void restartPolicy(JsonNode spec, String policy, String path, FieldErrors errors) {
        String at = path + ".template.spec.restartPolicy";
        switch (policy) {
            // What a template without a policy has got by default, and work that ends cannot have.
            case "", "Always" -> errors.required(at, "valid values: \"OnFailure\", \"Never\"");
            case "Never" -> {
                // Fits every Job.
            }
            case "OnFailure" -> {
                if (Json.isPresent(spec.get("podFailurePolicy"))) {
                    errors.invalid(at, policy, "only \"Never\" is supported when podFailurePolicy is specified");
                }
            }
            default -> errors.notSupported(at, policy, List.of("OnFailure", "Never"));
        }
    }
}
