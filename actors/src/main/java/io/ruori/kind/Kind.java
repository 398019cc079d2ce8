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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
    private final String version;
    private final String kind;
    private final String singular;
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
    private final Set<String> selectableFields;
    private final @Nullable Function<JsonNode, ?> digest;
    private final Map<String, Subresource> subresources;
    private final List<Wakes> wakes;
    private final @Nullable Reconciler reconciler;
    private final String component;

    private Kind(Builder b) {
        this.name = b.name;
        this.version = b.version;
        this.kind = b.kind;
        this.singular = b.kind.toLowerCase(Locale.ROOT);
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
        Set<String> selectable = new HashSet<>(b.fields.keySet());
        selectable.removeAll(b.hiddenFields);
        this.selectableFields = Set.copyOf(selectable);
        this.digest = b.digest;
        this.subresources = Map.copyOf(b.subresources);
        this.wakes = List.copyOf(b.wakes);
        this.reconciler = b.reconciler;
        this.component = b.component;
    }

    /**
     * @param schemaName the definition, such as {@code io.k8s.api.apps.v1.Deployment}
     */
    public static Builder of(String group, String version, String kind, String plural, String schemaName) {
        return new Builder(new KindName(group, plural), version, kind, schemaName);
    }

    public KindName name() {
        return name;
    }

    public String group() {
        return name.group();
    }

    public String version() {
        return version;
    }

    /** {@code apps/v1}, or {@code v1} for core. */
    public String apiVersion() {
        return name.group().isEmpty() ? version : name.group() + "/" + version;
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

    public KindRules rules() {
        return rules;
    }

    public List<Column> columns() {
        return columns;
    }

    /** The fields a field selector may name beside metadata.name and metadata.namespace. */
    public Set<String> selectableFields() {
        return selectableFields;
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

    /** Collects a descriptor. */
    public static final class Builder {
        private final KindName name;
        private final String version;
        private final String kind;
        private final String schemaName;
        private List<String> shortNames = List.of();
        private List<String> categories = List.of();
        private boolean namespaced = true;
        private Set<String> verbs = ALL_VERBS;
        private boolean hasStatus;
        private KindRules rules = new KindRules() {};
        private List<Column> columns = List.of();
        private final Map<String, Function<JsonNode, String>> fields = new LinkedHashMap<>();
        private final Set<String> indexedFields = new HashSet<>();
        private final Set<String> hiddenFields = new HashSet<>();
        private @Nullable Function<JsonNode, ?> digest;
        private final Map<String, Subresource> subresources = new LinkedHashMap<>();
        private final List<Wakes> wakes = new ArrayList<>();
        private @Nullable Reconciler reconciler;
        private String component = "";

        private Builder(KindName name, String version, String kind, String schemaName) {
            this.name = name;
            this.version = version;
            this.kind = kind;
            this.schemaName = schemaName;
        }

        public Builder clusterScoped() {
            namespaced = false;
            return this;
        }

        public Builder shortNames(String... names) {
            shortNames = List.of(names);
            return this;
        }

        public Builder categories(String... names) {
            categories = List.of(names);
            return this;
        }

        public Builder verbs(Set<String> served) {
            verbs = served;
            return this;
        }

        /** Gives the kind a {@code status} sub-resource. */
        public Builder status() {
            hasStatus = true;
            return this;
        }

        public Builder rules(KindRules checks) {
            rules = checks;
            return this;
        }

        public Builder columns(Column... shown) {
            columns = List.of(shown);
            return this;
        }

        /** A field that selectors may name. */
        public Builder selectable(String path, Function<JsonNode, String> read) {
            fields.put(path, read);
            return this;
        }

        /** Selectable fields the view keeps an index of. */
        public Builder indexed(String... paths) {
            indexedFields.addAll(List.of(paths));
            return this;
        }

        /** A value the view indexes for reconcilers ({@code View.byField}) and no selector may name. */
        public Builder indexOnly(String name, Function<JsonNode, String> read) {
            fields.put(name, read);
            hiddenFields.add(name);
            return indexed(name);
        }

        /** What reconcilers read of this kind most often; see {@link StoredObject#digest}. */
        public Builder digest(Function<JsonNode, ?> read) {
            digest = read;
            return this;
        }

        public Builder subresource(Subresource part) {
            subresources.put(part.name(), part);
            return this;
        }

        public Builder wokenBy(Wakes... rules) {
            wakes.addAll(List.of(rules));
            return this;
        }

        /**
         * @param writesAs the component its writes are made as
         */
        public Builder reconciler(String writesAs, Reconciler function) {
            component = writesAs;
            reconciler = function;
            return this;
        }

        public Kind build() {
            return new Kind(this);
        }
    }
}
