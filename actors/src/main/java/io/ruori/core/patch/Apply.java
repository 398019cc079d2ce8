package io.ruori.core.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.core.patch.ManagedEntry.Owner;
import io.ruori.core.patch.Versions.Version;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply: a manager says what it wants of an object; what it mentions it owns, and what it mentioned last time
 * and no longer does goes away, unless somebody else owns it.
 *
 * <p>One step after the other: lay the configuration over the live object; remove what this manager dropped; compare with
 * the live object; whatever changed that others own is a conflict, or with {@code force} is taken from them. Managers that
 * apply equal values own a field together.
 */
public final class Apply {
    /** The entry that fields get which were there before anybody's ownership was tracked. */
    static final String BEFORE_FIRST_APPLY = "before-first-apply";

    /** kubectl's annotation for client-side apply; server-side apply by kubectl takes over from it. */
    static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private static final String KUBECTL = "kubectl";

    /** All annotations of an object together; above it kubectl's is dropped rather than the write refused. */
    private static final int MAX_ANNOTATIONS = 256 << 10;

    private final Versions versions;
    private final Version version;
    private final FieldTypes types;
    private final SpecifiedFields specified;
    private final Struct schema;
    private final Manager manager;
    private final FieldSet reset;

    private Apply(Versions versions, Manager manager, FieldSet reset) {
        this.versions = versions;
        this.version = versions.of(manager.apiVersion());
        this.types = new FieldTypes(version.schemas());
        this.specified = new SpecifiedFields(types);
        this.schema = version.schema();
        this.manager = manager;
        this.reset = reset;
    }

    /**
     * Applies a configuration. Answers the live object itself where it changes nothing; when normalizing the result
     * (defaults, quantities) may undo a change, put it through {@link ManagedFields#settled} afterwards.
     *
     * @param live null when there is none: the configuration then is the object
     * @param reset fields this endpoint ignores, such as {@code FieldSet.of("f:status")}; nobody comes to own them by this
     * @param manager with operation {@code APPLY}
     */
    public static PatchResult apply(
            @Nullable ObjectNode live,
            JsonNode applied,
            Struct schema,
            Schemas schemas,
            Manager manager,
            boolean force,
            FieldSet reset) {
        return apply(live, applied, Versions.only(schema, schemas), manager, force, reset);
    }

    /**
     * The same for a kind with several versions; the live object and the result are as stored, the configuration is in the
     * manager's version.
     */
    public static PatchResult apply(
            @Nullable ObjectNode live,
            JsonNode applied,
            Versions versions,
            Manager manager,
            boolean force,
            FieldSet reset) {
        return PatchRefusal.guard(
                () -> new Apply(versions, manager, reset).result(live, checked(applied, manager), force));
    }

    private static ObjectNode checked(JsonNode applied, Manager manager) {
        if (!(applied instanceof ObjectNode config)) {
            throw PatchRefusal.malformed("error decoding patch: json: cannot unmarshal " + JsonPatch.goKind(applied)
                    + " into Go value of type map[string]interface {}");
        }
        if (!Json.text(config, "apiVersion").equals(manager.apiVersion())) {
            throw PatchRefusal.malformed("invalid object type: " + kindOf(config));
        }
        if (!JsonValues.isAbsent(config.path("metadata").get("managedFields"))) {
            throw PatchRefusal.malformed("metadata.managedFields must be nil");
        }
        return config;
    }

    private static String kindOf(ObjectNode config) {
        String apiVersion = Json.text(config, "apiVersion");
        return (apiVersion.isEmpty() ? "/" : apiVersion) + ", Kind=" + Json.text(config, "kind");
    }

    private ObjectNode result(@Nullable ObjectNode stored, ObjectNode config, boolean force) {
        ObjectNode live = stored == null ? null : version.shown(stored);
        String untyped = AppliedTypes.errors(types, config, schema);
        if (!untyped.isEmpty()) {
            throw PatchRefusal.untyped("failed to create typed patch object ("
                    + Json.text(config, "metadata", "namespace") + "/" + Json.text(config, "metadata", "name") + "; "
                    + kindOf(config) + "): " + untyped);
        }
        ObjectNode before = live == null ? Json.object() : live;
        List<ManagedEntry> entries = entries(live);
        FieldSet mentioned = specified.of(config, schema).without(reset);
        FieldSet wanted = mentioned.minus(Stripped.FIELDS);
        ObjectNode merged = (ObjectNode) new TypedMerge(types).merged(before, config, schema);
        ObjectNode after = pruned(merged, entries, mentioned, before);
        return stored == null
                ? tracked(before, before, after, config, entries, wanted, true)
                : tracked(stored, before, after, config, entries, wanted, force);
    }

