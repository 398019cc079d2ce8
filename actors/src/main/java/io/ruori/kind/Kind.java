package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Owner;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.core.structural.CustomSchema;
import io.ruori.kind.ServedVersion.Conversion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The descriptor of a kind: a value from which routes, discovery, OpenAPI, tables, sharding and tests follow. Built-in
 * kinds make theirs in code; a CustomResourceDefinition builds the same type at run time.
 */
public final class Kind {
    /** All that a fully served kind answers to. */
    public static final Set<String> ALL_VERBS =
            Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private final KindName name;
    private final String group;
    private final String version;
    private final String kind;
    private final String singular;
    private final String listKind;
    private final List<String> shortNames;
    private final List<String> categories;
    private final boolean namespaced;
    private final String schemaName;
    private final Set<String> verbs;
    private final boolean hasStatus;
    private final KindRules rules;
    private final List<Column> columns;
    private final Map<String, Function<JsonNode, String>> fields;
    private final Set<String> indexedFields;
    private final Map<String, String> selectableFields;
    private final @Nullable Function<JsonNode, ?> digest;
    private final Map<String, Subresource> subresources;
    private final List<Wakes> wakes;
    private final @Nullable Reconciler reconciler;
    private final String component;
    private final boolean served;
    private final String warning;
    private final @Nullable Kind stored;
    private final Conversion conversion;
    private final @Nullable CustomSchema custom;
    private final Revision currentSince;
    private final @Nullable UnaryOperator<ObjectNode> upgrade;
    private final boolean ownRules;
    private final boolean ownColumns;
    private final boolean ownSubresources;
    private final List<Kind> versions;
    private final boolean deletedObjectAnswered;
    private final boolean revisionRequired;
    private final boolean createdByUpdate;
    private final List<ObjectNode> firstObjects;
    private final @Nullable StandsFor standsFor;

    /**
     * What a kind that is only ever created writes instead of an object of its own.
     *
     * @param kind the kind written to, at the name the body gives
     * @param subresource the part of it that is written
     */
    public record StandsFor(KindName kind, String subresource) {}

    /**
     * @param stored the kind this is another version of; null for the version that objects are stored in
     */
    Kind(KindBuilder b, @Nullable Kind stored) {
        this.name = b.name;
        this.group = b.group;
        this.version = b.version;
        this.kind = b.kind;
        this.singular = b.singular.isEmpty() ? b.kind.toLowerCase(Locale.ROOT) : b.singular;
        this.listKind = b.listKind.isEmpty() ? b.kind + "List" : b.listKind;
        this.shortNames = List.copyOf(b.shortNames);
        this.categories = List.copyOf(b.categories);
        this.namespaced = b.namespaced;
        this.schemaName = b.schemaName;
        this.verbs = Set.copyOf(b.verbs);
        this.hasStatus = b.hasStatus;
        this.rules = b.rules;
        this.columns = List.copyOf(b.columns);
        this.fields = Map.copyOf(b.fields);
        this.indexedFields = Set.copyOf(b.indexedFields);
        this.selectableFields = Map.copyOf(b.selectableFields);
        this.digest = b.digest;
        this.subresources = Map.copyOf(b.subresources);
        this.wakes = List.copyOf(b.wakes);
        this.reconciler = b.reconciler;
        this.component = b.component;
        this.deletedObjectAnswered = b.deletedObjectAnswered;
        this.revisionRequired = b.revisionRequired;
        this.createdByUpdate = b.createdByUpdate;
        this.firstObjects = List.copyOf(b.firstObjects);
        this.standsFor = b.standsFor;
        this.served = b.served;
        this.warning = b.warning;
        this.stored = stored;
        this.conversion = b.conversion;
        this.custom = b.custom;
        this.currentSince = b.currentSince;
        this.upgrade = b.upgrade;
        this.ownRules = stored != null && !b.rules.equals(stored.rules);
        this.ownColumns = stored != null && !this.columns.equals(stored.columns);
        this.ownSubresources = stored != null && !this.subresources.equals(stored.subresources);
        this.versions = stored == null ? versions(b) : List.of();
    }

    private List<Kind> versions(KindBuilder b) {
        List<Kind> all = new ArrayList<>();
        all.add(this);
        for (ServedVersion other : b.versions) {
            all.add(new Kind(other.differences().apply(new KindBuilder(b, other)), this));
        }
        return List.copyOf(all);
    }

    /**
     * @param schemaName the definition, such as {@code io.k8s.api.apps.v1.Deployment}
     */
    public static KindBuilder of(String group, String version, String kind, String plural, String schemaName) {
        return new KindBuilder(new KindName(group, plural), version, kind, schemaName);
    }

