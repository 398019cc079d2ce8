package io.ruori.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.core.history.Leaves;
import io.ruori.core.patch.Apply;
import io.ruori.core.patch.FieldSet;
import io.ruori.core.patch.JsonPatch;
import io.ruori.core.patch.ManagedFields;
import io.ruori.core.patch.Manager;
import io.ruori.core.patch.MergePatch;
import io.ruori.core.patch.PatchResult;
import io.ruori.core.patch.ScaleOwnership;
import io.ruori.core.patch.StrategicMergePatch;
import io.ruori.core.patch.Versions;
import io.ruori.core.schema.CanonicalForm;
import io.ruori.core.schema.CanonicalForm.UnknownFields;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import io.ruori.core.schema.SchemaCheck;
import io.ruori.core.structural.CustomSchema;
import io.ruori.core.structural.Pruning;
import io.ruori.kind.Kind;
import io.ruori.kind.Subresource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the decider needs of schemas: checking bodies, applying patches, keeping track of who owns which field. */
public final class Edits {

    /** A body that was checked or patched. */
    public sealed interface Edited {
        /** The tree to go on with, and texts for {@code Warning} headers. */
        record Ok(ObjectNode tree, List<String> warnings) implements Edited {}

        record Bad(ApiStatus status) implements Edited {}
    }

    private final Schemas schemas;
    private final SchemaCheck check;
    private final CanonicalForm canonical;

    public Edits(Schemas schemas) {
        this.schemas = schemas;
        this.check = new SchemaCheck(schemas);
        this.canonical = new CanonicalForm(schemas);
    }

    /** Checks types and unknown fields against a definition and puts values into canonical form, in place. */
    public Edited check(Kind kind, String schemaName, ObjectNode tree, Write.FieldValidation validation) {
        CustomSchema custom = kind.custom();
        if (custom != null && schemaName.equals(kind.schemaName())) {
            return custom(kind, custom, tree, validation);
        }
        Struct struct = struct(schemaName);
        SchemaCheck.Result result = check.check(struct, tree);
        if (result.typeError().isPresent()) {
            return new Edited.Bad(SchemaCheck.cannotBeHandled(
                    kind.version(), kind.kind(), result.typeError().get()));
        }
        boolean unknown = !result.unknownFields().isEmpty();
        if (unknown && validation == Write.FieldValidation.STRICT) {
            return new Edited.Bad(SchemaCheck.cannotBeHandled(kind.version(), kind.kind(), result.strictError()));
        }
        canonical.apply(struct, tree, UnknownFields.DROP);
        return new Edited.Ok(tree, unknown && validation == Write.FieldValidation.WARN ? result.warnings() : List.of());
    }

    /** What is wrong with the fields of a body, besides their values: the texts of warnings. The body stays as it is. */
    public List<String> unknownFields(Kind kind, String schemaName, ObjectNode tree) {
        return switch (check(kind, schemaName, tree.deepCopy(), Write.FieldValidation.WARN)) {
            case Edited.Ok ok -> ok.warnings();
            case Edited.Bad bad -> List.of();
        };
    }

    /** A custom resource: the fields that every resource has are decoded, the others pruned; their types are validation's. */
    private Edited custom(Kind kind, CustomSchema custom, ObjectNode tree, Write.FieldValidation validation) {
        ObjectNode common = Json.object();
        for (String field : CustomSchema.COMMON) {
            JsonNode value = tree.get(field);
            if (value != null) {
                common.set(field, value);
            }
        }
        SchemaCheck.Result result = check.check(CustomSchema.COMMON_TYPE, common);
        if (result.typeError().isPresent()) {
            return new Edited.Bad(SchemaCheck.cannotBeHandled(
                    kind.version(), kind.kind(), result.typeError().get()));
        }
        List<String> unknown = new ArrayList<>(result.unknownFields());
        unknown.addAll(Pruning.prune(tree, custom.structure()));
        if (!unknown.isEmpty() && validation == Write.FieldValidation.STRICT) {
            SchemaCheck.Result all = new SchemaCheck.Result(unknown, Optional.empty());
            return new Edited.Bad(SchemaCheck.cannotBeHandled(kind.version(), kind.kind(), all.strictError()));
        }
        canonical.apply(CustomSchema.COMMON_TYPE, common, UnknownFields.DROP);
        common.properties().forEach(field -> tree.set(field.getKey(), field.getValue()));
        return new Edited.Ok(
                tree,
                validation == Write.FieldValidation.WARN
                        ? new SchemaCheck.Result(unknown, Optional.empty()).warnings()
                        : List.of());
    }

    /** Applies a JSON, merge or strategic merge patch; the result is a new tree, not yet checked. */
    public Edited patch(Write.PatchType type, String schemaName, ObjectNode live, JsonNode patch) {
        return edited(
                switch (type) {
                    case JSON -> JsonPatch.apply(live, patch);
                    case MERGE -> MergePatch.apply(live, patch);
                    case STRATEGIC -> StrategicMergePatch.apply(live, patch, struct(schemaName), schemas);
                    case APPLY -> throw new IllegalArgumentException("apply has its own way");
                });
    }

