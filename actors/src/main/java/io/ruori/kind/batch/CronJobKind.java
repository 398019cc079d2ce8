package io.ruori.kind.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.HumanDuration;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CronJobs: Jobs made by the clock. */
public final class CronJobKind {
    public static final KindName NAME = new KindName("batch", "cronjobs");

    public static final Kind KIND = Kind.of("batch", "v1", "CronJob", "cronjobs", "io.k8s.api.batch.v1.CronJob")
            .shortNames("cj")
            .categories("all")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Schedule", "When Jobs are made.", c -> Json.text(c, "spec", "schedule")),
                    Columns.text(
                            "Timezone",
                            "The zone the schedule is read in.",
                            c -> Columns.orNone(Json.text(c, "spec", "timeZone"))),
                    Columns.of("Suspend", "boolean", "Whether it rests.", (c, now) -> suspend(c)),
                    Columns.number("Active", "Jobs that run.", c ->
                            (long) Json.at(c, "status", "active").size()),
                    Columns.of("Last Schedule", "string", "When it last made a Job.", (c, now) -> {
                        JsonNode last = Json.at(c, "status", "lastScheduleTime");
                        return Json.isPresent(last) ? HumanDuration.since(last, now) : Columns.NONE;
                    }),
                    Columns.age(),
                    containers("Containers", "Names of the containers in the template.", "name"),
                    containers("Images", "Images of the containers in the template.", "image"),
                    Columns.wide(
                            "Selector",
                            "Selects the Pods.",
                            c -> LabelSelector.format(Json.at(c, "spec", "jobTemplate", "spec", "selector"))))
            .build();

    private CronJobKind() {}

    private static String suspend(JsonNode cron) {
        JsonNode suspend = Json.at(cron, "spec", "suspend");
        if (!suspend.isBoolean()) {
            return "<unset>";
        }
        return suspend.booleanValue() ? "True" : "False";
    }

    private static Column containers(String title, String description, String field) {
        return Columns.wide(title, description, cron -> {
            List<String> values = new ArrayList<>();
            Json.at(cron, "spec", "jobTemplate", "spec", "template", "spec", "containers")
                    .forEach(container -> values.add(Json.text(container, field)));
            return String.join(",", values);
        });
    }

    private static final class Rules implements KindRules {
        private static final List<String> CONCURRENCY = List.of("Allow", "Forbid", "Replace");

        /** The time that is appended to the name of each Job takes eleven characters. */
        private static final int NAME_LENGTH = 52;

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode cron) {
            cron.putObject("status");
        }

        @Override
        public void applyDefaults(ObjectNode cron) {
            ObjectNode spec = Json.child(cron, "spec");
            if (Json.text(spec, "concurrencyPolicy").isEmpty()) {
                spec.put("concurrencyPolicy", "Allow");
            }
            Json.ifAbsent(spec, "suspend", false);
            Json.ifAbsent(spec, "successfulJobsHistoryLimit", 3);
            Json.ifAbsent(spec, "failedJobsHistoryLimit", 1);
            if (spec.get("jobTemplate") instanceof ObjectNode template) {
                JobSpecRules.applyDefaults(Json.child(template, "spec"));
            }
        }

        @Override
        public void validateCreate(JsonNode cron, FieldErrors errors) {
            spec(cron.path("spec"), null, errors);
            String name = Json.text(cron, "metadata", "name");
            if (name.length() > NAME_LENGTH) {
                errors.invalid("metadata.name", name, "must be no more than " + NAME_LENGTH + " characters");
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            spec(updated.path("spec"), old.path("spec"), errors);
        }

        private static void spec(JsonNode spec, @Nullable JsonNode old, FieldErrors errors) {
            schedule(spec, old, errors);
            Checks.nonNegative(spec.path("startingDeadlineSeconds"), "spec.startingDeadlineSeconds", errors);
            JsonNode zone = spec.path("timeZone");
            if (Json.isPresent(zone) && (old == null || !Checks.same(zone, old.path("timeZone")))) {
                CronSyntax.wrongZone(zone.asText()).ifPresent(text -> errors.invalid("spec.timeZone", zone, text));
            }
            Checks.oneOf(spec, "concurrencyPolicy", "spec", CONCURRENCY, true, errors);
            template(spec.path("jobTemplate").path("spec"), "spec.jobTemplate.spec", errors);
            for (String limit : List.of("successfulJobsHistoryLimit", "failedJobsHistoryLimit")) {
                Checks.nonNegative(spec.path(limit), "spec." + limit, errors);
            }
        }

        private static void schedule(JsonNode spec, @Nullable JsonNode old, FieldErrors errors) {
            String path = "spec.schedule";
            String schedule = Json.text(spec, "schedule");
            if (schedule.isEmpty()) {
                errors.required(path, "");
                return;
            }
            CronSyntax.wrongSchedule(schedule).ifPresent(text -> errors.invalid(path, schedule, text));
            if (schedule.contains("TZ")) {
                boolean had = old != null && Json.text(old, "schedule").contains("TZ");
                if (!had) {
                    errors.invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
                } else if (Json.isPresent(spec.get("timeZone"))) {
                    errors.invalid(path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
                }
            }
        }

        private static void template(JsonNode spec, String path, FieldErrors errors) {
            JobSpecRules.validate(spec, path, errors);
            if (Json.isPresent(spec.get("selector"))) {
                errors.invalid(path + ".selector", spec.get("selector"), "`selector` will be auto-generated");
            }
            if (spec.path("manualSelector").asBoolean()) {
                errors.notSupported(path + ".manualSelector", true, List.of("nil", "false"));
            }
        }

        @Override
        public List<String> warnings(JsonNode cron) {
            List<String> warnings = new ArrayList<>(JobSpecRules.nameWarnings(cron));
            warnings.addAll(job(cron));
            return warnings;
        }

        /** A zone within the schedule is refused of new objects; upstream names its path so. */
        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            List<String> warnings = new ArrayList<>();
            if (KindRules.isNewGeneration(updated, old)) {
                warnings.addAll(job(updated));
            }
            if (Json.text(updated, "spec", "schedule").contains("TZ")) {
                warnings.add("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see"
                        + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
            }
            return warnings;
        }

        private static List<String> job(JsonNode cron) {
            return JobSpecRules.warnings(Json.at(cron, "spec", "jobTemplate", "spec"), "spec.jobTemplate.spec");
        }
    }
}
