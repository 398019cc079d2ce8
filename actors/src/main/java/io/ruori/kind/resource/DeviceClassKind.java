package io.ruori.kind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;

/** DeviceClasses: sorts of devices that claims name. */
public final class DeviceClassKind {
    public static final Kind KIND = Names.kind("DeviceClass", "deviceclasses")
            .clusterScoped()
            .answersWithDeleted()
            .rules(new Rules())
            .columns(Columns.name(), Columns.age())
            .build();

    private DeviceClassKind() {}

    private static final class Rules implements KindRules {
        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void validateCreate(JsonNode deviceClass, FieldErrors errors) {
            JsonNode spec = deviceClass.path("spec");
            ClaimRules.selectors(spec, "spec", errors);
            Names.list(
                    spec,
                    "config",
                    ClaimRules.MOST_CONFIGURATIONS,
                    "spec",
                    (config, path) -> ClaimRules.configuration(config, path, errors),
                    errors);
            JsonNode extended = spec.path("extendedResourceName");
            if (Json.isPresent(extended) && !isExtendedResource(extended.asText())) {
                errors.invalid("spec.extendedResourceName", extended, "must be a valid extended resource name");
            }
        }

        /** In a domain that is not Kubernetes' own, and with room for the prefix quotas put before it. */
        private static boolean isExtendedResource(String name) {
            return name.contains("/")
                    && !name.contains("kubernetes.io/")
                    && !name.startsWith("requests.")
                    && Syntax.qualifiedName("requests." + name).isEmpty();
        }
    }
}
