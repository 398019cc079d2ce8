package io.ruori.kind.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a request for a certificate must hold, and how its status may change. */
final class RequestRules {
    private static final List<String> DECISIONS = List.of("Approved", "Denied");
    private static final List<String> FINAL = List.of("Approved", "Denied", "Failed");
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");
    private static final List<String> USAGES = List.of(
            "any",
            "cert sign",
            "client auth",
            "code signing",
            "content commitment",
            "crl sign",
            "data encipherment",
            "decipher only",
            "digital signature",
            "email protection",
            "encipher only",
            "ipsec end system",
            "ipsec tunnel",
            "ipsec user",
            "key agreement",
            "key encipherment",
            "microsoft sgc",
            "netscape sgc",
            "ocsp signing",
            "s/mime",
            "server auth",
            "signing",
            "timestamping");
    private static final String LEGACY_SIGNER = "kubernetes.io/legacy-unknown";
    private static final int LONGEST_DOMAIN = 253;
    private static final int LONGEST_SIGNER = LONGEST_DOMAIN + LONGEST_DOMAIN + 63 + 2;
    private static final long SHORTEST_LIFE = 600;

    private RequestRules() {}

    static void spec(JsonNode spec, FieldErrors errors) {
        CertificateText.wrongWithRequest(Json.text(spec, "request"))
                .ifPresent(why -> errors.invalid("spec.request", spec.get("request"), why));
        JsonNode usages = spec.path("usages");
        if (usages.isEmpty()) {
            errors.required("spec.usages", "");
        }
        Set<String> seen = new HashSet<>();
        Checks.eachOf(spec, "usages", "spec", (usage, path) -> {
            if (!USAGES.contains(usage.asText())) {
                errors.notSupported(path, usage, USAGES);
            }
        });
        Checks.eachOf(spec, "usages", "spec", (usage, path) -> {
            if (!seen.add(usage.asText())) {
                errors.duplicate(path, usage);
            }
        });
        String signer = Json.text(spec, "signerName");
        if (signer.equals(LEGACY_SIGNER)) {
            errors.invalid("spec.signerName", signer, "the legacy signerName is not allowed via this API version");
        } else {
            signerName(signer, "spec.signerName", errors);
        }
        JsonNode seconds = spec.path("expirationSeconds");
        if (seconds.isNumber() && seconds.longValue() < SHORTEST_LIFE) {
            errors.invalid(
                    "spec.expirationSeconds", seconds, "may not specify a duration less than 600 seconds (10 minutes)");
        }
    }

    /** A domain, a slash and a path, such as {@code kubernetes.io/kube-apiserver-client}. */
    static void signerName(String name, String path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path, "");
            return;
        }
        String[] parts = name.split("/", -1);
        if (parts.length != 2) {
            errors.invalid(
                    path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (parts[0].length() > LONGEST_DOMAIN) {
            errors.tooLong(path, LONGEST_DOMAIN);
        }
        labels(parts[0], false, path, errors);
        if (parts[0].indexOf('.') < 0) {
            errors.invalid(path, parts[0], "should be a domain with at least two segments separated by dots");
        }
        labels(parts[1], true, path, errors);
        if (name.length() > LONGEST_SIGNER) {
            errors.tooLong(path, LONGEST_SIGNER);
        }
    }

    /** The first label that is wrong is enough: those after it would say the same. */
    private static void labels(String text, boolean mayBeLong, String path, FieldErrors errors) {
        for (String label : text.split("\\.", -1)) {
            List<String> wrong = mayBeLong ? Syntax.dnsSubdomain(label) : Syntax.dnsLabel(label);
            if (!wrong.isEmpty()) {
                wrong.forEach(why -> errors.invalid(path, text, "validating label \"" + label + "\": " + why));
                return;
            }
        }
    }

    /**
     * @param decides whether this path may set the conditions that decide
     * @param issues whether this path may set the certificate
     */
    static void status(JsonNode updated, JsonNode old, boolean decides, boolean issues, FieldErrors errors) {
        JsonNode status = updated.path("status");
        JsonNode before = old.path("status");
        conditions(status, errors);
        String certificate = Json.text(status, "certificate");
        boolean changed = !certificate.equals(Json.text(before, "certificate"));
        if (changed) {
            CertificateText.wrongWithCertificates(certificate)
                    .ifPresent(why -> errors.invalid("status.certificate", "<certificate data>", why));
        }
        for (String type : FINAL) {
            if (all(status, type).size() < all(before, type).size()) {
                errors.forbidden("status.conditions", "updates may not remove a condition of type \"" + type + "\"");
            }
        }
        if (!decides) {
            DECISIONS.forEach(type -> undecided(all(before, type), all(status, type), type, errors));
        }
        if (changed && !issues) {
            errors.forbidden("status.certificate", "updates may not set certificate content");
        } else if (changed && !Json.text(before, "certificate").isEmpty()) {
            errors.forbidden("status.certificate", "updates may not modify existing certificate content");
        }
    }

    private static void undecided(List<JsonNode> before, List<JsonNode> now, String type, FieldErrors errors) {
        if (now.size() > before.size()) {
            errors.forbidden("status.conditions", "updates may not add a condition of type \"" + type + "\"");
        } else if (now.size() == before.size() && !now.equals(before)) {
            errors.forbidden(
                    "status.conditions",
                    "updates may not modify a condition of type \"" + type + "\"\n- " + before + "\n+ " + now);
        }
    }

    private static void conditions(JsonNode status, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(status, "conditions", "status", (condition, path) -> {
            String type = Json.text(condition, "type");
            if (type.isEmpty()) {
                errors.required(path + ".type", "");
            }
            List<String> allowed = FINAL.contains(type) ? List.of("True") : STATUSES;
            String value = Json.text(condition, "status");
            if (value.isEmpty()) {
                errors.required(path + ".status", "");
            } else if (!allowed.contains(value)) {
                errors.notSupported(path + ".status", value, allowed);
            }
            boolean contradicts = (type.equals("Approved") && seen.contains("Denied"))
                    || (type.equals("Denied") && seen.contains("Approved"));
            if (contradicts) {
                errors.invalid(path + ".type", type, "Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(type)) {
                errors.duplicate(path + ".type", type);
            }
        });
    }

    private static List<JsonNode> all(JsonNode status, String type) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals(type)) {
                found.add(condition);
            }
        }
        return found;
    }

    static JsonNode find(JsonNode status, String type) {
        List<JsonNode> all = all(status, type);
        return all.isEmpty() ? MissingNode.getInstance() : all.getFirst();
    }

    static boolean has(JsonNode status, String type) {
        return !all(status, type).isEmpty();
    }
}
