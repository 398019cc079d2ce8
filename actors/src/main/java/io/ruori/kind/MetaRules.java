package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What holds for the metadata of every kind. */
public final class MetaRules {
    private static final int ANNOTATIONS_BYTES = 256 << 10;
    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";
    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", ORPHAN, FOREGROUND);

    /** Groups whose metadata upstream checks as it checks that of custom resources. */
    private static final Set<String> PLAIN_METADATA =
            Set.of("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io");

    private static final Set<String> MANAGED_OPERATIONS = Set.of("Apply", "Update");

    /** Set by the server, carried over on every update. */
    private static final List<String> IMMUTABLE =
            List.of("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

    private MetaRules() {}

    /** Checks the metadata of an object about to be created; its name has been generated already. */
    public static void validate(Kind kind, JsonNode object, FieldErrors errors) {
        JsonNode metadata = object.path("metadata");
        names(kind, metadata, errors);
        common(metadata, errors);
        finalizers(metadata.path("finalizers"), "metadata.finalizers", errors);
        finalizerNames(kind, metadata.path("finalizers"), errors);
    }

    /** Checks the metadata of an object about to be updated. */
    public static void validateUpdate(Kind kind, JsonNode updated, JsonNode old, FieldErrors errors) {
        JsonNode metadata = updated.path("metadata");
        JsonNode before = old.path("metadata");
        if (before.hasNonNull("deletionTimestamp")) {
            noNewFinalizers(metadata.path("finalizers"), before.path("finalizers"), errors);
        }
        for (String field : IMMUTABLE) {
            if (!Checks.same(metadata.path(field), before.path(field))) {
                errors.invalid("metadata." + field, metadata.get(field), "field is immutable");
            }
        }
        common(metadata, errors);
        finalizerNames(kind, metadata.path("finalizers"), errors);
    }

    /** Checks the metadata of a template: labels and annotations, and no names. */
    public static void validateTemplate(JsonNode metadata, String path, FieldErrors errors) {
        labels(metadata.path("labels"), path + ".labels", errors);
        annotations(metadata.path("annotations"), path + ".annotations", errors);
    }

    private static void names(Kind kind, JsonNode metadata, FieldErrors errors) {
        String prefix = Json.text(metadata, "generateName");
        if (!prefix.isEmpty()) {
            // A trailing dash is fine, since something follows it.
            String checked = prefix.endsWith("-") && prefix.length() > 1
                    ? prefix.substring(0, prefix.length() - 1) + "a"
                    : prefix;
            wrongName(kind, checked).forEach(text -> errors.invalid("metadata.generateName", prefix, text));
        }
        String name = Json.text(metadata, "name");
        if (name.isEmpty()) {
            errors.required("metadata.name", "name or generateName is required");
        } else {
            wrongName(kind, name).forEach(text -> errors.invalid("metadata.name", name, text));
        }
        String namespace = Json.text(metadata, "namespace");
        if (kind.isNamespaced()) {
            if (namespace.isEmpty()) {
                errors.required("metadata.namespace", "");
            } else {
                Syntax.dnsLabel(namespace).forEach(text -> errors.invalid("metadata.namespace", namespace, text));
            }
        } else if (!namespace.isEmpty()) {
            errors.forbidden("metadata.namespace", "not allowed on this type");
        }
    }

    private static List<String> wrongName(Kind kind, String name) {
        return switch (kind.rules().nameRule()) {
            case DNS_SUBDOMAIN -> Syntax.dnsSubdomain(name);
            case DNS_LABEL -> Syntax.dnsLabel(name);
            case IP_ADDRESS -> AddressRules.wrong(name);
            case PATH_SEGMENT -> Syntax.pathSegment(name);
        };
    }

    private static void common(JsonNode metadata, FieldErrors errors) {
        labels(metadata.path("labels"), "metadata.labels", errors);
        annotations(metadata.path("annotations"), "metadata.annotations", errors);
        owners(metadata.path("ownerReferences"), errors);
        managedFields(metadata.path("managedFields"), errors);
    }

    public static void labels(JsonNode labels, String path, FieldErrors errors) {
        labels.properties().forEach(label -> {
            Syntax.qualifiedName(label.getKey()).forEach(text -> errors.invalid(path, label.getKey(), text));
            String value = label.getValue().asText();
            Syntax.labelValue(value).forEach(text -> errors.invalid(path, value, text));
        });
    }

    private static void annotations(JsonNode annotations, String path, FieldErrors errors) {
        long size = 0;
        for (var annotation : annotations.properties()) {
            String key = annotation.getKey();
            Syntax.qualifiedName(key.toLowerCase(Locale.ROOT)).forEach(text -> errors.invalid(path, key, text));
            size += bytes(key) + bytes(annotation.getValue().asText());
        }
        if (size > ANNOTATIONS_BYTES) {
            errors.tooLong(path, ANNOTATIONS_BYTES);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void owners(JsonNode owners, FieldErrors errors) {
        String path = "metadata.ownerReferences";
        String controller = "";
        for (int i = 0; i < owners.size(); i++) {
            JsonNode owner = owners.get(i);
            owner(owner, path + "[" + i + "]", errors);
            if (owner.path("controller").asBoolean()) {
                String current = Json.text(owner, "kind") + "/" + Json.text(owner, "name");
                if (controller.isEmpty()) {
                    controller = current;
                } else {
                    errors.invalid(
                            path,
                            owners,
                            "Only one reference can have Controller set to true. Found \"true\" in references for "
                                    + controller + " and " + current);
                }
            }
        }
    }

    private static void owner(JsonNode owner, String path, FieldErrors errors) {
        String apiVersion = Json.text(owner, "apiVersion");
        int slash = apiVersion.indexOf('/');
        boolean malformed = slash >= 0 && (slash != apiVersion.lastIndexOf('/') || slash == apiVersion.length() - 1);
        if (apiVersion.isEmpty()) {
            errors.required(path + ".apiVersion", "must not be empty");
        } else if (malformed) {
            errors.invalid(path + ".apiVersion", apiVersion, "must be <group>/<version> or <version>");
        }
        for (String field : List.of("kind", "name", "uid")) {
            if (Json.text(owner, field).isEmpty()) {
                errors.required(path + "." + field, "must not be empty");
            }
        }
        if (apiVersion.equals("v1") && Json.text(owner, "kind").equals("Event")) {
            errors.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner");
        }
    }

    public static void finalizers(JsonNode finalizers, String path, FieldErrors errors) {
        boolean orphan = false;
        boolean foreground = false;
        for (JsonNode finalizer : finalizers) {
            String name = finalizer.asText();
            Syntax.qualifiedName(name).forEach(text -> errors.invalid(path, name, text));
            orphan |= name.equals(ORPHAN);
            foreground |= name.equals(FOREGROUND);
        }
        if (orphan && foreground) {
            errors.invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }

    /** A name among the finalizers a namespace has of its own. */
    static void namespaceFinalizer(String name, String path, FieldErrors errors) {
        Syntax.qualifiedName(name).forEach(text -> errors.invalid(path, name, text));
        kubernetesFinalizer(name, path, errors);
    }

    /** Finalizers of built-in kinds are upstream's own or say whose they are. */
    private static void finalizerNames(Kind kind, JsonNode finalizers, FieldErrors errors) {
        if (kind.custom() != null || PLAIN_METADATA.contains(kind.group())) {
            return;
        }
        for (int i = 0; i < finalizers.size(); i++) {
            kubernetesFinalizer(finalizers.get(i).asText(), "metadata.finalizers[" + i + "]", errors);
        }
    }

    private static void kubernetesFinalizer(String name, String path, FieldErrors errors) {
        if (!name.contains("/") && !STANDARD_FINALIZERS.contains(name)) {
            errors.invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    private static void noNewFinalizers(JsonNode updated, JsonNode old, FieldErrors errors) {
        Set<String> added = new TreeSet<>();
        updated.forEach(finalizer -> added.add(finalizer.asText()));
        old.forEach(finalizer -> added.remove(finalizer.asText()));
        if (!added.isEmpty()) {
            String names = added.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
            errors.forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{"
                            + names + "}");
        }
    }

    private static void managedFields(JsonNode entries, FieldErrors errors) {
        if (entries.size() == 1 && entries.get(0).isEmpty()) {
            // One entry without anything is how a client asks that ownership be forgotten.
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            String path = "metadata.managedFields[" + i + "]";
            JsonNode entry = entries.get(i);
            String operation = Json.text(entry, "operation");
            if (operation.isEmpty()) {
                errors.required(path + ".operation", "must not be empty");
            } else if (!MANAGED_OPERATIONS.contains(operation)) {
                errors.notSupported(path + ".operation", operation, MANAGED_OPERATIONS);
            }
            String type = Json.text(entry, "fieldsType");
            if (!type.isEmpty() && !type.equals("FieldsV1")) {
                errors.invalid(path + ".fieldsType", type, "must be `FieldsV1`");
            }
            if (Json.text(entry, "manager").length() > 128) {
                errors.tooLong(path + ".manager", 128);
            }
        }
    }
}
