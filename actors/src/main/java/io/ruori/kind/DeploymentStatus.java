package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a Deployment says of itself: counters, whether enough is available, and whether it makes progress. */
final class DeploymentStatus {
    static final String PROGRESSING = "Progressing";
    static final String AVAILABLE = "Available";
    static final String COMPLETE = "NewReplicaSetAvailable";
    static final String TIMED_OUT = "ProgressDeadlineExceeded";
    private static final String PAUSED = "DeploymentPaused";
    private static final List<String> COUNTERS =
            List.of("replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas");

    private final DeploymentSpec deployment;
    private final Instant now;
    private final Conditions conditions;
    private long collisions;

    DeploymentStatus(DeploymentSpec deployment, Instant now) {
        this.deployment = deployment;
        this.now = now;
        this.conditions = new Conditions(deployment.status());
        this.collisions = deployment.collisions();
    }

    Conditions conditions() {
        return conditions;
    }

    void collided() {
        collisions++;
    }

    /** A pause stops the clock of the deadline, a resumption starts it anew; a roll-out that is late stays late. */
    void notePause() {
        String reason = conditions.reason(PROGRESSING);
        if (!deployment.hasDeadline() || reason.equals(TIMED_OUT)) {
            return;
        }
        if (deployment.paused() && !reason.equals(PAUSED)) {
            conditions.set(PROGRESSING, "Unknown", PAUSED, "Deployment is paused", now);
        } else if (!deployment.paused() && reason.equals(PAUSED)) {
            conditions.set(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed", now);
        }
    }

    void noteCreated(String set) {
        if (deployment.hasDeadline()) {
            conditions.set(PROGRESSING, "True", "NewReplicaSetCreated", "Created new replica set \"" + set + "\"", now);
        }
    }

    /**
     * The set of the present template was there already. That starts a new roll-out, and with it the deadline, where nothing
     * was said yet or where what was said is that another set is complete.
     */
    void noteFound(String set) {
        JsonNode progressing = conditions.get(PROGRESSING);
        boolean ofAnother = progressing != null
                && Json.text(progressing, "reason").equals(COMPLETE)
                && Json.text(progressing, "message").startsWith("ReplicaSet ")
                && !Json.text(progressing, "message").equals(progressed(set));
        if (deployment.hasDeadline() && (progressing == null || ofAnother)) {
            conditions.set(PROGRESSING, "True", "FoundNewReplicaSet", "Found new replica set \"" + set + "\"", now);
        }
    }

    private static String progressed(String set) {
        return "ReplicaSet \"" + set + "\" has successfully progressed.";
    }

    /**
     * The new status, or empty when it is as it was.
     *
     * @param watchProgress false while scaling or paused
     */
    Optional<ObjectNode> compute(Rollout rollout, boolean watchProgress) {
        ObjectNode next = counters(rollout);
        availability(Json.number(next, 0, "availableReplicas"));
        if (!deployment.hasDeadline()) {
            conditions.remove(PROGRESSING);
        } else if (watchProgress) {
            progress(next, rollout.current());
        }
        failures(rollout);
        if (!conditions.list().isEmpty()) {
            next.set("conditions", conditions.list());
        }
        return Checks.same(next, deployment.status()) ? Optional.empty() : Optional.of(next);
    }

    private ObjectNode counters(Rollout rollout) {
        long replicas = 0;
        long ready = 0;
        long available = 0;
        for (ReplicaSetEdit set : rollout.all()) {
            ReplicaSetDigest.Counts counts = set.digest().status();
            replicas += counts.replicas();
            ready += counts.ready();
            available += counts.available();
        }
        long wanted =
                rollout.all().stream().mapToLong(set -> set.digest().replicas()).sum();
        ReplicaSetEdit current = rollout.current();
        ObjectNode status = Json.object();
        status.set("observedGeneration", Json.number(deployment.generation()));
        put(status, "replicas", replicas);
        put(
                status,
                "updatedReplicas",
                current == null ? 0 : current.digest().status().replicas());
        put(status, "readyReplicas", ready);
        put(status, "availableReplicas", available);
        put(status, "unavailableReplicas", Math.max(0, wanted - available));
        put(status, "collisionCount", collisions);
        return status;
    }

    private static void put(ObjectNode status, String field, long value) {
        if (value != 0) {
            status.set(field, Json.number(value));
        }
    }

    /** What keeps the newest set from making Pods, or else any other. */
    private void failures(Rollout rollout) {
        conditions.remove(ReplicaSetReconciler.FAILURE);
        Stream.concat(Stream.ofNullable(rollout.current()), rollout.all().stream())
                .flatMap(set -> Stream.ofNullable(set.digest().failure()))
                .findFirst()
                .ifPresent(conditions::copy);
    }

    private void availability(long available) {
        if (available >= deployment.least()) {
            conditions.set(AVAILABLE, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now);
        } else {
            conditions.set(
                    AVAILABLE,
                    "False",
                    "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability.",
                    now);
        }
    }

    private void progress(ObjectNode next, @Nullable ReplicaSetEdit current) {
        boolean completeBefore = Json.number(next, 0, "replicas") == Json.number(next, 0, "updatedReplicas")
                && conditions.reason(PROGRESSING).equals(COMPLETE);
        if (completeBefore) {
            return;
        }
        String subject =
                current == null ? "Deployment \"" + deployment.name() + "\"" : "ReplicaSet \"" + current.name() + "\"";
        if (isComplete(next)) {
            conditions.set(PROGRESSING, "True", COMPLETE, subject + " has successfully progressed.", now);
        } else if (isProgress(next)) {
            conditions.touch(PROGRESSING, "True", "ReplicaSetUpdated", subject + " is progressing.", now);
        } else if (isLate()) {
            conditions.set(PROGRESSING, "False", TIMED_OUT, subject + " has timed out progressing.", now);
        }
    }

    boolean isComplete(JsonNode status) {
        return Json.number(status, 0, "updatedReplicas") == deployment.replicas()
                && Json.number(status, 0, "replicas") == deployment.replicas()
                && Json.number(status, 0, "availableReplicas") == deployment.replicas()
                && Json.number(status, 0, "observedGeneration") >= deployment.generation();
    }

    private boolean isProgress(JsonNode next) {
        JsonNode before = deployment.status();
        return grew(next, before, "updatedReplicas")
                || grew(next, before, "readyReplicas")
                || grew(next, before, "availableReplicas")
                || outdated(next) < outdated(before);
    }

    private static boolean grew(JsonNode next, JsonNode before, String counter) {
        return Json.number(next, 0, counter) > Json.number(before, 0, counter);
    }

    private static long outdated(JsonNode status) {
        return Json.number(status, 0, "replicas") - Json.number(status, 0, "updatedReplicas");
    }

    private boolean isLate() {
        String reason = conditions.reason(PROGRESSING);
        if (reason.equals(TIMED_OUT)) {
            return true;
        }
        return !reason.isEmpty()
                && !reason.equals(COMPLETE)
                && !untilLate().orElse(Duration.ofDays(1)).isPositive();
    }

    /** How long until the lack of progress must be reported; empty where none is expected. */
    Optional<Duration> untilLate() {
        JsonNode progressing = conditions.get(PROGRESSING);
        String reason = conditions.reason(PROGRESSING);
        boolean waits = deployment.hasDeadline()
                && !deployment.paused()
                && !reason.isEmpty()
                && !reason.equals(COMPLETE)
                && !reason.equals(TIMED_OUT);
        Instant last = progressing == null ? null : HumanDuration.instant(progressing.path("lastUpdateTime"));
        if (!waits || last == null) {
            return Optional.empty();
        }
        return Optional.of(Duration.between(now, last.plusSeconds(deployment.deadlineSeconds())));
    }

    /** A merge patch that turns the old status into the new one. */
    ObjectNode patch(ObjectNode next) {
        ObjectNode patch = Json.object();
        ObjectNode status = next.deepCopy();
        for (String counter : COUNTERS) {
            if (!status.has(counter) && deployment.status().has(counter)) {
                status.putNull(counter);
            }
        }
        if (!status.has("conditions") && deployment.status().has("conditions")) {
            status.putNull("conditions");
        }
        patch.set("status", status);
        return patch;
    }
}
