package io.ruori.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An object at rest: its canonical JSON in UTF-8 and a small header, so that views, selectors and reconcilers work without
 * parsing. The same array is journalled, kept in the view and sent to every JSON client; nobody may change it.
 *
 * <p>Made by {@code Kind.store}. Equality is key and revision, since a revision is never used twice.
 */
public final class StoredObject {
    private final ObjectKey key;
    private final Uid uid;
    private final Revision revision;
    private final Map<String, String> labels;
    private final List<Owner> owners;
    private final @Nullable Instant deletedAt;
    private final Map<String, String> fields;
    private final @Nullable Supplier<byte[]> encode;
    private volatile byte @Nullable [] json;

    /** What the kind reads out of the tree, made at most a few times (a race only repeats the work). */
    private volatile @Nullable Object digest;

    /**
     * @param deletedAt {@code metadata.deletionTimestamp}, null while the object is not being deleted
     * @param fields the values of the kind's selectable fields
     * @param digest the kind's digest if it is known already
     */
    public StoredObject(
            ObjectKey key,
            Uid uid,
            Revision revision,
            Map<String, String> labels,
            List<Owner> owners,
            @Nullable Instant deletedAt,
            Map<String, String> fields,
            byte[] json,
            @Nullable Object digest) {
        this(key, uid, revision, labels, owners, deletedAt, fields, json, null, digest);
    }

    /** An object without labels and owners that is derived from something else, and encoded only if somebody reads it. */
    public static StoredObject derived(
            ObjectKey key, Uid uid, Revision revision, Map<String, String> fields, Supplier<byte[]> encode) {
        return new StoredObject(key, uid, revision, Map.of(), List.of(), null, fields, null, encode, null);
    }

    private StoredObject(
            ObjectKey key,
            Uid uid,
            Revision revision,
            Map<String, String> labels,
            List<Owner> owners,
            @Nullable Instant deletedAt,
            Map<String, String> fields,
            byte @Nullable [] json,
            @Nullable Supplier<byte[]> encode,
            @Nullable Object digest) {
        this.key = key;
        this.uid = uid;
        this.revision = revision;
        this.labels = labels;
        this.owners = owners;
        this.deletedAt = deletedAt;
        this.fields = fields;
        this.json = json;
        this.encode = encode;
        this.digest = digest;
    }

    public ObjectKey key() {
        return key;
    }

    public Uid uid() {
        return uid;
    }

    public Revision revision() {
        return revision;
    }

    public Map<String, String> labels() {
        return labels;
    }

    public List<Owner> owners() {
        return owners;
    }

    /** The owner that manages this object, if there is one. */
    public Optional<Owner> controller() {
        for (Owner owner : owners) {
            if (owner.controller()) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    public boolean isControlledBy(Uid owner) {
        for (Owner candidate : owners) {
            if (candidate.controller() && candidate.uid().equals(owner)) {
                return true;
            }
        }
        return false;
    }

    /** {@code metadata.deletionTimestamp}; null while the object is not being deleted. */
    public @Nullable Instant deletedAt() {
        return deletedAt;
    }

    public boolean isTerminating() {
        return deletedAt != null;
    }

    /** The value of a selectable field such as {@code spec.nodeName}; empty where it is unset. */
    public String field(String path) {
        return fields.getOrDefault(path, "");
    }

    public Map<String, String> fields() {
        return fields;
    }

    /** The canonical JSON. Do not change it. */
    public byte[] json() {
        byte[] known = json;
        if (known == null) {
            known = Objects.requireNonNull(encode, "an object has its JSON or a way to make it")
                    .get();
            json = known;
        }
        return known;
    }

    /** Whether it is kept in memory encoded; a derived object is not until somebody asked for its JSON. */
    public boolean isEncoded() {
        return json != null;
    }

    /** A new tree, the caller's to change. Costs a parse. */
    public ObjectNode tree() {
        return Json.read(json());
    }

    /** What {@code read} makes of the tree, kept for the next caller. One kind uses one {@code read}. */
    @SuppressWarnings("unchecked")
    public <T> T digest(Function<? super JsonNode, T> read) {
        Object known = digest;
        if (known == null) {
            known = read.apply(tree());
            digest = known;
        }
        return (T) known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredObject that && revision.equals(that.revision) && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return revision.hashCode();
    }

    @Override
    public String toString() {
        return key + "@" + revision;
    }
}