    /**
     * Server-side apply, managedFields included.
     *
     * @param kind in the version of the configuration
     * @param live as stored, like the result; null where the object does not exist
     */
    public Edited apply(Kind kind, @Nullable ObjectNode live, ObjectNode applied, Manager manager, boolean force) {
        FieldSet reset = outOfReach(kind, applied, manager.subresource());
        return edited(Apply.apply(live, applied, versions(kind), manager, force, reset));
    }

    /** What a configuration says to no effect on the path it was sent to, and so nobody comes to own by that. */
    private static FieldSet outOfReach(Kind kind, ObjectNode applied, String subresource) {
        return switch (subresource) {
            case "" -> kind.hasStatus() ? FieldSet.of("f:status") : FieldSet.EMPTY;
            case "status" -> {
                FieldSet others = beside(applied, List.of("status")).minus(FieldSet.of("f:metadata"));
                for (String field : kind.ruled().rules().metadataOutsideStatus()) {
                    others = others.union(FieldSet.ofFields(List.of("metadata", field)));
                }
                yield others;
            }
            default -> beside(applied, place(kind, subresource));
        };
    }

    private static List<String> place(Kind kind, String subresource) {
        return Objects.requireNonNull(kind.subresources().get(subresource)).place();
    }

    /** All fields that lie neither at a place nor below it. */
    private static FieldSet beside(JsonNode object, List<String> place) {
        FieldSet all = FieldSet.EMPTY;
        List<String> path = new ArrayList<>();
        JsonNode level = object;
        for (String wanted : place) {
            for (var field : level.properties()) {
                if (!field.getKey().equals(wanted)) {
                    path.add(field.getKey());
                    all = all.union(FieldSet.ofFields(path));
                    path.removeLast();
                }
            }
            path.add(wanted);
            level = level.path(wanted);
        }
        return all;
    }

    /**
     * Server-side apply of a scale.
     *
     * @param object as stored
     * @param manager in the scale's version
     * @return the scale that is wanted, its managedFields those of the object
     */
    public Edited applyScale(
            Kind kind, Subresource scale, ObjectNode object, ObjectNode applied, Manager manager, boolean force) {
        ScaleOwnership ownership = new ScaleOwnership(scale.apiVersion(), replicas(kind, scale.name()));
        ObjectNode live = scale.read().apply(kind.parted().fromStored(object.deepCopy()));
        Versions only = Versions.only(struct(scale.schemaName()), schemas);
        Edited edited = edited(
                Apply.apply(ownership.ofScale(object, live), applied, only, manager, force, FieldSet.of("f:status")));
        return edited instanceof Edited.Ok ok
                ? new Edited.Ok(ownership.ofObject(object, ok.tree(), kind.apiVersion()), List.of())
                : edited;
    }

    /** Where each version of a kind keeps how many are asked for. */
    private static Map<String, FieldSet> replicas(Kind kind, String scale) {
        Map<String, FieldSet> places = new HashMap<>();
        for (Kind version : kind.versions()) {
            Subresource part = version.subresources().get(scale);
            if (part != null) {
                places.put(version.apiVersion(), FieldSet.ofFields(part.place()));
            }
        }
        return places;
    }

    /**
     * The object with {@code metadata.managedFields} kept up for an ordinary write; {@code before} is null on create. Both as
     * stored.
     */
    public ObjectNode own(Kind kind, @Nullable ObjectNode before, ObjectNode after, Manager manager) {
        return ManagedFields.updated(before, after, versions(kind), manager);
    }

    /**
     * The leaves of a stored object by their paths.
     *
     * @param kind null for one that is not known any more
     */
    public Map<String, JsonNode> leaves(@Nullable Kind kind, ObjectNode stored) {
        return Leaves.of(stored, kind == null ? null : struct(kind.stored()), schemas);
    }

    private Versions versions(Kind kind) {
        List<Kind> all = kind.versions();
        if (all.size() == 1) {
            return Versions.only(struct(kind), schemas);
        }
        return new Versions(all.stream().map(this::version).toList());
    }

    private Versions.Version version(Kind kind) {
        return new Versions.Version(
                kind.apiVersion(),
                struct(kind),
                schemas,
                kind.isStored() ? null : kind::fromStored,
                kind.isStored() ? null : kind::toStored,
                !kind.hasStoredShape());
    }

    private Struct struct(Kind kind) {
        CustomSchema custom = kind.custom();
        return custom == null ? struct(kind.schemaName()) : custom.type();
    }

    private Struct struct(String schemaName) {
        return (Struct) schemas.resolve(schemas.named(schemaName));
    }

    private static Edited edited(PatchResult result) {
        return switch (result) {
            case PatchResult.Patched patched -> new Edited.Ok(patched.object(), List.of());
            case PatchResult.Refused refused -> new Edited.Bad(refused.status());
        };
    }
}
