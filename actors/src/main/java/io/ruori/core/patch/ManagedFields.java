package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.core.patch.ManagedEntry.Owner;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code metadata.managedFields}: who owns which field, kept up on every write.
 *
 * <p>An ordinary write (create, update, patch) owns what it changed: those fields go to the writer's {@code Update} entry
 * and are taken from everybody else; fields that are gone are dropped from everybody. This is on the path of every write,
 * so the objects are compared by one walk that does not enter shared subtrees, and a write that changed nothing does not
 * even look at the entries.
 */
public final class ManagedFields {
    /** Upstream's limit; the oldest {@code Update} entries above it become one. */
    static final int MAX_UPDATE_ENTRIES = 10;

    /** The name of the entry that old updates are merged into. */
    static final String ANCIENT_CHANGES = "ancient-changes";

    private static final ObjectNode NOTHING = Json.object();

    private ManagedFields() {}

    /**
     * The object after an ordinary write, with its bookkeeping done. What the client wrote into managedFields counts only
     * where it can be read: an empty list (or one empty entry) resets ownership, and an object that was reset, or never had
     * any, is not tracked until somebody applies.
     *
     * @param before null when the object is created
     * @param after the object to store, after admission and defaults; not changed
     */
    public static ObjectNode updated(
            @Nullable ObjectNode before, ObjectNode after, Struct schema, Schemas schemas, Manager manager) {
        return updated(before, after, Versions.only(schema, schemas), manager);
    }

    /** The same for a kind with several versions; both objects as they are stored. */
    public static ObjectNode updated(
            @Nullable ObjectNode before, ObjectNode after, Versions versions, Manager manager) {
        ArrayNode live = before == null ? null : entriesOf(before);
        ArrayNode given = entriesOf(after);
        Entries entries = entries(live, given, !manager.subresource().isEmpty());
        if (before != null && entries.isEmpty()) {
            return withEntries(after, null);
        }
        ObjectNode base = before == null ? NOTHING : before;
        Comparisons comparisons = new Comparisons(versions, base, after);
        if (comparisons.in(manager.apiVersion()).isSame()) {
            return withEntries(after, entries.encoded());
        }
        List<ManagedEntry> owners = owned(entries.decoded(), comparisons, manager);
        return withEntries(after, encode(capped(owners)));
    }

    private static List<ManagedEntry> owned(List<ManagedEntry> entries, Comparisons comparisons, Manager manager) {
        Owner self = Owner.of(manager);
        FieldSet mine = comparisons.in(manager.apiVersion()).changed();
        boolean adds = !mine.isEmpty();
        List<ManagedEntry> result = new ArrayList<>(entries.size() + 1);
        for (ManagedEntry entry : entries) {
            FieldComparison comparison = comparisons.in(entry.apiVersion());
            ManagedEntry left =
                    entry.with(entry.fields().without(comparison.changed()).without(comparison.removed()));
            if (adds && entry.owner().equals(self)) {
                mine = mine.union(left.fields());
            } else if (!left.fields().isEmpty()) {
                result.add(left);
            }
        }
        if (adds) {
            result.add(ManagedEntry.of(manager, mine));
        }
        return result;
    }

    /**
     * The entries a write starts from: the stored ones as they are, or a client's, which have been read and checked.
     */
    private record Entries(
            @Nullable ArrayNode stored, @Nullable List<ManagedEntry> read) {
        static final Entries NONE = new Entries(null, List.of());

        boolean isEmpty() {
            return read == null ? stored == null || stored.isEmpty() : read.isEmpty();
        }

        List<ManagedEntry> decoded() {
            return read != null ? read : decodeOwn(stored);
        }

        @Nullable
        ArrayNode encoded() {
            return read != null ? encode(read) : stored;
        }
    }

    private static Entries entries(@Nullable ArrayNode live, @Nullable ArrayNode given, boolean isSubresource) {
        Entries stored = new Entries(live, null);
        if (isSubresource || given == null || JsonValues.same(given, live)) {
            return stored;
        }
        JsonNode only = given.size() == 1 ? given.get(0) : null;
        if (given.isEmpty() || (only instanceof ObjectNode entry && entry.isEmpty())) {
            return Entries.NONE;
        }
        try {
            Map<Owner, ManagedEntry> read = new LinkedHashMap<>();
            for (JsonNode entry : given) {
                ManagedEntry decoded = ManagedEntry.decode(entry);
                read.put(decoded.owner(), decoded);
            }
            return new Entries(null, List.copyOf(read.values()));
        } catch (IllegalArgumentException unreadable) {
            // A client that does not understand managedFields must not be able to lose them.
            return stored;
        }
    }

