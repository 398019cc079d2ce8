package io.ruori.kind.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.HumanDuration;
import io.ruori.kind.StatusRules;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The status of a Job. It is checked more closely than others, since a Job may be managed by somebody else: how it ended is
 * said once, fits its counters, and is never taken back.
 */
final class JobStatusRules {
    private final JsonNode spec;
    private final JsonNode status;
    private final JsonNode old;
    private final FieldErrors errors;

    JobStatusRules(JsonNode updated, JsonNode old, FieldErrors errors) {
        this.spec = updated.path("spec");
        this.status = updated.path("status");
        this.old = old.path("status");
        this.errors = errors;
    }

    void check() {
        StatusRules.counts(status, errors, "active", "succeeded", "failed", "ready", "terminating");
        uncounted();
        conditions();
        finished();
        times();
        indexes();
        changes();
    }

    static boolean is(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals(type)
                    && Json.text(condition, "status").equals("True")) {
                return true;
            }
        }
        return false;
    }

    private boolean is(String type) {
        return is(status, type);
    }

    private void uncounted() {
        Set<String> seen = new HashSet<>();
        for (String list : List.of("succeeded", "failed")) {
            Checks.eachOf(
                    status.path("uncountedTerminatedPods"), list, "status.uncountedTerminatedPods", (uid, path) -> {
                        if (uid.asText().isEmpty()) {
                            errors.invalid(path, uid, "must not be empty");
                        } else if (!seen.add(uid.asText())) {
                            errors.duplicate(path, uid);
                        }
                    });
        }
    }

    private void conditions() {
        refuse(is("Complete") && is("Failed"), "cannot set Complete=True and Failed=true conditions");
        refuse(is("Complete") && is("FailureTarget"), "cannot set Complete=True and FailureTarget=true conditions");
        refuse(
                is("Failed") && !is("FailureTarget"),
                "cannot set Failed=True condition without the FailureTarget=true condition");
        refuse(
                is("Complete") && !is("SuccessCriteriaMet"),
                "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        refuse(
                is("SuccessCriteriaMet") && is("Failed"),
                "cannot set SuccessCriteriaMet=True and Failed=true conditions");
        refuse(
                is("SuccessCriteriaMet") && is("FailureTarget"),
                "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        refuse(
                Json.isPresent(spec.get("successPolicy")) && !is("SuccessCriteriaMet") && is("Complete"),
                "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        for (String type : List.of("Failed", "Complete", "FailureTarget")) {
            refuse(is(old, type) && !is(type), "cannot disable the terminal " + type + "=True condition");
        }
        refuse(
                is(old, "SuccessCriteriaMet") && !is("SuccessCriteriaMet"),
                "cannot disable the SuccessCriteriaMet=True condition");
        refuse(
                is(old, "Complete") && !is(old, "SuccessCriteriaMet") && is("SuccessCriteriaMet"),
                "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
    }

    private void refuse(boolean wrong, String text) {
        if (wrong) {
            errors.invalid("status.conditions", text);
        }
    }

    private void finished() {
        if (Json.number(status, 0, "ready") > Json.number(status, 0, "active")) {
            errors.invalid("status.ready", status.get("ready"), "cannot set more ready pods than active");
        }
        if (!is("Complete") && !is("Failed")) {
            return;
        }
        for (String field : List.of("active", "terminating")) {
            if (Json.number(status, 0, field) > 0) {
                errors.invalid("status." + field, status.get(field), field + ">0 is invalid for finished job");
            }
        }
        if (time(status, "startTime") == null) {
            errors.required("status.startTime", "startTime is required for finished job");
        }
        JsonNode uncounted = status.path("uncountedTerminatedPods");
        if (uncounted.path("failed").size() + uncounted.path("succeeded").size() > 0) {
            errors.invalid(
                    "status.uncountedTerminatedPods",
                    uncounted,
                    "uncountedTerminatedPods needs to be empty for finished job");
        }
    }

    private static @Nullable Instant time(JsonNode status, String field) {
        return HumanDuration.instant(status.path(field));
    }

    private void times() {
        Instant start = time(status, "startTime");
        Instant end = time(status, "completionTime");
        String path = "status.completionTime";
        if (end != null && !is("Complete")) {
            errors.invalid(
                    path,
                    status.get("completionTime"),
                    "cannot set completionTime when there is no Complete=True condition");
        } else if (end == null && is("Complete")) {
            errors.required(path, "completionTime is required for Complete jobs");
        }
        if (start != null && end != null && end.isBefore(start)) {
            errors.invalid(path, status.get("completionTime"), "completionTime cannot be set before startTime");
        }
        Instant ended = time(old, "completionTime");
        if (end != null && ended != null && !end.equals(ended)) {
            errors.invalid(path, status.get("completionTime"), "completionTime cannot be mutated");
        }
        Instant started = time(old, "startTime");
        if (started != null && !started.equals(start) && !spec.path("suspend").asBoolean()) {
            errors.required("status.startTime", "startTime cannot be removed for unsuspended job");
        }
    }

    private void indexes() {
        String completed = Json.text(status, "completedIndexes");
        JsonNode failed = status.path("failedIndexes");
        boolean perIndex = Json.isPresent(spec.get("backoffLimitPerIndex"));
        if (!completed.isEmpty() && !JobSpecRules.isIndexed(spec)) {
            errors.invalid(
                    "status.completedIndexes",
                    completed,
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (!perIndex && Json.isPresent(failed)) {
            errors.invalid(
                    "status.failedIndexes",
                    failed,
                    "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if (!spec.path("completions").isNumber()) {
            return;
        }
        long completions = Json.number(spec, 0, "completions");
        IndexList done = IndexList.of(completed, completions);
        IndexList lost = IndexList.of(failed.asText(""), completions);
        if (!done.problem().isEmpty()) {
            errors.invalid("status.completedIndexes", completed, "error parsing completedIndexes: " + done.problem());
        }
        if (perIndex && !lost.problem().isEmpty()) {
            errors.invalid("status.failedIndexes", failed, "error parsing failedIndexes: " + lost.problem());
        }
        long both = done.overlap(lost);
        if (both >= 0) {
            errors.invalid(
                    "status.failedIndexes", failed, "failedIndexes and completedIndexes overlap at index: " + both);
        }
    }

    private void changes() {
        StatusRules.neverLess(status, old, "failed", "cannot decrease the failed counter", errors);
        // A Job that is scaled down together with its completions forgets the indexes above.
        boolean elastic =
                JobSpecRules.isIndexed(spec) && Checks.same(spec.path("completions"), spec.path("parallelism"));
        if (!elastic) {
            StatusRules.neverLess(status, old, "succeeded", "cannot decrease the succeeded counter", errors);
        }
    }
}
