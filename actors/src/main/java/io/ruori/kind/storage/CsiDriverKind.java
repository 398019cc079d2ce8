package io.ruori.kind.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** CSI drivers: what a driver for volumes needs from those who use it. */
public final class CsiDriverKind {
    public static final KindName NAME = new KindName("storage.k8s.io", "csidrivers");

    public static final Kind KIND = Kind.of(
                    "storage.k8s.io", "v1", "CSIDriver", "csidrivers", "io.k8s.api.storage.v1.CSIDriver")
            .clusterScoped()
            .answersWithDeleted()
            .revisionRequired()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.flag(
                            "AttachRequired",
                            "Whether volumes are attached first.",
                            d -> Json.at(d, "spec", "attachRequired").asBoolean(true)),
                    Columns.flag("PodInfoOnMount", "Whether it wants to know the Pod.", d -> is(d, "podInfoOnMount")),
                    Columns.flag("StorageCapacity", "Whether it tells its capacity.", d -> is(d, "storageCapacity")),
                    Columns.text("TokenRequests", "Which tokens it wants.", CsiDriverKind::audiences),
                    Columns.flag(
                            "RequiresRepublish",
                            "Whether it wants calls again and again.",
                            d -> is(d, "requiresRepublish")),
                    Columns.text(
                            "Modes",
                            "Which volumes it has.",
                            d -> Columns.orNone(join(Json.at(d, "spec", "volumeLifecycleModes"), ""))),
                    Columns.age())
            .build();

    private CsiDriverKind() {}

    private static boolean is(JsonNode driver, String field) {
        return Json.at(driver, "spec", field).asBoolean();
    }

    private static String audiences(JsonNode driver) {
        JsonNode requests = Json.at(driver, "spec", "tokenRequests");
        return requests.isArray() ? join(requests, "audience") : "<unset>";
    }

    private static String join(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(element -> texts.add(field.isEmpty() ? element.asText() : Json.text(element, field)));
        return String.join(",", texts);
    }

    private static final class Rules implements KindRules {
        private static final List<String> FS_GROUP = List.of("File", "None", "ReadWriteOnceWithFSType");
        private static final List<String> MODES = List.of("Persistent", "Ephemeral");
        private static final long TEN_MINUTES = 600;

        @Override
        public void applyDefaults(ObjectNode driver) {
            ObjectNode spec = Json.child(driver, "spec");
            Json.ifAbsent(spec, "attachRequired", true);
            Json.ifAbsent(spec, "podInfoOnMount", false);
            Json.ifAbsent(spec, "storageCapacity", false);
            Json.ifAbsent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
            if (spec.path("volumeLifecycleModes").isEmpty()) {
                spec.putArray("volumeLifecycleModes").add("Persistent");
            }
            Json.ifAbsent(spec, "requiresRepublish", false);
            Json.ifAbsent(spec, "seLinuxMount", false);
        }

        @Override
        public void validateCreate(JsonNode driver, FieldErrors errors) {
            JsonNode spec = driver.path("spec");
            String group = Json.text(spec, "fsGroupPolicy");
            if (!FS_GROUP.contains(group)) {
                errors.notSupported("spec.fsGroupPolicy", group, FS_GROUP);
            }
            tokens(spec, errors);
            for (JsonNode mode : spec.path("volumeLifecycleModes")) {
                if (!MODES.contains(mode.asText())) {
                    errors.notSupported("spec.volumeLifecycleModes", mode, MODES);
                }
            }
            JsonNode period = spec.path("nodeAllocatableUpdatePeriodSeconds");
            if (period.isNumber() && period.longValue() < 10) {
                errors.invalid(
                        "spec.nodeAllocatableUpdatePeriodSeconds",
                        period,
                        "must be greater than or equal to 10 seconds");
            }
        }

        private static void tokens(JsonNode spec, FieldErrors errors) {
            Set<String> audiences = new HashSet<>();
            Checks.eachOf(spec, "tokenRequests", "spec", (request, path) -> {
                String audience = Json.text(request, "audience");
                if (!audiences.add(audience)) {
                    errors.duplicate(path + ".audience", audience);
                    return;
                }
                long seconds = Json.number(request, TEN_MINUTES, "expirationSeconds");
                if (seconds < TEN_MINUTES) {
                    errors.invalid(
                            path + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
                }
                if (seconds > 1L << 32) {
                    errors.invalid(
                            path + ".expirationSeconds",
                            seconds,
                            "may not specify a duration larger than 2^32 seconds");
                }
            });
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            JsonNode spec = updated.path("spec");
            JsonNode before = old.path("spec");
            Checks.immutable(
                    spec.path("attachRequired"), before.path("attachRequired"), "spec.attachedRequired", errors);
            Checks.immutable(
                    spec.path("volumeLifecycleModes"),
                    before.path("volumeLifecycleModes"),
                    "spec.volumeLifecycleModes",
                    errors);
        }
    }
}