    static @Nullable ArrayNode entriesOf(ObjectNode object) {
        return object.path("metadata").get("managedFields") instanceof ArrayNode entries ? entries : null;
    }

    static List<ManagedEntry> decodeOwn(@Nullable ArrayNode stored) {
        List<ManagedEntry> entries = new ArrayList<>();
        if (stored != null) {
            stored.forEach(entry -> entries.add(ManagedEntry.decodeOwn((ObjectNode) entry)));
        }
        return entries;
    }

    static @Nullable ArrayNode encode(List<ManagedEntry> entries) {
        if (entries.isEmpty()) {
            return null;
        }
        ArrayNode encoded = Json.array();
        entries.stream().sorted(ManagedEntry.ORDER).forEach(entry -> encoded.add(entry.encode()));
        return encoded;
    }

    /** The object with these entries, sharing everything else; the same object where it has them already. */
    @SuppressWarnings("ReferenceEquality")
    static ObjectNode withEntries(ObjectNode object, @Nullable ArrayNode entries) {
        JsonNode metadata = object.get("metadata");
        ObjectNode old = metadata instanceof ObjectNode node ? node : NOTHING;
        if (old.get("managedFields") == entries) {
            return object;
        }
        ObjectNode changed = JsonValues.copyOf(old);
        if (entries == null) {
            changed.remove("managedFields");
        } else {
            changed.set("managedFields", entries);
        }
        ObjectNode copy = JsonValues.copyOf(object);
        copy.set("metadata", changed);
        return copy;
    }

    /**
     * Merges the oldest updates until there are no more than the limit. The first of a version only marks that version;
     * the ones after it are poured into a bucket with it.
     */
    private static List<ManagedEntry> capped(List<ManagedEntry> entries) {
        List<ManagedEntry> updates = new ArrayList<>(
                entries.stream().filter(e -> !e.owner().isApplier()).toList());
        if (updates.size() <= MAX_UPDATE_ENTRIES) {
            return entries;
        }
        updates.sort(ManagedEntry.ORDER);
        Map<Owner, ManagedEntry> left = new LinkedHashMap<>();
        entries.forEach(entry -> left.put(entry.owner(), entry));
        Map<String, ManagedEntry> firsts = new HashMap<>();
        int excess = updates.size() - MAX_UPDATE_ENTRIES;
        for (int i = 0; i < updates.size() && excess > 0; i++) {
            ManagedEntry entry = updates.get(i);
            Owner bucket = Owner.of(ANCIENT_CHANGES, Manager.Operation.UPDATE, entry.apiVersion(), "");
            ManagedEntry first = firsts.putIfAbsent(entry.apiVersion(), entry);
            if (first != null && !entry.owner().equals(bucket)) {
                if (!left.containsKey(bucket)) {
                    left.remove(first.owner());
                }
                FieldSet poured = left.getOrDefault(bucket, first).fields().union(entry.fields());
                left.remove(entry.owner());
                left.put(bucket, new ManagedEntry(bucket, entry.apiVersion(), entry.time(), poured, null));
                excess--;
            }
        }
        return new ArrayList<>(left.values());
    }

    /**
     * Takes back new timestamps where nothing else differs, so that a write which changes nothing leaves no trace: answers
     * the stored object itself then, and the new one otherwise.
     */
    public static ObjectNode settled(ObjectNode before, ObjectNode after) {
        ArrayNode old = entriesOf(before);
        ArrayNode now = entriesOf(after);
        if (!sameIgnoringTimes(old, now)) {
            return after;
        }
        return JsonValues.same(before, withEntries(after, old)) ? before : after;
    }

    private static boolean sameIgnoringTimes(@Nullable ArrayNode old, @Nullable ArrayNode now) {
        if (old == null || now == null || old.size() != now.size()) {
            return old == null && now == null;
        }
        Map<Owner, ManagedEntry> olds = new HashMap<>();
        decodeOwn(old).forEach(entry -> olds.put(entry.owner(), entry));
        for (ManagedEntry entry : decodeOwn(now)) {
            ManagedEntry same = olds.get(entry.owner());
            if (same == null
                    || !same.apiVersion().equals(entry.apiVersion())
                    || !same.fields().equals(entry.fields())) {
                return false;
            }
        }
        return true;
    }
}
