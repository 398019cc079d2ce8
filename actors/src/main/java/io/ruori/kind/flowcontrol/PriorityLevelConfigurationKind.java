package io.ruori.kind.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.StatusRules;
import java.util.List;
import java.util.Set;

/** PriorityLevelConfigurations: how many requests of a level run at once, and how others wait. */
public final class PriorityLevelConfigurationKind {
    public static final Kind KIND = Kind.of(
                    "flowcontrol.apiserver.k8s.io",
                    "v1",
                    "PriorityLevelConfiguration",
                    "prioritylevelconfigurations",
                    "io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration")
            .clusterScoped()
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Type", "Whether it has limits.", p -> Json.text(p, "spec", "type")),
                    number("NominalConcurrencyShares", "Its share.", "limited", "nominalConcurrencyShares"),
                    queuing("Queues", "How many queues.", "queues"),
                    queuing("HandSize", "How many queues a flow may use.", "handSize"),
                    queuing("QueueLengthLimit", "How many may wait in each.", "queueLengthLimit"),
                    Columns.age())
            .firstObject(Mandatory.object(Mandatory.EXEMPT, Mandatory.levelSpec(Mandatory.EXEMPT)))
            .firstObject(Mandatory.object(Mandatory.CATCH_ALL, Mandatory.levelSpec(Mandatory.CATCH_ALL)))
            .build();

    private PriorityLevelConfigurationKind() {}

    private static Column queuing(String title, String description, String field) {
        return number(title, description, "limited", "limitResponse", "queuing", field);
    }

    private static Column number(String title, String description, String... path) {
        return Columns.of(title, "string", description, (level, now) -> {
            JsonNode value = Json.at(level.path("spec"), path);
            return value.isNumber() ? (Object) value.longValue() : Columns.NONE;
        });
    }

    private static final class Rules implements KindRules {
        private static final List<String> TYPES = List.of("Exempt", "Limited");
        private static final List<String> RESPONSES = List.of("Queue", "Reject");
        private static final long MOST_QUEUES = 10_000_000;
        private static final int MOST_HASH_BITS = 60;

        @Override
        public Set<String> metadataOutsideStatus() {
            return WRITABLE_METADATA;
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode level) {
            level.putObject("status");
        }

        @Override
        public void applyDefaults(ObjectNode level) {
            ObjectNode spec = Json.child(level, "spec");
            if (spec.get("exempt") instanceof ObjectNode exempt) {
                Json.ifAbsent(exempt, "nominalConcurrencyShares", 0);
                Json.ifAbsent(exempt, "lendablePercent", 0);
            }
            if (spec.get("limited") instanceof ObjectNode limited) {
                Json.ifAbsent(limited, "nominalConcurrencyShares", 30);
                Json.ifAbsent(limited, "lendablePercent", 0);
                if (limited.path("limitResponse").get("queuing") instanceof ObjectNode queuing) {
                    ifZero(queuing, "handSize", 8);
                    ifZero(queuing, "queues", 64);
                    ifZero(queuing, "queueLengthLimit", 50);
                }
            }
        }

        private static void ifZero(ObjectNode queuing, String field, int value) {
            if (Json.number(queuing, 0, field) == 0) {
                queuing.put(field, value);
            }
        }

        @Override
        public void validateCreate(JsonNode level, FieldErrors errors) {
            String name = Json.text(level, "metadata", "name");
            JsonNode spec = level.path("spec");
            String type = Json.text(spec, "type");
            if (name.equals(Mandatory.EXEMPT) != type.equals("Exempt")) {
                errors.invalid("spec.type", type, "type must be 'Exempt' if and only if name is 'exempt'");
            }
            switch (type) {
                case "Exempt" -> {
                    shares(spec.path("exempt"), "spec.exempt", errors);
                    if (spec.path("limited").isObject()) {
                        errors.forbidden("spec.limited", "must be nil if the type is not Limited");
                    }
                }
                case "Limited" -> limited(spec, errors);
                default -> errors.notSupported("spec.type", type, TYPES);
            }
            if (Mandatory.is(name) && !Checks.same(fixed(name, spec), fixed(name, Mandatory.levelSpec(name)))) {
                errors.invalid("spec", spec, "spec of '" + name + "' must equal the fixed value");
            }
        }

        /** How much the exempt level takes of the others' shares is up to the cluster's owner. */
        private static JsonNode fixed(String name, JsonNode spec) {
            if (name.equals(Mandatory.EXEMPT) && spec.deepCopy() instanceof ObjectNode copy) {
                return copy.remove(List.of("exempt"));
            }
            return spec;
        }

        private static void shares(JsonNode limits, String path, FieldErrors errors) {
            JsonNode shares = limits.path("nominalConcurrencyShares");
            if (shares.longValue() < 0) {
                errors.invalid(path + ".nominalConcurrencyShares", shares, "must be a non-negative integer");
            }
            JsonNode lendable = limits.path("lendablePercent");
            if (lendable.longValue() < 0 || lendable.longValue() > 100) {
                errors.invalid(path + ".lendablePercent", lendable, "must be between 0 and 100, inclusive");
            }
        }

        private static void limited(JsonNode spec, FieldErrors errors) {
            if (spec.path("exempt").isObject()) {
                errors.forbidden("spec.exempt", "must be nil if the type is not Exempt");
            }
            JsonNode limited = spec.path("limited");
            if (!limited.isObject()) {
                errors.required("spec.limited", "must not be empty when type is Limited");
                return;
            }
            shares(limited, "spec.limited", errors);
            JsonNode borrowing = limited.path("borrowingLimitPercent");
            if (borrowing.longValue() < 0) {
                errors.invalid(
                        "spec.limited.borrowingLimitPercent",
                        borrowing,
                        "if specified, must be a non-negative integer");
            }
            response(limited.path("limitResponse"), "spec.limited.limitResponse", errors);
        }

        private static void response(JsonNode response, String path, FieldErrors errors) {
            JsonNode queuing = response.path("queuing");
            String type = Json.text(response, "type");
            switch (type) {
                case "Reject" -> {
                    if (queuing.isObject()) {
                        errors.forbidden(path + ".queuing", "must be nil if limited.limitResponse.type is not Limited");
                    }
                }
                case "Queue" -> {
                    if (queuing.isObject()) {
                        queuing(queuing, path + ".queuing", errors);
                    } else {
                        errors.required(
                                path + ".queuing", "must not be empty if limited.limitResponse.type is Limited");
                    }
                }
                default -> errors.notSupported(path + ".type", type, RESPONSES);
            }
        }

        private static void queuing(JsonNode queuing, String path, FieldErrors errors) {
            long queues = Json.number(queuing, 0, "queues");
            long hand = Json.number(queuing, 0, "handSize");
            for (String field : List.of("queueLengthLimit", "queues", "handSize")) {
                if (Json.number(queuing, 0, field) <= 0) {
                    errors.invalid(path + "." + field, queuing.get(field), "must be positive");
                }
            }
            if (queues > MOST_QUEUES) {
                errors.invalid(path + ".queues", queues, "must not be greater than " + MOST_QUEUES);
            }
            if (hand <= 0) {
                return;
            }
            if (hand > queues) {
                errors.invalid(path + ".handSize", hand, "should not be greater than queues (" + queues + ")");
            } else if (Math.ceil(Math.log((double) queues) / Math.log(2) * (double) hand) > MOST_HASH_BITS) {
                errors.invalid(
                        path + ".handSize",
                        hand,
                        "required entropy bits of deckSize " + queues + " and handSize " + hand
                                + " should not be greater than " + MOST_HASH_BITS);
            }
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            StatusRules.namedConditions(updated.path("status"), errors);
        }
    }
}
