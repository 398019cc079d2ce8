package io.ruori.core.patch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who owns how many are asked for, seen from the object and from its scale: what a scale calls {@code .spec.replicas} each
 * version of the object keeps where it likes. Upstream's ScaleHandler.
 *
 * @param apiVersion the scale's
 * @param places where the object keeps the number, by its version; entries of other versions own none of it
 */
public record ScaleOwnership(String apiVersion, Map<String, FieldSet> places) {
    private static final FieldSet REPLICAS = FieldSet.of("f:spec", "f:replicas");

    /** An entry whatever version it is in: the scale's have that of the scale. */
    private record Holder(String name, Manager.Operation operation, String subresource) {
        static Holder of(ManagedEntry entry) {
            return new Holder(
                    entry.owner().name(),
                    entry.owner().operation(),
                    entry.owner().subresource());
        }
    }

    /** A scale with the entries of those who own its number in the object. */
    public ObjectNode ofScale(ObjectNode object, ObjectNode scale) {
        Map<Holder, ManagedEntry> held = new HashMap<>();
        for (ManagedEntry entry : ManagedFields.decodeOwn(ManagedFields.entriesOf(object))) {
            if (owns(entry)) {
                held.put(Holder.of(entry), written(entry, apiVersion, REPLICAS));
            }
        }
        return ManagedFields.withEntries(scale, ManagedFields.encode(List.copyOf(held.values())));
    }

    /**
     * A scale with the entries of its object, as they are once the scale's owners own the number.
     *
     * @param scale with entries of its own
     * @param version of the object, that new entries are in
     */
    public ObjectNode ofObject(ObjectNode object, ObjectNode scale, String version) {
        Map<Holder, ManagedEntry> holders = new HashMap<>();
        for (ManagedEntry entry : ManagedFields.decodeOwn(ManagedFields.entriesOf(scale))) {
            if (!entry.fields().intersection(REPLICAS).isEmpty()) {
                holders.put(Holder.of(entry), entry);
            }
        }
        Map<ManagedEntry.Owner, ManagedEntry> entries = new HashMap<>();
        for (ManagedEntry entry : ManagedFields.decodeOwn(ManagedFields.entriesOf(object))) {
            ManagedEntry left = owns(entry) ? after(entry, holders.remove(Holder.of(entry))) : entry;
            if (!left.fields().isEmpty()) {
                entries.put(left.owner(), left);
            }
        }
        for (ManagedEntry holder : holders.values()) {
            ManagedEntry entry = written(holder, version, places.getOrDefault(version, FieldSet.EMPTY));
            entries.merge(
                    entry.owner(), entry, (old, more) -> more.with(old.fields().union(more.fields())));
        }
        ArrayNode encoded = ManagedFields.encode(new ArrayList<>(entries.values()));
        return ManagedFields.withEntries(scale, encoded);
    }

    private boolean owns(ManagedEntry entry) {
        FieldSet place = places.getOrDefault(entry.apiVersion(), FieldSet.EMPTY);
        return !entry.fields().intersection(place).isEmpty();
    }

    /** @param holder null where the entry's owner lost the number */
    private ManagedEntry after(ManagedEntry entry, @Nullable ManagedEntry holder) {
        return holder == null
                ? entry.with(entry.fields().minus(places.getOrDefault(entry.apiVersion(), FieldSet.EMPTY)))
                : new ManagedEntry(entry.owner(), entry.apiVersion(), holder.time(), entry.fields(), null);
    }

    private static ManagedEntry written(ManagedEntry entry, String version, FieldSet fields) {
        ManagedEntry.Owner owner = ManagedEntry.Owner.of(
                entry.owner().name(),
                entry.owner().operation(),
                version,
                entry.owner().subresource());
        return new ManagedEntry(owner, version, entry.time(), fields, null);
    }
}