    /** The entries to start from; an object nobody tracked belongs to somebody from before. */
    private List<ManagedEntry> entries(@Nullable ObjectNode live) {
        if (live == null) {
            return List.of();
        }
        List<ManagedEntry> entries = ManagedFields.decodeOwn(ManagedFields.entriesOf(live));
        if (!entries.isEmpty()) {
            return entries;
        }
        FieldSet untracked =
                FieldComparison.of(Json.object(), live, schema, types.schemas()).changed();
        Manager somebody = new Manager(
                BEFORE_FIRST_APPLY,
                Manager.Operation.UPDATE,
                manager.apiVersion(),
                manager.subresource(),
                manager.now());
        return untracked.isEmpty() ? List.of() : List.of(ManagedEntry.of(somebody, untracked));
    }

    // Removal of what was dropped

    private ObjectNode pruned(ObjectNode merged, List<ManagedEntry> entries, FieldSet mentioned, ObjectNode before) {
        FieldSet last = FieldSet.EMPTY;
        FieldSet managed = mentioned;
        for (ManagedEntry entry : entries) {
            if (entry.owner().equals(Owner.of(manager))) {
                last = translated(entry, before);
            } else {
                managed = managed.union(translated(entry, before));
            }
        }
        return (ObjectNode) withoutDropped(merged, last, managed, mentioned);
    }

    /**
     * What an entry of another version owns, by this version's names: the fields it owns alone, converted, and what is there
     * then.
     */
    private FieldSet translated(ManagedEntry entry, ObjectNode before) {
        Version other = versions.of(entry.apiVersion());
        if (other.equals(version) || (!other.renames() && !version.renames())) {
            return entry.fields();
        }
        SpecifiedFields fields = new SpecifiedFields(new FieldTypes(other.schemas()));
        ObjectNode whole = other.shown(version.stored(before));
        FieldSet rest = fields.of(whole, other.schema()).minus(entry.fields());
        return fields.without(whole, rest, other.schema()) instanceof ObjectNode owned
                ? specified.of(version.shown(other.stored(owned)), schema)
                : FieldSet.EMPTY;
    }

    /**
     * Upstream's three steps: take away all this manager had; bring back what anybody (it, too) owns now; bring back what
     * it never owned and only went along with its surroundings.
     */
    private JsonNode withoutDropped(ObjectNode merged, FieldSet last, FieldSet managed, FieldSet mentioned) {
        if (last.minus(managed).isEmpty()) {
            return merged;
        }
        FieldSet had = specified.withStructs(last, schema);
        FieldSet all = specified.withStructs(specified.of(merged, schema), schema);
        FieldSet left = fieldsOf(specified.without(merged, had, schema));
        FieldSet owned = left.union(specified.withStructs(managed, schema));
        FieldSet kept = fieldsOf(specified.without(merged, all.minus(owned), schema));
        JsonNode result = specified.without(merged, all.minus(kept).intersection(had), mentioned, schema);
        return result.isNull() ? Json.object() : result;
    }

    private FieldSet fieldsOf(JsonNode value) {
        return specified.withStructs(specified.of(value, schema), schema);
    }

    // Ownership

    /**
     * @param stored the live object as it is stored
     * @param before the live object in this version
     */
    private ObjectNode tracked(
            ObjectNode stored,
            ObjectNode before,
            ObjectNode after,
            ObjectNode config,
            List<ManagedEntry> entries,
            FieldSet wanted,
            boolean force) {
        FieldComparison comparison = FieldComparison.of(before, after, schema, types.schemas());
        Comparisons others = new Comparisons(versions, stored, version.stored(after));
        if (!force) {
            refuseConflicts(before, entries, others);
        }
        Owner self = Owner.of(manager);
        List<ManagedEntry> owners = new ArrayList<>();
        @Nullable ManagedEntry mine = null;
        for (ManagedEntry entry : entries) {
            if (entry.owner().equals(self)) {
                mine = entry;
            } else {
                FieldComparison theirs = others.in(entry.apiVersion());
                FieldSet changed = theirs.changed().without(reset);
                FieldSet removed = theirs.removed().without(reset);
                ManagedEntry left = entry.with(entry.fields().minus(changed).without(removed));
                if (!left.fields().isEmpty()) {
                    owners.add(left);
                }
            }
        }
        ObjectNode result = annotated((ObjectNode) new TypedMerge(types).withoutNulls(after, before, schema), config);
        if (!wanted.isEmpty()) {
            // Who applies again what already is keeps the time; a new owner gets one all the same.
            String time = mine != null && comparison.isSame() ? mine.time() : ManagedEntry.time(manager.now());
            owners.add(new ManagedEntry(self, manager.apiVersion(), time, wanted, null));
        }
        return stored(stored, before, result, owners);
    }

    /** The live object itself where neither a value nor an owner changed. */
    private ObjectNode stored(ObjectNode stored, ObjectNode before, ObjectNode after, List<ManagedEntry> owners) {
        ArrayNode entries = ManagedFields.encode(owners);
        ArrayNode old = ManagedFields.entriesOf(before);
        if (old != null && JsonValues.same(old, entries)) {
            return JsonValues.same(before, after) ? stored : ManagedFields.withEntries(version.stored(after), old);
        }
        return ManagedFields.withEntries(version.stored(after), entries);
    }

