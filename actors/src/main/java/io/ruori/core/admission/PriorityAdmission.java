package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.core.admission.PriorityClasses.PriorityClass;
import io.ruori.kind.Kind;
import java.util.Optional;

/** Fills a Pod's priority from its class, and lets only one class be everybody's. */
final class PriorityAdmission implements Admitter {
    private static final KindName PODS = KindName.core("pods");
    private static final KindName CLASSES = new KindName("scheduling.k8s.io", "priorityclasses");

    @Override
    public void mutateCreate(Kind kind, ObjectNode object, Facts facts) {
        if (kind.name().equals(PODS)) {
            ObjectNode spec = Json.child(object, "spec");
            facts.priorities().find(Json.text(spec, "priorityClassName")).ifPresent(found -> fill(spec, found));
        }
    }

    /** What the client says of itself stays, so that it can be refused where it differs. */
    private static void fill(ObjectNode spec, PriorityClass found) {
        if (!found.name().isEmpty()) {
            spec.put("priorityClassName", found.name());
        }
        Json.ifAbsent(spec, "priority", found.value());
        Json.ifAbsent(spec, "preemptionPolicy", found.preemptionPolicy());
    }

    @Override
    public Optional<ApiStatus> validateCreate(Kind kind, ObjectKey key, JsonNode object, Facts facts) {
        if (kind.name().equals(CLASSES)) {
            return oneDefault(key, object, facts);
        }
        if (!kind.name().equals(PODS)) {
            return Optional.empty();
        }
        JsonNode spec = object.path("spec");
        String name = Json.text(spec, "priorityClassName");
        Optional<PriorityClass> found = facts.priorities().find(name);
        return found.isEmpty()
                ? Optional.of(ApiStatus.forbidden(key, "no PriorityClass with name " + name + " was found"))
                : contradiction(spec, found.get()).map(why -> ApiStatus.forbidden(key, why));
    }

    private static Optional<String> contradiction(JsonNode spec, PriorityClass found) {
        long priority = Json.number(spec, 0, "priority");
        if (priority != found.value()) {
            return Optional.of("the integer value of priority (" + priority
                    + ") must not be provided in pod spec; priority admission controller computed " + found.value()
                    + " from the given PriorityClass name");
        }
        String policy = Json.text(spec, "preemptionPolicy");
        return policy.equals(found.preemptionPolicy())
                ? Optional.empty()
                : Optional.of("the string value of PreemptionPolicy (" + policy
                        + ") must not be provided in pod spec; priority admission controller computed "
                        + found.preemptionPolicy() + " from the given PriorityClass name");
    }

    @Override
    public Optional<ApiStatus> validateUpdate(Kind kind, ObjectKey key, JsonNode updated, JsonNode old, Facts facts) {
        return kind.name().equals(CLASSES) ? oneDefault(key, updated, facts) : Optional.empty();
    }

    private static Optional<ApiStatus> oneDefault(ObjectKey key, JsonNode object, Facts facts) {
        if (!object.path("globalDefault").asBoolean()) {
            return Optional.empty();
        }
        return facts.priorities()
                .everybodys()
                .filter(other -> !other.name().equals(key.name()))
                .map(other -> ApiStatus.forbidden(
                        key,
                        "PriorityClass " + other.name() + " is already marked as default. Only one default can exist"));
    }
}
