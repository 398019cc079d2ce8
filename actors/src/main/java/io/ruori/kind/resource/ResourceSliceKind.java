package io.ruori.kind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** ResourceSlices: the devices a driver has, on a node or anywhere. */
public final class ResourceSliceKind {
    public static final Kind KIND = Names.kind("ResourceSlice", "resourceslices")
            .clusterScoped()
            .answersWithDeleted()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Node", "Where its devices are.", s -> Json.text(s, "spec", "nodeName")),
                    Columns.text("Driver", "Whose devices they are.", s -> Json.text(s, "spec", "driver")),
                    Columns.text("Pool", "The pool it is a part of.", s -> Json.text(s, "spec", "pool", "name")),
                    Columns.age())
            .selectable("spec.nodeName", s -> Json.text(s, "spec", "nodeName"))
            .selectable("spec.driver", s -> Json.text(s, "spec", "driver"))
            .build();

    private ResourceSliceKind() {}

    private static final class Rules implements KindRules {
        private static final int MOST_DEVICES = 128;
        private static final int MOST_INVOLVED_DEVICES = 64;
        private static final int MOST_COUNTER_SETS = 8;
        private static final int MOST_ATTRIBUTES = 32;
        private static final int MOST_TAINTS = 16;
        private static final int VALUE_LENGTH = 64;
        private static final String ANY_OF =
                "exactly one of `nodeName`, `nodeSelector`, `allNodes`," + " `perDeviceNodeSelection` is required";
        private static final String ANY_OF_DEVICE =
                "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required"
                        + " when `perDeviceNodeSelection` is set to true in the ResourceSlice spec";
        private static final String NUMBER = "(0|[1-9]\\d*)";
        private static final String BEFORE_RELEASE = "(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
        private static final Pattern VERSION = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(-"
                + BEFORE_RELEASE + "(\\." + BEFORE_RELEASE + ")*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void validateCreate(JsonNode slice, FieldErrors errors) {
            JsonNode spec = slice.path("spec");
            Names.driver(Json.text(spec, "driver"), "spec.driver", errors);
            pool(spec.path("pool"), errors);
            Names.exactlyOne(
                    places(spec, "spec", true, errors),
                    "spec",
                    ANY_OF,
                    ANY_OF + ", but multiple fields are set",
                    errors);
            if (Json.isPresent(spec.get("sharedCounters")) && Json.isPresent(spec.get("devices"))) {
                errors.invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed");
            }
            devices(spec, errors);
            Names.set(
                    spec,
                    "sharedCounters",
                    MOST_COUNTER_SETS,
                    "spec",
                    set -> Json.text(set, "name"),
                    (set, path) -> counters(set, "name", path, errors),
                    errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            JsonNode spec = updated.path("spec");
            JsonNode was = old.path("spec");
            Checks.immutable(spec.path("pool").path("name"), was.path("pool").path("name"), "spec.pool.name", errors);
            for (String field : List.of("driver", "nodeName")) {
                Checks.immutable(spec.path(field), was.path(field), "spec." + field, errors);
            }
        }

        private static void pool(JsonNode pool, FieldErrors errors) {
            Names.pool(Json.text(pool, "name"), "spec.pool.name", errors);
            long count = Json.number(pool, 0, "resourceSliceCount");
            if (count <= 0) {
                errors.invalid("spec.pool.resourceSliceCount", count, "must be greater than zero");
            }
            long generation = Json.number(pool, 0, "generation");
            if (generation < 0) {
                errors.invalid("spec.pool.generation", generation, "must be greater than or equal to zero");
            }
        }

        /** How it is said where devices are. */
        private static List<String> places(JsonNode spec, String path, boolean ofSlice, FieldErrors errors) {
            List<String> set = new ArrayList<>();
            JsonNode node = spec.path("nodeName");
            if (node.isTextual()) {
                if (node.textValue().isEmpty()) {
                    errors.invalid(
                            path + ".nodeName",
                            node,
                            ofSlice ? "must be either unset or set to a non-empty string" : "must not be empty");
                } else {
                    set.add("`nodeName`");
                    Checks.each(Syntax.dnsSubdomain(node.textValue()), path + ".nodeName", node, errors);
                }
            }
            JsonNode selector = spec.path("nodeSelector");
            if (selector.isObject()) {
                set.add("`nodeSelector`");
                JsonNode terms = selector.path("nodeSelectorTerms");
                if (ofSlice && terms.size() != 1) {
                    errors.invalid(
                            path + ".nodeSelector.nodeSelectorTerms",
                            terms,
                            "must have exactly one node selector term");
                }
            }
            flag(spec, "allNodes", path, set, errors);
            if (ofSlice) {
                flag(spec, "perDeviceNodeSelection", path, set, errors);
            }
            return set;
        }

        private static void flag(JsonNode spec, String field, String path, List<String> set, FieldErrors errors) {
            JsonNode flag = spec.path(field);
            if (flag.asBoolean()) {
                set.add("`" + field + "`");
            } else if (flag.isBoolean()) {
                errors.invalid(path + "." + field, false, "must be either unset or set to true");
            }
        }

        private static void devices(JsonNode spec, FieldErrors errors) {
            boolean involved = false;
            for (JsonNode device : spec.path("devices")) {
                involved |= !device.path("taints").isEmpty()
                        || !device.path("consumesCounters").isEmpty();
            }
            boolean placed = spec.path("perDeviceNodeSelection").asBoolean();
            Names.set(
                    spec,
                    "devices",
                    involved ? MOST_INVOLVED_DEVICES : MOST_DEVICES,
                    "spec",
                    device -> Json.text(device, "name"),
                    (device, path) -> device(device, placed, path, errors),
                    errors);
        }

        private static void device(JsonNode device, boolean placed, String path, FieldErrors errors) {
            Names.label(device, "name", path, errors);
            int size =
                    device.path("attributes").size() + device.path("capacity").size();
            if (size > MOST_ATTRIBUTES) {
                errors.invalid(
                        path, size, "the total number of attributes and capacities must not exceed " + MOST_ATTRIBUTES);
            }
            device.path("attributes").properties().forEach(entry -> {
                String at = path + ".attributes[" + entry.getKey() + "]";
                Names.qualified(entry.getKey(), at, errors);
                attribute(entry.getValue(), at, errors);
            });
            capacity(device, path, errors);
            Names.list(device, "taints", MOST_TAINTS, path, (taint, at) -> ClaimRules.taint(taint, at, errors), errors);
            Checks.eachOf(device, "consumesCounters", path, (set, at) -> counters(set, "counterSet", at, errors));
            place(device, placed, path, errors);
        }

        private static void capacity(JsonNode device, String path, FieldErrors errors) {
            boolean shared = device.path("allowMultipleAllocations").asBoolean();
            device.path("capacity").properties().forEach(entry -> {
                String at = path + ".capacity[" + entry.getKey() + "]";
                Names.qualified(entry.getKey(), at, errors);
                if (!shared && entry.getValue().path("requestPolicy").isObject()) {
                    errors.forbidden(at + ".requestPolicy", "allowMultipleAllocations must be true");
                }
            });
        }

        private static void place(JsonNode device, boolean placed, String path, FieldErrors errors) {
            if (placed) {
                Names.exactlyOne(places(device, path, false, errors), path, ANY_OF_DEVICE, ANY_OF_DEVICE, errors);
            } else if (List.of("nodeName", "nodeSelector", "allNodes").stream()
                    .anyMatch(field -> Json.isPresent(device.get(field)))) {
                errors.invalid(
                        path,
                        null,
                        "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set"
                                + " to true in the ResourceSlice spec");
            }
        }

        private static void attribute(JsonNode attribute, String path, FieldErrors errors) {
            if (attribute.size() != 1) {
                errors.invalid(path, attribute.isEmpty() ? "" : attribute, "exactly one value must be specified");
            }
            for (String field : List.of("string", "version")) {
                if (Json.text(attribute, field).length() > VALUE_LENGTH) {
                    errors.tooLong(path + "." + field, VALUE_LENGTH);
                }
            }
            JsonNode version = attribute.path("version");
            if (version.isTextual() && !VERSION.matcher(version.textValue()).matches()) {
                errors.invalid(path + ".version", version, "must be a string compatible with semver.org spec 2.0.0");
            }
        }

        private static void counters(JsonNode set, String nameField, String path, FieldErrors errors) {
            if (Json.text(set, nameField).isEmpty()) {
                errors.required(path + "." + nameField, "");
            } else {
                Names.label(set, nameField, path, errors);
            }
            if (set.path("counters").isEmpty()) {
                errors.required(path + ".counters", "");
            }
            set.path("counters")
                    .properties()
                    .forEach(counter -> Checks.each(
                            Syntax.dnsLabel(counter.getKey()), path + ".counters", counter.getKey(), errors));
        }
    }
}
