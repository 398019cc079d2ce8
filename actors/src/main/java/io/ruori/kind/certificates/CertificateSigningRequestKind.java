package io.ruori.kind.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Origin;
import io.ruori.kind.Columns;
import io.ruori.kind.HumanDuration;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Subresource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** Requests for certificates: who wants one, who said yes or no, and the certificate. */
public final class CertificateSigningRequestKind {
    public static final KindName NAME = new KindName("certificates.k8s.io", "certificatesigningrequests");
    private static final String SCHEMA = "io.k8s.api.certificates.v1.CertificateSigningRequest";

    public static final Kind KIND = Kind.of(
                    "certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", SCHEMA)
            .clusterScoped()
            .shortNames("csr")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.age(),
                    Columns.text(
                            "SignerName",
                            "Who is to sign.",
                            csr -> Columns.orNone(Json.text(csr, "spec", "signerName"))),
                    Columns.text("Requestor", "Who asked.", csr -> Json.text(csr, "spec", "username")),
                    Columns.text("RequestedDuration", "For how long.", CertificateSigningRequestKind::duration),
                    Columns.text("Condition", "What became of it.", CertificateSigningRequestKind::condition))
            .selectable("spec.signerName", csr -> Json.text(csr, "spec", "signerName"))
            .subresource(new Subresource(
                    "approval",
                    "certificates.k8s.io",
                    "v1",
                    "CertificateSigningRequest",
                    SCHEMA,
                    Set.of("get", "patch", "update"),
                    JsonNode::deepCopy,
                    CertificateSigningRequestKind::approve,
                    List.of("status", "conditions")))
            .build();

    private CertificateSigningRequestKind() {}

    private static String duration(JsonNode csr) {
        JsonNode seconds = Json.at(csr, "spec", "expirationSeconds");
        return seconds.isNumber() ? HumanDuration.of(Duration.ofSeconds(seconds.longValue())) : Columns.NONE;
    }

    private static String condition(JsonNode csr) {
        JsonNode status = csr.path("status");
        String decision = RequestRules.has(status, "Denied")
                ? "Denied"
                : RequestRules.has(status, "Approved") ? "Approved" : "Pending";
        return decision
                + (RequestRules.has(status, "Failed") ? ",Failed" : "")
                + (Json.text(status, "certificate").isEmpty() ? "" : ",Issued");
    }

    /** Only the conditions are written here, and only here those that decide. */
    private static Subresource.Folded approve(ObjectNode live, JsonNode edited, Instant now) {
        ObjectNode old = live.deepCopy();
        ObjectNode status = Json.child(live, "status");
        JsonNode conditions = Json.at(edited, "status", "conditions");
        if (conditions.isEmpty()) {
            status.remove("conditions");
        } else {
            status.set("conditions", conditions.deepCopy());
        }
        stamp(live, old, now);
        FieldErrors errors = new FieldErrors();
        RequestRules.status(live, old, true, false, errors);
        return errors.isEmpty()
                ? new Subresource.Folded.Into(live)
                : new Subresource.Folded.Refused(ApiStatus.invalid(
                        "certificates.k8s.io",
                        "CertificateSigningRequest",
                        Json.text(live, "metadata", "name"),
                        errors.all()));
    }

    /** Times of new conditions; a client may set its own. */
    private static void stamp(ObjectNode csr, JsonNode old, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        for (JsonNode condition : csr.path("status").path("conditions")) {
            if (condition instanceof ObjectNode mine) {
                JsonNode before = RequestRules.find(old.path("status"), Json.text(mine, "type"));
                Json.ifAbsent(mine, "lastUpdateTime", time);
                boolean same = before.path("status").equals(mine.path("status"));
                Json.ifAbsent(
                        mine,
                        "lastTransitionTime",
                        same && before.hasNonNull("lastTransitionTime")
                                ? Json.text(before, "lastTransitionTime")
                                : time);
            }
        }
    }

    private static final class Rules implements KindRules {
        @Override
        public NameRule nameRule() {
            return NameRule.PATH_SEGMENT;
        }

        /** Who asks is what authentication found, whatever the body says. */
        @Override
        public void prepareCreate(ObjectNode csr, Origin by, Instant now) {
            ObjectNode spec = Json.child(csr, "spec");
            spec.remove("extra");
            spec.put("username", by.user().name());
            spec.remove("uid");
            if (!by.user().uid().isEmpty()) {
                spec.put("uid", by.user().uid());
            }
            spec.remove("groups");
            by.user().groups().forEach(group -> Json.list(spec, "groups").add(group));
        }

        /** The request itself never changes. */
        @Override
        public void prepareUpdate(ObjectNode updated, JsonNode old) {
            updated.set("spec", old.path("spec").deepCopy());
        }

        @Override
        public void prepareStatus(ObjectNode updated, JsonNode old, Instant now) {
            stamp(updated, old, now);
        }

        @Override
        public void validateCreate(JsonNode csr, FieldErrors errors) {
            RequestRules.spec(csr.path("spec"), errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            // Nothing but metadata can have changed.
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            RequestRules.status(updated, old, false, true, errors);
        }
    }
}
