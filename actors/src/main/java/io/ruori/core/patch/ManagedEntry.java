package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code metadata.managedFields}: a manager and the fields it owns.
 *
 * @param time RFC 3339 in UTC with whole seconds, which sorts as text; empty when unknown
 * @param encoded the entry's JSON where it is known already
 */
record ManagedEntry(
        Owner owner,
        String apiVersion,
        String time,
        FieldSet fields,
        @Nullable ObjectNode encoded) {

    /** Upstream's order of entries. */
    static final Comparator<ManagedEntry> ORDER = Comparator.<ManagedEntry, Manager.Operation>comparing(
                    entry -> entry.owner.operation)
            .thenComparing(ManagedEntry::time)
            .thenComparing(entry -> entry.owner.name)
            .thenComparing(ManagedEntry::apiVersion)
            .thenComparing(entry -> entry.owner.subresource);

    /** Whose entry it is. The version belongs to it for updates only: an applier keeps its entry across versions. */
    record Owner(String name, Manager.Operation operation, String version, String subresource) {
        static Owner of(Manager manager) {
            return of(manager.name(), manager.operation(), manager.apiVersion(), manager.subresource());
        }

        static Owner of(String name, Manager.Operation operation, String apiVersion, String subresource) {
            String version = operation == Manager.Operation.APPLY ? "" : apiVersion;
            return new Owner(name, operation, version, subresource);
        }

        boolean isApplier() {
            return operation == Manager.Operation.APPLY;
        }
    }

    static ManagedEntry of(Manager manager, FieldSet fields) {
        return new ManagedEntry(Owner.of(manager), manager.apiVersion(), time(manager.now()), fields, null);
    }

    static String time(Instant now) {
        return DateTimeFormatter.ISO_INSTANT.format(now.truncatedTo(ChronoUnit.SECONDS));
    }

    @SuppressWarnings("ReferenceEquality") // set operations return the same set where nothing changes
    ManagedEntry with(FieldSet changed) {
        return changed == fields ? this : new ManagedEntry(owner, apiVersion, time, changed, null);
    }

    /** Reads an entry that {@link #encode} wrote. */
    static ManagedEntry decodeOwn(ObjectNode entry) {
        String apiVersion = Json.text(entry, "apiVersion");
        Manager.Operation operation = Json.text(entry, "operation").equals(Manager.Operation.APPLY.wire())
                ? Manager.Operation.APPLY
                : Manager.Operation.UPDATE;
        Owner owner = Owner.of(Json.text(entry, "manager"), operation, apiVersion, Json.text(entry, "subresource"));
        JsonNode fields = entry.get("fieldsV1");
        FieldSet owned = fields == null ? FieldSet.EMPTY : FieldSet.decodeOwn(fields);
        return new ManagedEntry(owner, apiVersion, Json.text(entry, "time"), owned, entry);
    }

    /**
     * Reads an entry that a client wrote.
     *
     * @throws IllegalArgumentException for what upstream would not accept
     */
    static ManagedEntry decode(JsonNode entry) {
        String word = Json.text(entry, "operation");
        Manager.Operation operation = switch (word) {
            case "Apply" -> Manager.Operation.APPLY;
            case "Update" -> Manager.Operation.UPDATE;
            default -> throw new IllegalArgumentException("operation must be `Apply` or `Update`");
        };
        String apiVersion = Json.text(entry, "apiVersion");
        if (apiVersion.isEmpty()) {
            throw new IllegalArgumentException("apiVersion must not be empty");
        }
        if (!Json.text(entry, "fieldsType").equals("FieldsV1")) {
            throw new IllegalArgumentException("fieldsType must be FieldsV1");
        }
        JsonNode fields = entry.get("fieldsV1");
        FieldSet owned = JsonValues.isAbsent(fields) ? FieldSet.EMPTY : FieldSet.decode(fields);
        Owner owner = Owner.of(Json.text(entry, "manager"), operation, apiVersion, Json.text(entry, "subresource"));
        return new ManagedEntry(owner, apiVersion, clientTime(Json.text(entry, "time")), owned, null);
    }

    private static String clientTime(String text) {
        try {
            return text.isEmpty() ? "" : time(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time: " + text, e);
        }
    }

    ObjectNode encode() {
        if (encoded != null) {
            return encoded;
        }
        ObjectNode entry = Json.object();
        if (!owner.name.isEmpty()) {
            entry.put("manager", owner.name);
        }
        entry.put("operation", owner.operation.wire()).put("apiVersion", apiVersion);
        if (!time.isEmpty()) {
            entry.put("time", time);
        }
        entry.put("fieldsType", "FieldsV1").set("fieldsV1", fields.encode());
        if (!owner.subresource.isEmpty()) {
            entry.put("subresource", owner.subresource);
        }
        return entry;
    }
}
