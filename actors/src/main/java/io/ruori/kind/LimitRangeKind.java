package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Limit ranges: how small and how large things of a namespace may be, and what they are where nothing is said. */
public final class LimitRangeKind {
    public static final KindName NAME = KindName.core("limitranges");

    public static final Kind KIND = Kind.of("", "v1", "LimitRange", "limitranges", "io.k8s.api.core.v1.LimitRange")
            .shortNames("limits")
            .createdByUpdate()
            .rules(new Rules())
            .columns(Columns.name(), Columns.createdAt())
            .build();

    private LimitRangeKind() {}

    private static final class Rules implements KindRules {
        private static final Set<String> TYPES = Set.of("Pod", "Container", "PersistentVolumeClaim");
        private static final String NOT_FOR_PODS = "may not be specified when `type` is 'Pod'";

        /** What a container gets follows from what it may get. */
        @Override
        public void applyDefaults(ObjectNode range) {
            for (JsonNode limit : Json.at(range, "spec", "limits")) {
                if (limit instanceof ObjectNode object
                        && Json.text(object, "type").equals("Container")) {
                    fill(object, "default", "max");
                    fill(object, "defaultRequest", "default");
                    fill(object, "defaultRequest", "min");
                }
            }
        }

        private static void fill(ObjectNode limit, String field, String from) {
            limit.path(from)
                    .properties()
                    .forEach(e -> Json.ifAbsent(Json.child(limit, field), e.getKey(), e.getValue()));
        }

        @Override
        public void validateCreate(JsonNode range, FieldErrors errors) {
            Set<String> types = new HashSet<>();
            Checks.eachOf(range.path("spec"), "limits", "spec", (limit, path) -> {
                String type = Json.text(limit, "type");
                List<String> wrong = Syntax.qualifiedName(type);
                Checks.each(wrong, path + ".type", type, errors);
                if (wrong.isEmpty() && !type.contains("/") && !TYPES.contains(type)) {
                    errors.invalid(path + ".type", type, "must be a standard limit type or fully qualified");
                }
                if (!types.add(type)) {
                    errors.duplicate(path + ".type", type);
                }
                limit(limit, type, path, errors);
            });
        }

        private static void limit(JsonNode limit, String type, String path, FieldErrors errors) {
            Set<String> names = new TreeSet<>();
            boolean ofPods = type.equals("Pod");
            for (String field : List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")) {
                JsonNode amounts = limit.path(field);
                if (ofPods && field.startsWith("default")) {
                    if (!amounts.isEmpty()) {
                        errors.forbidden(path + "." + field, NOT_FOR_PODS);
                    }
                    continue;
                }
                amounts.fieldNames().forEachRemaining(name -> {
                    names.add(name);
                    name(name, type, path + "." + field + "[" + name + "]", errors);
                });
            }
            boolean bounded =
                    limit.path("min").has("storage") || limit.path("max").has("storage");
            if (type.equals("PersistentVolumeClaim") && !bounded) {
                errors.required(
                        path + ".limits",
                        "either minimum or maximum storage value is required, but neither was provided");
            }
            names.forEach(name -> new Amounts(limit, name, ofPods).check(path, errors));
        }

        private static void name(String name, String type, String path, FieldErrors errors) {
            if (type.equals("Pod") || type.equals("Container")) {
                ResourceNames.ofContainer(name, path, errors);
            } else {
                ResourceNames.any(name, path, errors);
            }
        }
    }

    /** All that is said of one resource. */
    private record Amounts(JsonNode limit, String name, boolean ofPods) {
        private Optional<Quantity> of(String field) {
            boolean ignored = ofPods && field.startsWith("default");
            JsonNode value = limit.path(field).path(name);
            return ignored || value.isMissingNode() ? Optional.empty() : Quantity.parse(value.asText());
        }

        void check(String path, FieldErrors errors) {
            order("min", "max", "min", "min value %s is greater than max value %s", path, errors);
            order(
                    "min",
                    "defaultRequest",
                    "defaultRequest",
                    "min value %s is greater than default request value %s",
                    path,
                    errors);
            order(
                    "defaultRequest",
                    "max",
                    "defaultRequest",
                    "default request value %s is greater than max value %s",
                    path,
                    errors);
            order(
                    "defaultRequest",
                    "default",
                    "defaultRequest",
                    "default request value %s is greater than default limit value %s",
                    path,
                    errors);
            order("min", "default", "default", "min value %s is greater than default value %s", path, errors);
            order("default", "max", "default", "default value %s is greater than max value %s", path, errors);
            ratio(path, errors);
            Optional<Quantity> usual = of("default");
            Optional<Quantity> request = of("defaultRequest");
            boolean differ =
                    usual.isPresent() && request.isPresent() && usual.get().compareTo(request.get()) != 0;
            if (differ && !ResourceNames.mayBeOvercommitted(name)) {
                errors.invalid(
                        at(path, "defaultRequest"),
                        request.get().toString(),
                        "default value " + usual.get() + " must equal to defaultRequest value " + request.get() + " in "
                                + name);
            }
        }

        private String at(String path, String field) {
            return path + "." + field + "[" + name + "]";
        }

        /** Upstream shows the value of the field it blames, except for defaults, where it shows the bound. */
        private void order(String smaller, String larger, String blamed, String text, String path, FieldErrors errors) {
            Optional<Quantity> low = of(smaller);
            Optional<Quantity> high = of(larger);
            if (low.isPresent() && high.isPresent() && low.get().compareTo(high.get()) > 0) {
                String other = blamed.equals(smaller) ? larger : smaller;
                String shown = blamed.equals("default") ? other : blamed;
                errors.invalid(
                        at(path, blamed),
                        limit.path(shown).path(name),
                        String.format(Locale.ROOT, text, low.get(), high.get()));
            }
        }

        private void ratio(String path, FieldErrors errors) {
            Optional<Quantity> ratio = of("maxLimitRequestRatio");
            if (ratio.isEmpty()) {
                return;
            }
            String at = at(path, "maxLimitRequestRatio");
            if (ratio.get().compareTo(Quantity.of(1)) < 0) {
                errors.invalid(at, ratio.get().toString(), "ratio " + ratio.get() + " is less than 1");
            }
            Optional<Quantity> min = of("min");
            Optional<Quantity> max = of("max");
            if (min.isPresent() && max.isPresent() && min.get().signum() > 0) {
                double most =
                        max.get().amount().doubleValue() / min.get().amount().doubleValue();
                if (ratio.get().amount().doubleValue() > most) {
                    errors.invalid(
                            at,
                            ratio.get().toString(),
                            String.format(Locale.ROOT, "ratio %s is greater than max/min = %f", ratio.get(), most));
                }
            }
        }
    }
}