    public KindName name() {
        return name;
    }

    /** The group it is served in, which for other versions than the stored one may not be that of its name. */
    public String group() {
        return group;
    }

    public String version() {
        return version;
    }

    /** {@code apps/v1}, or {@code v1} for core. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public String kind() {
        return kind;
    }

    public String plural() {
        return name.resource();
    }

    public String singular() {
        return singular;
    }

    /** The kind of its lists. */
    public String listKind() {
        return listKind;
    }

    public List<String> shortNames() {
        return shortNames;
    }

    public List<String> categories() {
        return categories;
    }

    public boolean isNamespaced() {
        return namespaced;
    }

    public String schemaName() {
        return schemaName;
    }

    public Set<String> verbs() {
        return verbs;
    }

    /** Whether {@code status} is a sub-resource of its own. */
    public boolean hasStatus() {
        return hasStatus;
    }

    /** What a CustomResourceDefinition says of its objects' fields; null for built-in kinds, whose definitions have names. */
    public @Nullable CustomSchema custom() {
        return custom;
    }

    public KindRules rules() {
        return rules;
    }

    public List<Column> columns() {
        return columns;
    }

    /** The fields a field selector may name beside metadata.name and metadata.namespace. */
    public Set<String> selectableFields() {
        return selectableFields.keySet();
    }

    /** What the stored version calls a selectable field. */
    public String storedField(String path) {
        return selectableFields.getOrDefault(path, path);
    }

    /** The names of the values that headers hold. */
    public Set<String> keptFields() {
        return fields.keySet();
    }

    /** What the view keeps an index of: some of the selectable fields, and values only reconcilers look for. */
    public Set<String> indexedFields() {
        return indexedFields;
    }

    /** Sub-resources other than status, by name. */
    public Map<String, Subresource> subresources() {
        return subresources;
    }

    public List<Wakes> wakes() {
        return wakes;
    }

    public Optional<Reconciler> reconciler() {
        return Optional.ofNullable(reconciler);
    }

    /** The name its reconciler writes under, such as {@code replicaset-controller}. */
    public String component() {
        return component;
    }

    // ---- versions

    /** Whether clients may ask for this version. */
    public boolean isServed() {
        return served;
    }

    /** What clients of a deprecated version are told with every answer; empty for others. */
    public String warning() {
        return warning;
    }

    /** Whether objects are stored in this version. */
    public boolean isStored() {
        return stored == null;
    }

    /** The version that objects are stored in: the descriptor that entities, views and the journal know. */
    public Kind stored() {
        return stored == null ? this : stored;
    }

    /** All versions, the stored one first. */
    public List<Kind> versions() {
        return stored().versions;
    }

    /** One of its versions; null for one that it does not have. */
    public @Nullable Kind version(String ofApiVersion) {
        for (Kind one : versions()) {
            if (one.apiVersion().equals(ofApiVersion)) {
                return one;
            }
        }
        return null;
    }

    /** The version whose objects this version's rules want to see. */
    public Kind ruled() {
        return ownRules ? this : stored();
    }

    /** Turns a stored object into this version; gives up the tree. */
    public ObjectNode fromStored(ObjectNode tree) {
        return stored == null ? tree : conversion.fromStored().apply(tree).put("apiVersion", apiVersion());
    }

    /** Turns an object of this version into the stored one; gives up the tree. */
    public ObjectNode toStored(ObjectNode tree) {
        return stored == null ? tree : conversion.toStored().apply(tree).put("apiVersion", stored.apiVersion());
    }

    /** Whether this version names every field as the stored one does. */
    public boolean hasStoredShape() {
        return stored == null || !conversion.renames();
    }

    /** Whether this version of an object is the very bytes it is stored in. */
    public boolean isAsStored(StoredObject object) {
        return stored == null && !isOlder(object);
    }

    /** Objects written up to then may lack what the kind asks for: later descriptors of one kind have greater ones. */
    public Revision edition() {
        return stored().currentSince;
    }

    /** Whether an object may have been written before the kind became what it is. */
    private boolean isOlder(StoredObject object) {
        return upgrade != null && !object.revision().isAfter(currentSince);
    }

    /** An object in this version, in a tree of the caller's own. */
    public ObjectNode tree(StoredObject object) {
        return fromStored(stored().current(object));
    }

    private ObjectNode current(StoredObject object) {
        ObjectNode tree = object.tree();
        return upgrade != null && isOlder(object) ? upgrade.apply(tree) : tree;
    }

    /** An object's JSON in this version; for the stored one its very bytes. */
    public byte[] json(StoredObject object) {
        return isAsStored(object) ? object.json() : Json.write(tree(object));
    }