    // Conflicts

    private void refuseConflicts(ObjectNode before, List<ManagedEntry> entries, Comparisons others) {
        FieldSet allowed = manager.name().equals(KUBECTL) ? appliedByClient(before) : FieldSet.EMPTY;
        Map<Owner, List<String>> conflicts = new TreeMap<>(Comparator.comparing(Apply::identity));
        for (ManagedEntry entry : entries) {
            FieldSet changed = others.in(entry.apiVersion()).changed().without(reset);
            FieldSet conflict = entry.fields().intersection(changed).minus(allowed);
            if (!entry.owner().equals(Owner.of(manager)) && !conflict.isEmpty()) {
                conflicts.put(entry.owner(), conflict.paths());
            }
        }
        if (!conflicts.isEmpty()) {
            throw PatchRefusal.of(conflict(conflicts));
        }
    }

    private static ApiStatus conflict(Map<Owner, List<String>> conflicts) {
        List<ApiStatus.Cause> causes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        conflicts.forEach((owner, paths) -> {
            lines.add("conflicts with " + shown(owner) + ":");
            for (String path : paths) {
                lines.add("- " + path);
                causes.add(new ApiStatus.Cause("FieldManagerConflict", "conflict with " + shown(owner), path));
            }
        });
        String message = causes.size() == 1
                ? "Apply failed with 1 conflict: " + causes.getFirst().message() + ": "
                        + causes.getFirst().field()
                : "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
        return new ApiStatus(409, "Conflict", message, "", "", "", "", causes, 0, "");
    }

    /** How upstream tells managers apart, and sorts them. */
    private static String identity(Owner owner) {
        String version = owner.version().isEmpty() ? "" : ",\"apiVersion\":\"" + owner.version() + '"';
        String subresource = owner.subresource().isEmpty() ? "" : ",\"subresource\":\"" + owner.subresource() + '"';
        return '"' + owner.name() + "\",\"operation\":\"" + owner.operation().wire() + '"' + version + subresource
                + '}';
    }

    private static String shown(Owner owner) {
        String subresource = owner.subresource().isEmpty() ? "" : " with subresource \"" + owner.subresource() + "\"";
        String version = owner.isApplier() ? "" : " using " + owner.version();
        return "\"" + owner.name() + "\"" + subresource + version;
    }

    // kubectl's way over from client-side apply

    /** What kubectl applied from the client and still stands: it may take that over without a conflict. */
    private FieldSet appliedByClient(ObjectNode live) {
        String text =
                Json.at(live, "metadata", "annotations").path(LAST_APPLIED).asText("");
        if (text.isEmpty()) {
            return FieldSet.EMPTY;
        }
        try {
            if (!(Json.mapper().readTree(text) instanceof ObjectNode config)
                    || !Json.text(config, "apiVersion").equals(manager.apiVersion())) {
                return FieldSet.EMPTY;
            }
            FieldComparison since = FieldComparison.of(config, live, schema, types.schemas());
            return specified.of(config, schema).minus(since.changed()).minus(since.removed());
        } catch (JsonProcessingException notOurs) {
            return FieldSet.EMPTY;
        }
    }

    /** Keeps kubectl's annotation true, where there is one, so that a client-side apply later starts from this. */
    private ObjectNode annotated(ObjectNode object, ObjectNode config) {
        JsonNode annotations = Json.at(object, "metadata", "annotations");
        if (!manager.name().equals(KUBECTL)
                || annotations.path(LAST_APPLIED).asText("").isEmpty()) {
            return object;
        }
        ObjectNode bare = config.deepCopy();
        if (bare.path("metadata").get("annotations") instanceof ObjectNode own) {
            own.remove(LAST_APPLIED);
        } else if (bare.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("annotations");
        }
        ObjectNode changed = ((ObjectNode) annotations).deepCopy();
        changed.put(LAST_APPLIED, GoJson.write(bare) + "\n");
        if (JsonSize.of(changed) > MAX_ANNOTATIONS) {
            changed.remove(LAST_APPLIED);
        }
        ObjectNode metadata = JsonValues.copyOf((ObjectNode) object.get("metadata"));
        metadata.set("annotations", changed);
        ObjectNode result = JsonValues.copyOf(object);
        result.set("metadata", metadata);
        return result;
    }

    /** Fields that nobody owns, as a set. */
    private static final class Stripped {
        static final FieldSet FIELDS = fields();

        private static FieldSet fields() {
            FieldSet stripped = FieldSet.of("f:metadata");
            for (String name : FieldTypes.STRIPPED_AT_TOP) {
                stripped = stripped.union(FieldSet.of(PathElement.field(name)));
            }
            for (String name : FieldTypes.STRIPPED_OF_METADATA) {
                stripped = stripped.union(FieldSet.of("f:metadata", PathElement.field(name)));
            }
            return stripped;
        }
    }
}
