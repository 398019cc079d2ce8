package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What addresses in specs must look like. Older fields allow any form that is not ambiguous, newer ones the canonical one. */
public final class AddressRules {
    private static final String WRONG = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final String WRONG_RANGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private AddressRules() {}

    /** What is wrong with a name that must be an address in canonical form. */
    static List<String> wrong(String value) {
        Optional<IpAddress> address = IpAddress.parse(value);
        if (address.isEmpty()) {
            return List.of(WRONG);
        }
        List<String> wrong = ambiguous(address.get());
        return !wrong.isEmpty() || value.equals(address.get().toString()) ? wrong : List.of(canonical(address.get()));
    }

    private static List<String> ambiguous(IpAddress address) {
        List<String> wrong = new ArrayList<>();
        if (address.padded()) {
            wrong.add("must not have leading 0s");
        } else if (address.mapped()) {
            wrong.add("must not be an IPv4-mapped IPv6 address");
        }
        return wrong;
    }

    private static String canonical(Object form) {
        return "must be in canonical form (\"" + form + "\")";
    }

    /** An address in canonical form. */
    public static void strict(String value, String path, FieldErrors errors) {
        Checks.each(wrong(value), path, value, errors);
    }

    /**
     * An address in an older field; true when it could be read.
     *
     * @param before values the old object had, which are let pass whatever they look like
     */
    public static boolean address(String value, String path, Set<String> before, FieldErrors errors) {
        Optional<IpAddress> address = IpAddress.parse(value);
        if (before.contains(value)) {
            return address.isPresent();
        }
        Checks.each(address.map(AddressRules::ambiguous).orElse(List.of(WRONG)), path, value, errors);
        return address.isPresent();
    }

    /** Addresses that can be an endpoint: none that means something else on every machine. */
    public static void endpoint(String value, String path, FieldErrors errors) {
        Optional<IpAddress> found = IpAddress.parse(value);
        if (found.isEmpty()) {
            errors.invalid(path, value, "must be a valid IP address");
            return;
        }
        IpAddress address = found.get();
        if (address.isUnspecified()) {
            errors.invalid(path, value, "may not be unspecified (" + value + ")");
        }
        if (address.isLoopback()) {
            errors.invalid(path, value, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (address.isLinkLocal()) {
            errors.invalid(path, value, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (address.isLinkLocalMulticast()) {
            errors.invalid(path, value, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    /** A range in an older field. */
    public static Optional<IpRange> range(String value, String path, Set<String> before, FieldErrors errors) {
        Optional<IpRange> range = IpRange.parse(value);
        if (!before.contains(value)) {
            if (range.isEmpty()) {
                errors.invalid(path, value, WRONG_RANGE);
            } else {
                ambiguous(range.get()).ifPresent(text -> errors.invalid(path, value, text));
            }
        }
        return range;
    }

    /** A range in canonical form. */
    public static void strictRange(String value, String path, FieldErrors errors) {
        Optional<IpRange> range = IpRange.parse(value);
        if (range.isEmpty()) {
            errors.invalid(path, value, WRONG_RANGE);
            return;
        }
        Optional<String> ambiguous = ambiguous(range.get());
        if (ambiguous.isPresent()) {
            errors.invalid(path, value, ambiguous.get());
        } else if (!value.equals(range.get().toString())) {
            errors.invalid(path, value, canonical(range.get()));
        }
    }

    private static Optional<String> ambiguous(IpRange range) {
        if (range.padded() || range.given().padded()) {
            return Optional.of("must not have leading 0s in IP or prefix length");
        }
        if (range.given().mapped()) {
            return Optional.of("must not have an IPv4-mapped IPv6 address");
        }
        return range.given().equals(range.first())
                ? Optional.empty()
                : Optional.of("must not have bits set beyond the prefix length");
    }

    /** Where a load balancer answers: {@code status.loadBalancer} of Services and Ingresses. */
    public static void loadBalancer(JsonNode status, JsonNode old, String path, FieldErrors errors) {
        Set<String> before = values(old.path("ingress"), "ip");
        JsonNode points = status.path("ingress");
        for (int i = 0; i < points.size(); i++) {
            String at = path + ".ingress[" + i + "]";
            String ip = Json.text(points.get(i), "ip");
            if (!ip.isEmpty()) {
                address(ip, at + ".ip", before, errors);
            }
            String host = Json.text(points.get(i), "hostname");
            if (!host.isEmpty()) {
                Checks.each(Syntax.dnsSubdomain(host), at + ".hostname", host, errors);
                if (IpAddress.parse(host).isPresent()) {
                    errors.invalid(at + ".hostname", host, "must be a DNS name, not an IP address");
                }
            }
        }
    }

    /** The texts of one field of a list's elements. */
    public static Set<String> values(JsonNode list, String field) {
        Set<String> values = new HashSet<>();
        list.forEach(element -> values.add(Json.text(element, field)));
        return values;
    }

    /** The warning an address deserves that is valid, yet not in canonical form. */
    public static List<String> warnings(String value, String path) {
        return IpAddress.parse(value)
                .filter(address -> !address.isV4() && !address.toString().equals(value))
                .map(address -> List.of(path + ": IPv6 address \"" + value
                        + "\" should be in RFC 5952 canonical format (\"" + address + "\")"))
                .orElse(List.of());
    }

    /** The warnings a range deserves that is valid, yet says an address within it or is not in canonical form. */
    public static List<String> rangeWarnings(String value, String path) {
        return IpRange.parse(value)
                .map(range -> rangeWarnings(range, value, path))
                .orElse(List.of());
    }

    private static List<String> rangeWarnings(IpRange range, String value, String path) {
        List<String> warnings = new ArrayList<>();
        if (!range.given().equals(range.first())) {
            warnings.add(path + ": CIDR value \"" + value + "\" is ambiguous in this context (should be \"" + range
                    + "\" or \"" + range.given() + "/" + (range.given().isV4() ? 32 : 128) + "\"?)");
        }
        if (range.padded()) {
            warnings.add(path + ": non-standard CIDR value \"" + value + "\" is invalid: use \"" + range + "\"");
        }
        if (warnings.isEmpty() && !range.given().isV4() && !range.toString().equals(value)) {
            warnings.add(path + ": IPv6 CIDR value \"" + value + "\" should be in RFC 5952 canonical format (\"" + range
                    + "\")");
        }
        return warnings;
    }
}
