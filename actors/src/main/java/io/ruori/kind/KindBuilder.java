package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.core.structural.CustomSchema;
import io.ruori.kind.ServedVersion.Conversion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects the descriptor of a {@link Kind}; what is not said stays as most kinds have it. */
public final class KindBuilder {
    final KindName name;
    final String group;
    final String version;
    final String kind;
    final String schemaName;
    String singular = "";
    String listKind = "";
    List<String> shortNames = List.of();
    List<String> categories = List.of();
    boolean namespaced = true;
    Set<String> verbs = Kind.ALL_VERBS;
    boolean hasStatus;
    KindRules rules = new KindRules() {};
    List<Column> columns = List.of();
    final Map<String, Function<JsonNode, String>> fields = new LinkedHashMap<>();
    final Set<String> indexedFields = new HashSet<>();
    final Map<String, String> selectableFields = new LinkedHashMap<>();

    @Nullable
    Function<JsonNode, ?> digest;

    final Map<String, Subresource> subresources = new LinkedHashMap<>();
    final List<Wakes> wakes = new ArrayList<>();

    @Nullable
    Reconciler reconciler;

    String component = "";
    boolean served = true;
    String warning = "";
    Conversion conversion = Conversion.NONE;
    final List<ServedVersion> versions = new ArrayList<>();

    @Nullable
    CustomSchema custom;

    Revision currentSince = Revision.ZERO;

    @Nullable
    UnaryOperator<ObjectNode> upgrade;

    boolean deletedObjectAnswered;
    boolean revisionRequired;
    boolean createdByUpdate;
    final List<ObjectNode> firstObjects = new ArrayList<>();
    Kind.@Nullable StandsFor standsFor;

    KindBuilder(KindName name, String version, String kind, String schemaName) {
        this.name = name;
        this.group = name.group();
        this.version = version;
        this.kind = kind;
        this.schemaName = schemaName;
    }

    /** Another version of a kind: the same in everything that is not said. What reconcilers need stays with the stored one. */
    KindBuilder(KindBuilder of, ServedVersion as) {
        this.name = of.name;
        this.group = as.group();
        this.version = as.version();
        this.kind = of.kind;
        this.schemaName = as.schemaName();
        this.singular = of.singular;
        this.listKind = of.listKind;
        this.shortNames = of.shortNames;
        this.categories = of.categories;
        this.namespaced = of.namespaced;
        this.verbs = of.verbs;
        this.hasStatus = of.hasStatus;
        this.rules = of.rules;
        this.columns = of.columns;
        this.selectableFields.putAll(as.fields());
        this.subresources.putAll(of.subresources);
        this.conversion = as.conversion();
        this.deletedObjectAnswered = of.deletedObjectAnswered;
        this.revisionRequired = of.revisionRequired;
        this.createdByUpdate = of.createdByUpdate;
    }

    public KindBuilder clusterScoped() {
        namespaced = false;
        return this;
    }

    /** Where it is not the kind in lower case. */
    public KindBuilder singular(String word) {
        singular = word;
        return this;
    }

    /** Where it is not the kind with "List" behind it. */
    public KindBuilder listKind(String name) {
        listKind = name;
        return this;
    }

    public KindBuilder shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    public KindBuilder categories(String... names) {
        categories = List.of(names);
        return this;
    }

    public KindBuilder verbs(Set<String> served) {
        verbs = served;
        return this;
    }

    /** Gives the kind a {@code status} sub-resource. */
    public KindBuilder status() {
        return status(true);
    }

    public KindBuilder status(boolean isSubresource) {
        hasStatus = isSubresource;
        return this;
    }

    /** For kinds that a CustomResourceDefinition describes. */
    public KindBuilder custom(CustomSchema schema) {
        custom = schema;
        return this;
    }

    /**
     * Objects written up to a revision may lack what the kind asks for by now, and are completed when they are read.
     */
    public KindBuilder completing(Revision writtenUpTo, UnaryOperator<ObjectNode> completed) {
        currentSince = writtenUpTo;
        upgrade = completed;
        return this;
    }

    public KindBuilder rules(KindRules checks) {
        rules = checks;
        return this;
    }

    public KindBuilder columns(Column... shown) {
        columns = List.of(shown);
        return this;
    }

    /** A field that selectors may name. */
    public KindBuilder selectable(String path, Function<JsonNode, String> read) {
        fields.put(path, read);
        selectableFields.put(path, path);
        return this;
    }

    /** A field that selectors of another version may name. */
    public KindBuilder kept(String path, Function<JsonNode, String> read) {
        fields.put(path, read);
        return this;
    }

    /** Selectable fields the view keeps an index of. */
    public KindBuilder indexed(String... paths) {
        indexedFields.addAll(List.of(paths));
        return this;
    }

    /** A value the view indexes for reconcilers ({@code View.byField}) and no selector may name. */
    public KindBuilder indexOnly(String name, Function<JsonNode, String> read) {
        fields.put(name, read);
        return indexed(name);
    }

    /** What reconcilers read of this kind most often; see {@link StoredObject#digest}. */
    public KindBuilder digest(Function<JsonNode, ?> read) {
        digest = read;
        return this;
    }

    public KindBuilder subresource(Subresource part) {
        subresources.put(part.name(), part);
        return this;
    }

    /** Takes away the sub-resources that another version has, and gives this one its own. */
    public KindBuilder onlySubresources(List<Subresource> parts) {
        subresources.clear();
        parts.forEach(this::subresource);
        return this;
    }

    public KindBuilder wokenBy(Wakes... rules) {
        wakes.addAll(List.of(rules));
        return this;
    }

    /**
     * @param writesAs the component its writes are made as
     */
    public KindBuilder reconciler(String writesAs, Reconciler function) {
        component = writesAs;
        reconciler = function;
        return this;
    }

    /** A further version to serve; the first one said, by {@link Kind#of}, is the stored one. */
    public KindBuilder serves(ServedVersion other) {
        versions.add(other);
        return this;
    }

    /** Stored in this version, or was once, but no longer shown in it. */
    public KindBuilder notServed() {
        served = false;
        return this;
    }

    /** Clients of this version are warned with every answer. */
    public KindBuilder deprecated(String told) {
        warning = told;
        return this;
    }

    /** A delete answers with the object, not with a Status. */
    public KindBuilder answersWithDeleted() {
        deletedObjectAnswered = true;
        return this;
    }

    /** An update has to say which revision it is of. */
    public KindBuilder revisionRequired() {
        revisionRequired = true;
        return this;
    }

    /** A PUT of an object that is not there makes it. */
    public KindBuilder createdByUpdate() {
        createdByUpdate = true;
        return this;
    }

    /** An object every cluster has from its start; the body of its creation, with its name and namespace. */
    public KindBuilder firstObject(ObjectNode object) {
        firstObjects.add(object);
        return this;
    }

    public KindBuilder standsFor(KindName other, String subresource) {
        standsFor = new Kind.StandsFor(other, subresource);
        return this;
    }

    public Kind build() {
        return new Kind(this, null);
    }
}
