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
import io.ruori.kind.Syntax;
import io.ruori.kind.VolumeSpecRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Attachments: which volume is to be at which node, and whether it is. */
public final class VolumeAttachmentKind {
    public static final KindName NAME = new KindName("storage.k8s.io", "volumeattachments");

    public static final Kind KIND = Kind.of(
                    "storage.k8s.io",
                    "v1",
                    "VolumeAttachment",
                    "volumeattachments",
                    "io.k8s.api.storage.v1.VolumeAttachment")
            .clusterScoped()
            .status()
            .answersWithDeleted()
            .revisionRequired()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Attacher", "Who attaches it.", a -> Json.text(a, "spec", "attacher")),
                    Columns.text("PV", "Which volume.", a -> Json.text(a, "spec", "source", "persistentVolumeName")),
                    Columns.text("Node", "To which node.", a -> Json.text(a, "spec", "nodeName")),
                    Columns.flag(
                            "Attached",
                            "Whether it is.",
                            a -> Json.at(a, "status", "attached").asBoolean()),
                    Columns.age())
            .build();

    private VolumeAttachmentKind() {}

    private static final class Rules implements KindRules {
        private static final String SOURCE = "spec.source";
        private static final String ONE_SOURCE =
                "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
        private static final int METADATA_BYTES = 256 << 10;
        private static final int MESSAGE_BYTES = 1024;

        @Override
        public Set<String> metadataOutsideStatus() {
            return WRITABLE_METADATA;
        }

        @Override
        public void prepareCreate(ObjectNode attachment) {
            attachment.putObject("status").put("attached", false);
        }

        @Override
        public void validateCreate(JsonNode attachment, FieldErrors errors) {
            spec(attachment.path("spec"), errors);
            status(attachment.path("status"), errors);
            VolumeSpecRules.driverName(Json.text(attachment, "spec", "attacher"), "spec.attacher", errors);
            JsonNode volume = Json.at(attachment, "spec", "source", "persistentVolumeName");
            if (volume.isTextual()) {
                Checks.each(Syntax.dnsSubdomain(volume.textValue()), SOURCE + ".persistentVolumeName", volume, errors);
            }
        }

        private static void spec(JsonNode spec, FieldErrors errors) {
            if (Json.text(spec, "attacher").isEmpty()) {
                errors.required("spec.attacher", "");
            }
            JsonNode inline = Json.at(spec, "source", "inlineVolumeSpec");
            JsonNode volume = Json.at(spec, "source", "persistentVolumeName");
            if (inline.isObject() && volume.isTextual()) {
                errors.forbidden(SOURCE, ONE_SOURCE);
            } else if (inline.isObject()) {
                VolumeSpecRules.validateInline(inline, SOURCE + ".inlineVolumeSpec", errors);
            } else if (!volume.isTextual()) {
                errors.required(SOURCE, ONE_SOURCE);
            } else if (volume.textValue().isEmpty()) {
                errors.required(SOURCE + ".persistentVolumeName", "must specify non empty persistentVolumeName");
            }
            String node = Json.text(spec, "nodeName");
            Checks.each(Syntax.dnsSubdomain(node), "spec.nodeName", node, errors);
        }

        private static void status(JsonNode status, FieldErrors errors) {
            long size = 0;
            for (var entry : status.path("attachmentMetadata").properties()) {
                size += bytes(entry.getKey()) + bytes(entry.getValue().asText());
            }
            if (size > METADATA_BYTES) {
                errors.tooLong("status.attachmentMetadata", METADATA_BYTES);
            }
            for (String field : List.of("attachError", "detachError")) {
                JsonNode error = status.path(field);
                if (bytes(Json.text(error, "message")) > MESSAGE_BYTES) {
                    errors.tooLong("status." + field + ".message", METADATA_BYTES);
                }
                if (error.path("errorCode").isNumber()
                        && error.path("errorCode").longValue() < 0) {
                    errors.invalid(
                            "status." + field + ".errorCode",
                            error.path("errorCode"),
                            "must be between 0 and 2147483647, inclusive");
                }
            }
        }

        private static int bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            spec(updated.path("spec"), errors);
            status(updated.path("status"), errors);
            Checks.immutable(updated.path("spec"), old.path("spec"), "spec", errors);
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            status(updated.path("status"), errors);
        }
    }
}
