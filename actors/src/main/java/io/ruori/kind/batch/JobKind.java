package io.ruori.kind.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.HumanDuration;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.LabelSelector;
import io.ruori.kind.Syntax;
import io.ruori.kind.TemplateRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs: Pods that run until enough of them have succeeded. */
public final class JobKind {
    public static final KindName NAME = new KindName("batch", "jobs");
    static final String JOB_NAME = "batch.kubernetes.io/job-name";
    static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
    private static final String OLD_JOB_NAME = "job-name";
    private static final String OLD_CONTROLLER_UID = "controller-uid";

    public static final Kind KIND = Kind.of("batch", "v1", "Job", "jobs", "io.k8s.api.batch.v1.Job")
            .categories("all")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Status", "Where it is.", JobKind::state),
                    Columns.text("Completions", "Succeeded of wanted Pods.", JobKind::completions),
                    Columns.of("Duration", "string", "How long it took, or has taken so far.", JobKind::duration),
                    Columns.age(),
                    Columns.containers(),
                    Columns.images(),
                    Columns.selector())
            .selectable("status.successful", job -> Long.toString(Json.number(job, 0, "status", "succeeded")))
            .build();

    private JobKind() {}

    private static String state(JsonNode job) {
        JsonNode status = job.path("status");
        for (String end : List.of("Complete", "Failed")) {
            if (JobStatusRules.is(status, end)) {
                return end;
            }
        }
        if (Json.isPresent(Json.at(job, "metadata", "deletionTimestamp"))) {
            return "Terminating";
        }
        if (JobStatusRules.is(status, "Suspended")) {
            return "Suspended";
        }
        return JobStatusRules.is(status, "FailureTarget") ? "FailureTarget" : "Running";
    }

    private static String completions(JsonNode job) {
        long succeeded = Json.number(job, 0, "status", "succeeded");
        JsonNode wanted = Json.at(job, "spec", "completions");
        if (wanted.isNumber()) {
            return succeeded + "/" + wanted.longValue();
        }
        long parallelism = Json.number(job, 0, "spec", "parallelism");
        return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
    }

    private static @Nullable Object duration(JsonNode job, Instant now) {
        Instant start = HumanDuration.instant(Json.at(job, "status", "startTime"));
        if (start == null) {
            return "";
        }
        Instant end = HumanDuration.instant(Json.at(job, "status", "completionTime"));
        return HumanDuration.of(Duration.between(start, end == null ? now : end));
    }

    private static final class Rules implements KindRules {
        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode job) {
            job.putObject("status");
            ObjectNode spec = Json.child(job, "spec");
            if (!spec.path("manualSelector").asBoolean()) {
                generateSelector(job, spec);
            }
        }

        /** Labels that no other Job's Pods have; values a client has set stay, and are refused where they do not fit. */
        private static void generateSelector(ObjectNode job, ObjectNode spec) {
            ObjectNode labels = Json.child(Json.child(Json.child(spec, "template"), "metadata"), "labels");
            expected(job).forEach((label, value) -> Json.ifAbsent(labels, label, value));
            ObjectNode selected = Json.child(Json.child(spec, "selector"), "matchLabels");
            Json.ifAbsent(selected, CONTROLLER_UID, Json.text(job, "metadata", "uid"));
        }

        private static Map<String, String> expected(JsonNode job) {
            String name = Json.text(job, "metadata", "name");
            String uid = Json.text(job, "metadata", "uid");
            return Map.of(OLD_CONTROLLER_UID, uid, OLD_JOB_NAME, name, CONTROLLER_UID, uid, JOB_NAME, name);
        }

        @Override
        public void applyDefaults(ObjectNode job) {
            ObjectNode spec = Json.child(job, "spec");
            if (!Json.isPresent(spec.get("completions")) && !Json.isPresent(spec.get("parallelism"))) {
                spec.put("completions", 1);
            }
            Json.ifAbsent(spec, "parallelism", 1);
            boolean perIndex = Json.isPresent(spec.get("backoffLimitPerIndex"));
            Json.ifAbsent(spec, "backoffLimit", perIndex ? Integer.MAX_VALUE : 6);
            Json.ifAbsent(spec, "completionMode", JobSpecRules.NON_INDEXED);
            Json.ifAbsent(spec, "suspend", false);
            Json.ifAbsent(spec, "manualSelector", false);
            boolean judged = Json.isPresent(spec.get("podFailurePolicy"));
            Json.ifAbsent(spec, "podReplacementPolicy", judged ? "Failed" : "TerminatingOrFailed");
            JobSpecRules.applyDefaults(spec);
            JsonNode labels = Json.at(spec, "template", "metadata", "labels");
            ObjectNode metadata = Json.child(job, "metadata");
            if (!labels.isEmpty() && metadata.path("labels").isEmpty()) {
                metadata.set("labels", labels.deepCopy());
            }
        }

        @Override
        public void validateCreate(JsonNode job, FieldErrors errors) {
            generatedSelector(job, errors);
            spec(job.path("spec"), errors);
            longestHostname(job, errors);
        }

        private static void generatedSelector(JsonNode job, FieldErrors errors) {
            JsonNode spec = job.path("spec");
            if (spec.path("manualSelector").asBoolean() || !Json.isPresent(spec.get("selector"))) {
                return;
            }
            Map<String, String> expected = expected(job);
            Map<String, String> labels = TemplateRules.labels(spec.path("template"));
            for (String label : List.of(OLD_CONTROLLER_UID, OLD_JOB_NAME, CONTROLLER_UID, JOB_NAME)) {
                String value = labels.get(label);
                String path = "spec.template.metadata.labels[" + label + "]";
                if (value == null) {
                    errors.required(path, "must be '" + expected.get(label) + "'");
                } else if (!value.equals(expected.get(label))) {
                    errors.invalid(path, labelsShown(spec), "must be '" + expected.get(label) + "'");
                }
            }
            if (!LabelSelector.of(spec.path("selector")).matches(expected)) {
                errors.invalid("spec.selector", spec.get("selector"), "`selector` not auto-generated");
            }
        }

        private static JsonNode labelsShown(JsonNode spec) {
            return Json.at(spec, "template", "metadata", "labels");
        }

        private static void spec(JsonNode spec, FieldErrors errors) {
            JobSpecRules.validate(spec, "spec", errors);
            JsonNode selector = spec.path("selector");
            if (!Json.isPresent(selector)) {
                errors.required("spec.selector", "");
            } else {
                Checks.selector(selector, "spec.selector", errors);
                if (!LabelSelector.of(selector).matches(TemplateRules.labels(spec.path("template")))) {
                    errors.invalid(
                            "spec.template.metadata.labels",
                            labelsShown(spec),
                            "`selector` does not match template `labels`");
                }
            }
        }

        /** Pods of an Indexed Job are called after it and their index. */
        private static void longestHostname(JsonNode job, FieldErrors errors) {
            long completions = Json.number(job, 0, "spec", "completions");
            String name = Json.text(job, "metadata", "name");
            String longest = name + "-" + (completions - 1);
            if (JobSpecRules.isIndexed(job.path("spec"))
                    && completions > 0
                    && !Syntax.dnsLabel(longest).isEmpty()) {
                errors.invalid("metadata.name", name, "will not able to create pod with invalid DNS label: " + longest);
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            JsonNode spec = updated.path("spec");
            JsonNode was = old.path("spec");
            spec(spec, errors);
            completions(spec, was, errors);
            immutable(spec, was, "selector", errors);
            template(spec.path("template"), was.path("template"), mayMove(old), errors);
            for (String field : List.of(
                    "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")) {
                immutable(spec, was, field, errors);
            }
        }

        private static void immutable(JsonNode spec, JsonNode was, String field, FieldErrors errors) {
            Checks.immutable(spec.path(field), was.path(field), "spec." + field, errors);
        }

        /** Completions of an Indexed Job may change with its parallelism. */
        private static void completions(JsonNode spec, JsonNode was, FieldErrors errors) {
            JsonNode completions = spec.path("completions");
            if (!JobSpecRules.isIndexed(spec)) {
                immutable(spec, was, "completions", errors);
            } else if (Json.isPresent(completions)
                    && !Checks.same(completions, was.path("completions"))
                    && !Checks.same(completions, spec.path("parallelism"))) {
                errors.invalid("spec.completions", completions, "can only be modified in tandem with spec.parallelism");
            }
        }

        /** A Job that waits and never started may still be sent elsewhere: that is how queues place Jobs. */
        private static boolean mayMove(JsonNode old) {
            return Json.at(old, "spec", "suspend").asBoolean() && !Json.isPresent(Json.at(old, "status", "startTime"));
        }

        private static void template(JsonNode template, JsonNode was, boolean mayMove, FieldErrors errors) {
            boolean same = mayMove
                    ? Checks.same(withoutDirectives(template), withoutDirectives(was))
                    : Checks.same(template, was);
            if (!same) {
                errors.invalid("spec.template", template, "field is immutable");
            }
        }

        private static JsonNode withoutDirectives(JsonNode template) {
            if (!(template.deepCopy() instanceof ObjectNode rest)) {
                return template;
            }
            Json.child(rest, "metadata").remove(List.of("annotations", "labels"));
            ObjectNode spec = Json.child(rest, "spec");
            spec.remove(List.of("nodeSelector", "tolerations", "schedulingGates"));
            if (spec.get("affinity") instanceof ObjectNode affinity) {
                affinity.remove("nodeAffinity");
                if (affinity.isEmpty()) {
                    spec.remove("affinity");
                }
            }
            return rest;
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            new JobStatusRules(updated, old, errors).check();
        }

        @Override
        public List<String> warnings(JsonNode job) {
            List<String> warnings = new ArrayList<>(JobSpecRules.nameWarnings(job));
            warnings.addAll(JobSpecRules.warnings(job.path("spec"), "spec"));
            return warnings;
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            return KindRules.isNewGeneration(updated, old)
                    ? JobSpecRules.warnings(updated.path("spec"), "spec")
                    : List.of();
        }
    }
}
