package io.ruori.kind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** ResourceClaims: a wish for devices, and what came of it. */
public final class ResourceClaimKind {
    public static final Kind KIND = Names.kind("ResourceClaim", "resourceclaims")
            .status()
            .answersWithDeleted()
            .rules(new Rules())
            .columns(Columns.name(), Columns.text("State", "Where it is.", ResourceClaimKind::state), Columns.age())
            .build();

    private ResourceClaimKind() {}

    private static String state(JsonNode claim) {
        boolean deleted = Json.isPresent(Json.at(claim, "metadata", "deletionTimestamp"));
        JsonNode status = claim.path("status");
        List<String> states = new ArrayList<>();
        if (deleted) {
            states.add("deleted");
        }
        if (status.path("allocation").isObject()) {
            states.add("allocated");
            if (!status.path("reservedFor").isEmpty()) {
                states.add("reserved");
            }
        } else if (!deleted) {
            states.add("pending");
        }
        return String.join(",", states);
    }

    private static final class Rules implements KindRules {
        private static final int MOST_USERS = 256;
        private static final int MOST_RESULTS = 32;
        private static final List<String> SOURCES = List.of("FromClaim", "FromClass");

        @Override
        public Set<String> metadataOutsideStatus() {
            return WRITABLE_METADATA;
        }

        @Override
        public void prepareCreate(ObjectNode claim) {
            claim.putObject("status");
        }

        @Override
        public void applyDefaults(ObjectNode claim) {
            ClaimRules.applyDefaults(Json.child(claim, "spec"));
        }

        @Override
        public void validateCreate(JsonNode claim, FieldErrors errors) {
            ClaimRules.validate(claim.path("spec"), "spec", errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Checks.immutable(updated.path("spec"), old.path("spec"), "spec", errors);
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            JsonNode status = updated.path("status");
            JsonNode was = old.path("status");
            Names.set(
                    status,
                    "reservedFor",
                    MOST_USERS,
                    "status",
                    user -> Json.text(user, "uid"),
                    (user, path) -> {
                        for (String field : List.of("resource", "name", "uid")) {
                            Checks.required(user, field, path, errors);
                        }
                    },
                    errors);
            boolean allocated = status.path("allocation").isObject();
            if (!status.path("reservedFor").isEmpty()) {
                if (!allocated) {
                    errors.forbidden("status.reservedFor", "may not be specified when `allocated` is not set");
                } else if (Json.isPresent(Json.at(updated, "metadata", "deletionTimestamp"))) {
                    noNewUsers(status, was, errors);
                }
            }
            if (allocated && was.path("allocation").isObject()) {
                Checks.immutable(status.path("allocation"), was.path("allocation"), "status.allocation", errors);
            } else if (allocated) {
                allocation(updated, status.path("allocation").path("devices"), errors);
            }
        }

        private static void noNewUsers(JsonNode status, JsonNode was, FieldErrors errors) {
            Set<JsonNode> before = new HashSet<>();
            was.path("reservedFor").forEach(before::add);
            for (JsonNode user : status.path("reservedFor")) {
                if (!before.contains(user)) {
                    errors.forbidden(
                            "status.reservedFor",
                            "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are"
                                    + " set");
                    return;
                }
            }
        }

        private static void allocation(JsonNode claim, JsonNode devices, FieldErrors errors) {
            String path = "status.allocation.devices";
            Set<String> requests = ClaimRules.requestNames(claim.path("spec"));
            Names.list(
                    devices,
                    "results",
                    MOST_RESULTS,
                    path,
                    (result, at) -> {
                        ClaimRules.requestName(Json.text(result, "request"), requests, at + ".request", errors);
                        Names.driver(Json.text(result, "driver"), at + ".driver", errors);
                        Names.pool(Json.text(result, "pool"), at + ".pool", errors);
                        Names.label(result, "device", at, errors);
                    },
                    errors);
            Names.list(
                    devices,
                    "config",
                    2 * ClaimRules.MOST_CONFIGURATIONS,
                    path,
                    (config, at) -> {
                        Checks.oneOf(config, "source", at, SOURCES, true, errors);
                        ClaimRules.requestList(config, requests, at, errors);
                        ClaimRules.configuration(config, at, errors);
                    },
                    errors);
        }
    }
}
