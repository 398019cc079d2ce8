package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The addresses of a Service and their families, which depend on each other in many ways. */
final class ServiceAddressRules {
    private static final String IPS = "spec.clusterIPs";
    private static final String FAMILIES = "spec.ipFamilies";
    private static final String POLICY = "spec.ipFamilyPolicy";
    private static final String ONCE = "may not change once set";
    private static final List<String> SUPPORTED = List.of("IPv4", "IPv6");
    private static final List<String> POLICIES = List.of("PreferDualStack", "RequireDualStack", "SingleStack");

    private ServiceAddressRules() {}

    static void addresses(JsonNode spec, JsonNode before, FieldErrors errors) {
        if (!ServiceEdit.hasAddress(spec)) {
            return;
        }
        bothFields(spec, errors);
        families(spec, errors);
        String policy = Json.text(spec, "ipFamilyPolicy");
        if (spec.hasNonNull("ipFamilyPolicy") && !POLICIES.contains(policy)) {
            errors.notSupported(POLICY, policy, POLICIES);
        }
        if (wellFormed(spec, before, errors)) {
            together(spec, errors);
            oneFamilyOnly(spec, policy, errors);
        }
    }

    private static void bothFields(JsonNode spec, FieldErrors errors) {
        String address = Json.text(spec, "clusterIP");
        JsonNode all = spec.path("clusterIPs");
        if (address.isEmpty() && !all.isEmpty()) {
            errors.invalid(IPS, all, "must be empty when `clusterIP` is not specified");
        } else if (!address.isEmpty() && all.isEmpty()) {
            errors.required(IPS, "");
        } else if (!address.isEmpty() && !all.get(0).asText().equals(address)) {
            errors.invalid(IPS, all, "first value must match `clusterIP`");
        }
    }

    private static void families(JsonNode spec, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(spec, "ipFamilies", "spec", (family, path) -> {
            if (!SUPPORTED.contains(family.asText())) {
                errors.notSupported(path, family, SUPPORTED);
            }
            if (!seen.add(family.asText())) {
                errors.duplicate(path, family);
            }
        });
    }

    private static boolean wellFormed(JsonNode spec, JsonNode before, FieldErrors errors) {
        JsonNode all = spec.path("clusterIPs");
        Set<String> old = new HashSet<>();
        before.path("clusterIPs").forEach(ip -> old.add(ip.asText()));
        boolean fine = true;
        for (int i = 0; i < all.size(); i++) {
            String address = all.get(i).asText();
            if (i == 0 && address.equals("None")) {
                if (all.size() > 1) {
                    errors.invalid(IPS, all, "'None' must be the first and only value");
                    fine = false;
                }
            } else {
                fine &= AddressRules.address(address, IPS + "[" + i + "]", old, errors);
            }
        }
        if (all.size() > 2) {
            errors.invalid(IPS, all, "may only hold up to 2 values");
        }
        return fine;
    }

    private static void together(JsonNode spec, FieldErrors errors) {
        JsonNode all = spec.path("clusterIPs");
        JsonNode families = spec.path("ipFamilies");
        if (ServiceEdit.isHeadless(spec)) {
            return;
        }
        Set<String> different = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            String address = all.get(i).asText();
            Optional<String> family = IpAddress.parse(address).map(IpAddress::family);
            family.ifPresent(different::add);
            if (i < families.size()
                    && family.isPresent()
                    && !family.get().equals(families.get(i).asText())) {
                errors.invalid(
                        IPS + "[" + i + "]",
                        address,
                        "expected an " + families.get(i).asText() + " value as indicated by `ipFamilies[" + i + "]`");
            }
        }
        if (all.size() > 1 && different.size() != all.size()) {
            errors.invalid(IPS, all, "may specify no more than one IP for each IP family");
        }
    }

    private static void oneFamilyOnly(JsonNode spec, String policy, FieldErrors errors) {
        if (ServiceEdit.isHeadless(spec) && spec.path("selector").isEmpty()) {
            return;
        }
        if (policy.equals("SingleStack") && spec.path("clusterIPs").size() == 2) {
            errors.invalid(
                    POLICY,
                    policy,
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
        }
        if (policy.equals("SingleStack") && spec.path("ipFamilies").size() == 2) {
            errors.invalid(
                    POLICY,
                    policy,
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
        }
        if (policy.equals("RequireDualStack")) {
            errors.invalid(POLICY, policy, "this cluster is not configured for dual-stack services");
        }
        Checks.eachOf(spec, "ipFamilies", "spec", (family, path) -> {
            if (family.asText().equals("IPv6")) {
                errors.invalid(path, family, "not configured on this cluster");
            }
        });
    }

    /** The first address and the first family stay, unless the Service had none or has none any more. */
    static void update(JsonNode spec, JsonNode before, FieldErrors errors) {
        if (!ServiceEdit.hasAddress(spec) || !ServiceEdit.hasAddress(before)) {
            return;
        }
        boolean headless = ServiceEdit.isHeadless(spec);
        boolean was = ServiceEdit.isHeadless(before);
        if (!headless || !was) {
            changed(spec, before, "clusterIPs", "primary clusterIP can not be unset", errors);
        }
        if (!headless && !was) {
            changed(spec, before, "ipFamilies", "primary ipFamily can not be unset", errors);
        }
    }

    private static void changed(JsonNode spec, JsonNode before, String field, String unset, FieldErrors errors) {
        String path = field.equals("clusterIPs") ? IPS : FAMILIES;
        JsonNode now = spec.path(field);
        JsonNode old = before.path(field);
        JsonNode shown = now.isMissingNode() ? Json.array() : now;
        if (now.size() == old.size()) {
            for (int i = 0; i < old.size(); i++) {
                if (!now.get(i).equals(old.get(i))) {
                    errors.invalid(path + "[" + (path.equals(IPS) ? i : 0) + "]", shown, ONCE);
                }
            }
            return;
        }
        if (now.isEmpty()) {
            errors.invalid(path + "[0]", shown, unset);
        } else if (!old.isEmpty() && !now.get(0).equals(old.get(0))) {
            errors.invalid(path + "[0]", shown, ONCE);
        }
        if (old.size() > now.size()
                && now.size() == 1
                && !Json.text(spec, "ipFamilyPolicy").equals("SingleStack")) {
            errors.invalid(
                    POLICY,
                    spec.get("ipFamilyPolicy"),
                    "must be set to 'SingleStack' when releasing the secondary "
                            + (path.equals(IPS) ? "clusterIP" : "ipFamily"));
        }
    }
}
