package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Origin;
import io.ruori.kind.AddressRules;
import io.ruori.kind.Columns;
import io.ruori.kind.IpRange;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Ranges that Services get their addresses from. The first is part of every cluster. */
public final class ServiceCidrKind {
    public static final KindName NAME = new KindName("networking.k8s.io", "servicecidrs");
    static final String FIRST = "kubernetes";
    static final String FIRST_RANGE = "10.96.0.0/12";

    public static final Kind KIND = Kind.of(
                    "networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs", "io.k8s.api.networking.v1.ServiceCIDR")
            .clusterScoped()
            .status()
            .rules(new Rules())
            .wokenBy(ServiceCidrReconciler.wakes(IpAddressKind.NAME), ServiceCidrReconciler.wakes(NAME))
            .reconciler(ServiceCidrReconciler.COMPONENT, new ServiceCidrReconciler())
            .columns(
                    Columns.name(),
                    Columns.text("CIDRs", "Its ranges.", cidr -> String.join(",", ranges(cidr))),
                    Columns.age())
            .firstObject(first())
            .build();

    private ServiceCidrKind() {}

    private static ObjectNode first() {
        ObjectNode cidr = Json.object();
        cidr.putObject("metadata").put("name", FIRST);
        cidr.putObject("spec").putArray("cidrs").add(FIRST_RANGE);
        return cidr;
    }

    private static List<String> ranges(JsonNode cidr) {
        List<String> ranges = new ArrayList<>();
        Json.at(cidr, "spec", "cidrs").forEach(range -> ranges.add(range.asText()));
        return ranges;
    }

    private static final class Rules implements KindRules {
        private static final String PATH = "spec.cidrs";
        private static final String IMMUTABLE = "field is immutable";

        @Override
        public Set<String> metadataOutsideStatus() {
            return WRITABLE_METADATA;
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        /** A range is ready at once, and kept: whoever gives out addresses reads it from the view. */
        @Override
        public void prepareCreate(ObjectNode cidr, Origin by, Instant now) {
            cidr.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", ServiceCidrReconciler.READY)
                    .put("status", "True")
                    .put(
                            "lastTransitionTime",
                            now.truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("reason", "")
                    .put("message", ServiceCidrReconciler.IS_READY);
            ArrayNode finalizers = Json.list(Json.child(cidr, "metadata"), "finalizers");
            if (finalizers.valueStream().noneMatch(name -> name.asText().equals(ServiceCidrReconciler.FINALIZER))) {
                finalizers.add(ServiceCidrReconciler.FINALIZER);
            }
        }

        @Override
        public void validateCreate(JsonNode cidr, FieldErrors errors) {
            JsonNode ranges = Json.at(cidr, "spec", "cidrs");
            if (ranges.isEmpty()) {
                errors.required(PATH, "at least one CIDR required");
                return;
            }
            if (ranges.size() > 2) {
                errors.invalid(PATH, cidr.path("spec"), "may only hold up to 2 values");
                return;
            }
            for (int i = 0; i < ranges.size(); i++) {
                AddressRules.strictRange(ranges.get(i).asText(), PATH + "[" + i + "]", errors);
            }
            if (ranges.size() == 2
                    && family(ranges.get(0)).isPresent()
                    && family(ranges.get(0)).equals(family(ranges.get(1)))) {
                errors.invalid(
                        PATH,
                        ranges,
                        "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
            }
        }

        private static Optional<String> family(JsonNode range) {
            return IpRange.parse(range.asText()).map(r -> r.first().family());
        }

        /** A second family may be added; nothing else changes. */
        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            JsonNode ranges = Json.at(updated, "spec", "cidrs");
            JsonNode before = Json.at(old, "spec", "cidrs");
            boolean added = before.size() == 1 && ranges.size() == 2;
            if (before.size() != ranges.size() && !added) {
                errors.invalid(PATH, ranges, IMMUTABLE);
                return;
            }
            for (int i = 0; i < before.size(); i++) {
                if (!ranges.get(i).equals(before.get(i))) {
                    errors.invalid(PATH + "[" + i + "]", ranges.get(i), IMMUTABLE);
                }
            }
            if (added) {
                validateCreate(updated, errors);
            }
        }
    }
}