    /** The tree that columns read cells from, given an object in this version. */
    public JsonNode treeOfColumns(StoredObject object) {
        return ownColumns ? tree(object) : stored().current(object);
    }

    /** A sub-resource as a GET shows it. */
    public ObjectNode read(Subresource part, StoredObject object) {
        return part.read().apply(ownSubresources ? tree(object) : stored().current(object));
    }

    /** The version whose objects this version's sub-resources are parts of. */
    public Kind parted() {
        return ownSubresources ? this : stored();
    }

    // ---- objects

    /** Whether a delete answers with the object that is gone, as for some kinds upstream, and not with a Status. */
    public boolean isDeletedObjectAnswered() {
        return deletedObjectAnswered;
    }

    /** Whether an update must say which revision it is of; upstream's AllowUnconditionalUpdate, the other way round. */
    public boolean isRevisionRequired() {
        return revisionRequired;
    }

    /** Whether a PUT of an object that is not there makes it; upstream's AllowCreateOnUpdate. */
    public boolean isCreatedByUpdate() {
        return createdByUpdate;
    }

    /** Objects that every cluster has from its start. */
    public List<ObjectNode> firstObjects() {
        return firstObjects.stream().map(ObjectNode::deepCopy).toList();
    }

    public Optional<StandsFor> standsFor() {
        return Optional.ofNullable(standsFor);
    }

    public ObjectKey key(String namespace, String objectName) {
        return new ObjectKey(name, namespaced ? namespace : "", objectName);
    }

    /** The key of an object of this kind, from its metadata. */
    public ObjectKey keyOf(JsonNode object) {
        return key(Json.text(object, "metadata", "namespace"), Json.text(object, "metadata", "name"));
    }

    /**
     * Puts an object to rest under a revision: stamps {@code metadata.resourceVersion} into the tree (which must be the
     * caller's own), encodes it once and extracts the header.
     */
    public StoredObject store(ObjectNode tree, Revision revision) {
        Json.child(tree, "metadata").put("resourceVersion", revision.toString());
        return header(tree, revision, Json.write(tree));
    }

    /**
     * An object as it would be made. It is not, and so says no {@code metadata.resourceVersion}.
     *
     * @param basis what was written last where it would be
     */
    public StoredObject unstored(ObjectNode tree, Revision basis) {
        Json.child(tree, "metadata").remove("resourceVersion");
        return header(tree, basis, Json.write(tree));
    }

    /** An object read back from the journal. */
    public StoredObject load(byte[] json) {
        ObjectNode tree = Json.read(json);
        Revision revision = new Revision(Long.parseLong(Json.text(tree, "metadata", "resourceVersion")));
        return header(tree, revision, json);
    }

    private StoredObject header(ObjectNode tree, Revision revision, byte[] json) {
        JsonNode metadata = tree.path("metadata");
        String deleted = Json.text(metadata, "deletionTimestamp");
        return new StoredObject(
                keyOf(tree),
                new Uid(Json.text(metadata, "uid")),
                revision,
                labels(metadata),
                owners(metadata),
                deleted.isEmpty() ? null : Instant.parse(deleted),
                fieldValues(tree),
                json,
                digest == null ? null : digest.apply(tree));
    }

    private static Map<String, String> labels(JsonNode metadata) {
        JsonNode labels = metadata.path("labels");
        if (labels.isEmpty()) {
            return Map.of();
        }
        Map<String, String> copy = HashMap.newHashMap(labels.size());
        labels.properties().forEach(e -> copy.put(e.getKey(), e.getValue().asText()));
        return Map.copyOf(copy);
    }

    private static List<Owner> owners(JsonNode metadata) {
        JsonNode references = metadata.path("ownerReferences");
        if (references.isEmpty()) {
            return List.of();
        }
        List<Owner> owners = new ArrayList<>(references.size());
        for (JsonNode reference : references) {
            owners.add(new Owner(
                    Json.text(reference, "apiVersion"),
                    Json.text(reference, "kind"),
                    Json.text(reference, "name"),
                    new Uid(Json.text(reference, "uid")),
                    reference.path("controller").asBoolean(),
                    reference.path("blockOwnerDeletion").asBoolean()));
        }
        return List.copyOf(owners);
    }

    private Map<String, String> fieldValues(JsonNode tree) {
        if (fields.isEmpty()) {
            return Map.of();
        }
        Map<String, String> values = HashMap.newHashMap(fields.size());
        fields.forEach((path, read) -> {
            String value = read.apply(tree);
            if (!value.isEmpty()) {
                values.put(path, value);
            }
        });
        return Map.copyOf(values);
    }

    @Override
    public String toString() {
        return kind + "." + apiVersion();
    }
}
