package io.ruori.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.Decision.Accepted;
import io.ruori.core.Decision.Rejected;
import io.ruori.core.Decision.Unchanged;
import io.ruori.core.Edits.Edited;
import io.ruori.core.admission.Admission;
import io.ruori.core.patch.JsonValues;
import io.ruori.core.patch.ManagedFields;
import io.ruori.core.patch.Manager;
import io.ruori.kind.Kind;
import io.ruori.kind.MetaRules;
import io.ruori.kind.Subresource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides every write of one kind. The order is upstream's: decode and check the body, restore what this path may not touch,
 * defaults, field ownership, mutating admission, the kind's own fields, validation, validating admission.
 *
 * <p>A create, an update and an apply meet in {@link #storeNew} or {@link #storeChanged}; everything before only makes the
 * wanted tree, everything after is the same for all.
 */
public final class Decider {
    private static final String METADATA = "metadata";
    private static final String STATUS = "status";

    /** Fields of metadata that only the server sets: an update carries them over from the live object. */
    private static final List<String> SERVER_METADATA = List.of(
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "selfLink",
            "resourceVersion",
            "generateName");

    private final Kind kind;
    private final Edits edits;
    private final Admission admission;

    public Decider(Kind kind, Edits edits, Admission admission) {
        this.kind = kind;
        this.edits = edits;
        this.admission = admission;
    }

    public Decision decide(ObjectKey key, ObjectState state, Write write, Asking asking) {
        return switch (write) {
            case Write.Create create -> create(key, state, create, asking);
            case Write.Replace replace -> replace(key, state, replace, asking);
            case Write.Patch patch -> patch(key, state, patch, asking);
            case Write.Delete delete -> delete(key, state, delete, asking);
            case Write.Own own -> own(key, state, own, asking);
            case Write.Promised promised -> promised(key, state, promised, asking);
        };
    }

    private Decision promised(ObjectKey key, ObjectState state, Write.Promised promised, Asking asking) {
        boolean holds =
                state.revision().equals(promised.basis()) && !asking.now().isAfter(promised.until());
        return holds ? decide(key, state, promised.write(), asking) : new Rejected(ApiStatus.modified(key));
    }

    private Decision own(ObjectKey key, ObjectState state, Write.Own own, Asking asking) {
        StoredObject live = existing(state);
        if (live == null) {
            return new Rejected(ApiStatus.notFound(key));
        }
        Optional<ApiStatus> conflict = Preconditions.of(key, live, own.precondition());
        if (conflict.isPresent()) {
            return new Rejected(conflict.get());
        }
        ObjectNode before = kind.tree(live);
        return switch (own.deed().on(kind.tree(live), asking.now())) {
            case Subresource.Folded.Refused refused -> new Rejected(refused.status());
            case Subresource.Folded.Into into -> {
                ObjectNode owned = edits.own(kind, before, into.object(), updating(kind, asking, STATUS));
                ObjectNode settled = ManagedFields.settled(before, owned);
                yield JsonValues.same(settled, before)
                        ? new Unchanged(live, List.of())
                        : new Accepted(Decision.Outcome.UPDATED, settled, List.of());
            }
        };
    }

    // ---- create

    /** What is wrong with the object itself is said before that its name is taken, as upstream does. */
    private Decision create(ObjectKey key, ObjectState state, Write.Create create, Asking asking) {
        Kind asked = version(create.apiVersion());
        if (asked == null) {
            return unserved();
        }
        Decision alone = createAbsent(key, asked, create, asking);
        return switch (state) {
            case ObjectState.Absent absent -> alone;
            case ObjectState.Live live ->
                alone instanceof Rejected ? alone : new Rejected(ApiStatus.alreadyExists(key));
            case ObjectState.Terminating terminating ->
                alone instanceof Rejected ? alone : new Rejected(beingDeleted(key));
        };
    }

    private Decision createAbsent(ObjectKey key, Kind asked, Write.Create create, Asking asking) {
        return switch (edits.check(asked, asked.schemaName(), create.body(), create.validation())) {
            case Edited.Bad bad -> new Rejected(bad.status());
            case Edited.Ok ok -> storeNew(key, asked, in(asked.ruled(), ok, asked), asking, true);
        };
    }

    private static ApiStatus beingDeleted(ObjectKey key) {
        ApiStatus exists = ApiStatus.alreadyExists(key);
        return new ApiStatus(
                exists.code(),
                exists.reason(),
                "object is being deleted: " + exists.message(),
                exists.group(),
                exists.kind(),
                exists.name(),
                "",
                List.of(),
                0,
                "");
    }

    /**
     * @param asked the version of the request
     * @param wanted in the version whose rules apply to that
     */
    private Decision storeNew(ObjectKey key, Kind asked, Edited.Ok wanted, Asking asking, boolean ownFields) {
        Kind kind = asked.ruled();
        ObjectNode tree = wanted.tree();
        if (!Json.text(tree, METADATA, "resourceVersion").isEmpty()) {
            return new Rejected(ApiStatus.badRequest("resourceVersion should not be set on objects to be created"));
        }
        if (kind.hasStatus() && !kind.rules().createdWithStatus()) {
            tree.remove(STATUS);
        }
        newMetadata(kind, key, tree, asking);
        kind.rules().applyDefaults(tree);
        if (ownFields) {
            // Before admission and the kind add theirs, which nobody owns.
            own(asked, tree, asking);
        }
        admission.mutateCreate(kind, tree, asking.facts());
        kind.rules().prepareCreate(tree, asking.origin(), asking.now());
        FieldErrors errors = new FieldErrors();
        MetaRules.validate(kind, tree, errors);
        kind.rules().validateCreate(tree, errors);
        if (!errors.isEmpty()) {
            return new Rejected(invalid(tree, errors));
        }
        Optional<ApiStatus> refusal = admission.validateCreate(kind, key, tree, asking.facts());
        if (refusal.isPresent()) {
            return new Rejected(refusal.get());
        }
        List<String> warnings = new ArrayList<>(wanted.warnings());
        warnings.addAll(kind.rules().warnings(tree));
        return new Accepted(Decision.Outcome.CREATED, kind.toStored(tree), warnings);
    }

    /** Notes who set the fields of an object to be created. */
    private void own(Kind asked, ObjectNode tree, Asking asking) {
        Kind kind = asked.ruled();
        ObjectNode stored = kind.isStored() ? tree : kind.toStored(tree.deepCopy());
        ObjectNode owned = edits.own(asked, null, stored, updating(asked, asking, ""));
        carry(owned.path(METADATA), Json.child(tree, METADATA), "managedFields");
    }

    private static void newMetadata(Kind kind, ObjectKey key, ObjectNode tree, Asking asking) {
        tree.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        ObjectNode metadata = Json.child(tree, METADATA);
        metadata.remove(SERVER_METADATA.subList(0, SERVER_METADATA.size() - 1));
        metadata.put("name", key.name());
        if (kind.isNamespaced()) {
            metadata.put("namespace", key.namespace());
        } else {
            metadata.remove("namespace");
        }
        metadata.put("uid", asking.nextUid().value());
        metadata.put("creationTimestamp", seconds(asking.now()));
        if (kind.rules().hasGeneration()) {
            metadata.put("generation", 1);
        }
    }

    // ---- update

    private Decision replace(ObjectKey key, ObjectState state, Write.Replace replace, Asking asking) {
        StoredObject live = existing(state);
        Kind asked = version(replace.apiVersion());
        if (asked == null) {
            return unserved();
        }
        if (live == null) {
            return replaceAbsent(key, asked, replace, asking);
        }
        Part part = part(asked, replace.subresource());
        return switch (edits.check(asked, part.schemaName, replace.body(), replace.validation())) {
            case Edited.Bad bad -> new Rejected(bad.status());
            case Edited.Ok ok -> {
                Optional<ApiStatus> conflict =
                        Preconditions.ofUpdate(kind, key, live, part.subresource == null, ok.tree());
                yield conflict.isPresent() ? new Rejected(conflict.get()) : fold(live, part, ok, asking);
            }
        };
    }

    /** A PUT makes the object where its kind says so, unless it was meant for one that was there. */
    private Decision replaceAbsent(ObjectKey key, Kind asked, Write.Replace replace, Asking asking) {
        boolean creates = kind.isCreatedByUpdate()
                && replace.subresource().isEmpty()
                && Json.text(replace.body(), METADATA, "resourceVersion").isEmpty();
        if (!creates) {
            return new Rejected(ApiStatus.notFound(key));
        }
        Optional<ApiStatus> conflict = Preconditions.ofAbsent(key, replace.body());
        return conflict.isPresent()
                ? new Rejected(conflict.get())
                : createAbsent(key, asked, new Write.Create(replace.body(), replace.validation()), asking);
    }

    private Decision patch(ObjectKey key, ObjectState state, Write.Patch patch, Asking asking) {
        StoredObject live = existing(state);
        Kind asked = version(patch.apiVersion());
        if (asked == null) {
            return unserved();
        }
        if (patch.type() == Write.PatchType.APPLY) {
            return apply(key, asked, live, patch, asking);
        }
        if (live == null) {
            return new Rejected(ApiStatus.notFound(key));
        }
        Optional<ApiStatus> conflict = Preconditions.of(key, live, patch.precondition());
        if (conflict.isPresent()) {
            return new Rejected(conflict.get());
        }
        Part part = part(asked, patch.subresource());
        ObjectNode current = part.read(live);
        return switch (edits.patch(patch.type(), part.schemaName, current, patch.patch())) {
            case Edited.Bad bad -> new Rejected(bad.status());
            case Edited.Ok patched ->
                switch (edits.check(asked, part.schemaName, patched.tree(), patch.validation())) {
                    case Edited.Bad bad -> new Rejected(bad.status());
                    case Edited.Ok ok -> {
                        Optional<ApiStatus> stale = Preconditions.sameObject(key, current, ok.tree())
                                .or(() -> Preconditions.ofUpdate(kind, key, live, part.subresource == null, ok.tree()));
                        yield stale.isPresent() ? new Rejected(stale.get()) : fold(live, part, ok, asking);
                    }
                };
        };
    }

    private Decision apply(ObjectKey key, Kind asked, @Nullable StoredObject live, Write.Patch patch, Asking asking) {
        if (!(patch.patch() instanceof ObjectNode body)) {
            return new Rejected(
                    ApiStatus.badRequest("error decoding patch: the applied configuration must be an object"));
        }
        if (live == null && !patch.subresource().isEmpty()) {
            return new Rejected(ApiStatus.notFound(key));
        }
        Part part = part(asked, patch.subresource());
        if (live != null && part.isOfOwnForm()) {
            return applyScale(key, live, part, body, patch, asking);
        }
        ObjectNode tree = live == null ? null : kind.tree(live);
        Edited checked = edits.check(asked, asked.schemaName(), body, patch.validation());
        if (!(checked instanceof Edited.Ok applied)) {
            return new Rejected(((Edited.Bad) checked).status());
        }
        Optional<ApiStatus> conflict =
                live == null ? Preconditions.ofAbsent(key, body) : Preconditions.ofBody(key, live, body);
        if (conflict.isPresent()) {
            return new Rejected(conflict.get());
        }
        return switch (edits.apply(
                asked,
                tree,
                applied.tree(),
                manager(Manager.Operation.APPLY, asked, asking, patch.subresource()),
                patch.force())) {
            case Edited.Bad bad -> new Rejected(bad.status());
            case Edited.Ok merged -> {
                Edited.Ok ok = new Edited.Ok(merged.tree(), applied.warnings());
                yield live == null
                        ? storeNew(key, asked, in(asked.ruled(), ok, asked.stored()), asking, false)
                        : part.subresource == null
                                ? storeChanged(live, in(asked.ruled(), ok, asked.stored()), part, asking, false)
                                : foldPart(live, part, in(asked.parted(), ok, asked.stored()), asking, false);
            }
        };
    }

    /** A scale is applied as a scale; who owns its number is kept with the object. */
    private Decision applyScale(
            ObjectKey key, StoredObject live, Part part, ObjectNode body, Write.Patch patch, Asking asking) {
        Subresource scale = Objects.requireNonNull(part.subresource);
        Edited checked = edits.check(part.asked, part.schemaName, body, patch.validation());
        if (!(checked instanceof Edited.Ok applied)) {
            return new Rejected(((Edited.Bad) checked).status());
        }
        Optional<ApiStatus> conflict = Preconditions.ofBody(key, live, body);
        if (conflict.isPresent()) {
            return new Rejected(conflict.get());
        }
        Manager manager = new Manager(
                asking.origin().manager(), Manager.Operation.APPLY, scale.apiVersion(), part.name, asking.now());
        return switch (edits.applyScale(part.asked, scale, kind.tree(live), applied.tree(), manager, patch.force())) {
            case Edited.Bad bad -> new Rejected(bad.status());
            case Edited.Ok wanted ->
                foldPart(live, part, new Edited.Ok(wanted.tree(), applied.warnings()), asking, false);
        };
    }

    /** The version a write is in; null for one that is gone since the request was understood. */
    private @Nullable Kind version(String apiVersion) {
        return apiVersion.isEmpty() ? kind : kind.version(apiVersion);
    }

    private static Decision unserved() {
        return new Rejected(ApiStatus.noSuchPath());
    }

    /** From one version to another, by way of the stored one. */
    private static Edited.Ok in(Kind to, Edited.Ok edited, Kind from) {
        return to.apiVersion().equals(from.apiVersion())
                ? edited
                : new Edited.Ok(to.fromStored(from.toStored(edited.tree())), edited.warnings());
    }

    private Decision fold(StoredObject live, Part part, Edited.Ok edited, Asking asking) {
        return part.subresource == null
                ? storeChanged(live, in(part.asked.ruled(), edited, part.asked), part, asking, true)
                : foldPart(live, part, edited, asking, true);
    }

    /** @param ownFields whether who owns what is still to be noted; otherwise the part's managedFields say it */
    private Decision foldPart(StoredObject live, Part part, Edited.Ok edited, Asking asking, boolean ownFields) {
        Kind parted = part.asked.parted();
        Subresource subresource = Objects.requireNonNull(part.subresource);
        return switch (subresource.write().apply(parted.tree(live), edited.tree(), asking.now())) {
            case Subresource.Folded.Refused refused -> new Rejected(refused.status());
            case Subresource.Folded.Into into -> {
                if (!ownFields) {
                    carry(edited.tree().path(METADATA), Json.child(into.object(), METADATA), "managedFields");
                }
                Edited.Ok wanted = in(part.asked.ruled(), new Edited.Ok(into.object(), edited.warnings()), parted);
                yield storeChanged(live, wanted, part, asking, ownFields);
            }
        };
    }

    /**
     * @param wanted in the version whose rules apply to the one of the request
     */
    private Decision storeChanged(StoredObject live, Edited.Ok wanted, Part part, Asking asking, boolean ownFields) {
        Kind kind = part.asked.ruled();
        ObjectNode stored = this.kind.tree(live);
        ObjectNode old = kind.isStored() ? stored : kind.tree(live);
        ObjectNode tree = wanted.tree();
        restore(kind, old, tree, part);
        FieldErrors errors = new FieldErrors();
        boolean isMain = !part.isStatus && part.subresource == null;
        if (isMain) {
            kind.rules().prepareUpdate(tree, old);
        }
        kind.rules().applyDefaults(tree);
        if (part.isStatus) {
            kind.rules().prepareStatus(tree, old, asking.now());
            MetaRules.validateUpdate(kind, tree, old, errors);
            kind.rules().validateStatus(tree, old, errors);
        } else if (isMain || kind.custom() != null) {
            MetaRules.validateUpdate(kind, tree, old, errors);
            kind.rules().validateUpdate(tree, old, errors);
        }
        if (!errors.isEmpty()) {
            return new Rejected(invalid(tree, errors));
        }
        if (isMain) {
            Optional<ApiStatus> refusal = admission.validateUpdate(kind, live.key(), tree, old, asking.facts());
            if (refusal.isPresent()) {
                return new Rejected(refusal.get());
            }
        }
        if (kind.rules().countsForGeneration(part.name)) {
            bumpGeneration(kind, tree, old);
        }
        List<String> warnings = new ArrayList<>(wanted.warnings());
        if (isMain) {
            warnings.addAll(kind.rules().warnings(tree, old));
        }
        ObjectNode changed = kind.toStored(tree);
        ObjectNode owned =
                ownFields ? edits.own(part.asked, stored, changed, updating(part.asked, asking, part.name)) : changed;
        if (isMain) {
            admission.mutateUpdate(kind, owned, asking.facts());
        }
        if (isOver(owned)) {
            return new Accepted(Decision.Outcome.DELETED, owned, warnings);
        }
        ObjectNode settled = ManagedFields.settled(stored, owned);
        return JsonValues.same(settled, stored)
                ? new Unchanged(live, warnings)
                : new Accepted(Decision.Outcome.UPDATED, settled, warnings);
    }

    /** Puts back what this path has no say in: identity and, unless it is the status path, the status. */
    private static void restore(Kind kind, ObjectNode old, ObjectNode tree, Part part) {
        tree.set("apiVersion", old.get("apiVersion"));
        tree.set("kind", old.get("kind"));
        ObjectNode metadata = Json.child(tree, METADATA);
        JsonNode oldMetadata = old.path(METADATA);
        for (String field : SERVER_METADATA) {
            carry(oldMetadata, metadata, field);
        }
        carry(oldMetadata, metadata, "name");
        carry(oldMetadata, metadata, "namespace");
        if (part.isStatus) {
            onlyStatus(old, tree);
            kind.rules().metadataOutsideStatus().forEach(field -> carry(oldMetadata, metadata, field));
        } else if (kind.hasStatus() && part.subresource == null) {
            carry(old, tree, STATUS);
        }
    }

    private static void onlyStatus(ObjectNode old, ObjectNode tree) {
        List<String> names = new ArrayList<>();
        tree.fieldNames().forEachRemaining(names::add);
        old.fieldNames().forEachRemaining(names::add);
        for (String field : names) {
            if (!field.equals(STATUS) && !field.equals(METADATA)) {
                carry(old, tree, field);
            }
        }
    }

    private static void carry(JsonNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    private static void bumpGeneration(Kind kind, ObjectNode tree, ObjectNode old) {
        if (kind.rules().hasGeneration() && !sameExceptMetadataAndStatus(kind, tree, old)) {
            Json.child(tree, METADATA).put("generation", Json.number(old, 0, METADATA, "generation") + 1);
        }
    }

    private static boolean sameExceptMetadataAndStatus(Kind kind, ObjectNode a, ObjectNode b) {
        return countsTowardsGeneration(kind, a) == countsTowardsGeneration(kind, b)
                && a.properties().stream()
                        .allMatch(e -> isMetadataOrStatus(kind, e.getKey())
                                || JsonValues.same(e.getValue(), b.get(e.getKey())));
    }

    private static long countsTowardsGeneration(Kind kind, ObjectNode tree) {
        return tree.properties().stream()
                .filter(e -> !isMetadataOrStatus(kind, e.getKey()))
                .count();
    }

    /** A field named status is like any other where it is no sub-resource, as it may be of custom resources. */
    private static boolean isMetadataOrStatus(Kind kind, String field) {
        return field.equals(METADATA) || (field.equals(STATUS) && (kind.hasStatus() || kind.custom() == null));
    }

    // ---- delete

    private Decision delete(ObjectKey key, ObjectState state, Write.Delete delete, Asking asking) {
        StoredObject live = existing(state);
        if (live == null) {
            return new Rejected(ApiStatus.notFound(key));
        }
        Optional<ApiStatus> refusal =
                Preconditions.of(key, live, delete.precondition()).or(() -> admission.validateDelete(kind, key));
        if (refusal.isPresent()) {
            return new Rejected(refusal.get());
        }
        ObjectNode tree = kind.tree(live);
        ObjectNode metadata = Json.child(tree, METADATA);
        propagate(metadata, delete.propagation());
        long grace = kind.rules().gracePeriodSeconds(tree, delete.graceSeconds());
        if (live.isTerminating()) {
            grace = Math.min(grace, Json.number(metadata, 0, "deletionGracePeriodSeconds"));
        }
        if (!live.isTerminating() || grace < Json.number(metadata, 0, "deletionGracePeriodSeconds")) {
            terminate(tree, metadata, live, grace, asking.now());
        }
        if (isOver(tree)) {
            // What nobody confirms goes as it was, without marks of an end it never waited for.
            boolean marked = live.isTerminating() || kind.rules().isDeletedGracefully();
            return new Accepted(Decision.Outcome.DELETED, marked ? tree : kind.tree(live), List.of());
        }
        return tree.equals(kind.tree(live))
                ? new Unchanged(live, List.of())
                : new Accepted(Decision.Outcome.UPDATED, tree, List.of());
    }

    private void terminate(ObjectNode tree, ObjectNode metadata, StoredObject live, long grace, Instant now) {
        Instant requested = live.deletedAt() == null
                ? now
                : live.deletedAt().minusSeconds(Json.number(metadata, 0, "deletionGracePeriodSeconds"));
        metadata.put("deletionTimestamp", seconds(requested.plusSeconds(grace)));
        metadata.put("deletionGracePeriodSeconds", grace);
        if (kind.rules().hasGeneration()) {
            metadata.put("generation", Json.number(metadata, 0, "generation") + 1);
        }
        kind.rules().onTerminating(tree);
    }

    private static void propagate(ObjectNode metadata, String propagation) {
        switch (propagation) {
            case "Foreground" -> finalizer(metadata, "foregroundDeletion", "orphan");
            case "Orphan" -> finalizer(metadata, "orphan", "foregroundDeletion");
            default -> {
                // Background: dependents are collected after the object has gone; nothing holds it.
            }
        }
    }

    private static void finalizer(ObjectNode metadata, String added, String removed) {
        ArrayNode finalizers = Json.list(metadata, "finalizers");
        boolean present = false;
        for (int i = finalizers.size() - 1; i >= 0; i--) {
            String name = finalizers.get(i).asText();
            present |= name.equals(added);
            if (name.equals(removed)) {
                finalizers.remove(i);
            }
        }
        if (!present) {
            finalizers.add(added);
        }
    }

    /** A terminating object goes when nothing holds it any more: no finalizer, no grace, nothing of the kind's own. */
    private boolean isOver(ObjectNode tree) {
        JsonNode metadata = tree.path(METADATA);
        return metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && Json.number(metadata, 0, "deletionGracePeriodSeconds") == 0
                && !kind.rules().holdsDeletion(tree);
    }

    // ---- shared

    /**
     * What a path writes: the object, its status, or another part.
     *
     * @param asked the version of the path
     */
    private record Part(
            Kind asked,
            String name,
            boolean isStatus,
            String schemaName,
            @Nullable Subresource subresource) {
        /** Whether its form is not the object's: a Scale's. */
        boolean isOfOwnForm() {
            return subresource != null && !schemaName.equals(asked.schemaName());
        }

        ObjectNode read(StoredObject live) {
            return subresource == null ? asked.tree(live) : asked.read(subresource, live);
        }
    }

    private static Part part(Kind asked, String name) {
        if (name.isEmpty()) {
            return new Part(asked, name, false, asked.schemaName(), null);
        }
        if (name.equals(STATUS)) {
            return new Part(asked, name, true, asked.schemaName(), null);
        }
        Subresource found = asked.subresources().get(name);
        if (found == null) {
            throw new IllegalArgumentException(asked + " has no sub-resource " + name);
        }
        return new Part(asked, name, false, found.schemaName(), found);
    }

    private static @Nullable StoredObject existing(ObjectState state) {
        return switch (state) {
            case ObjectState.Absent absent -> null;
            case ObjectState.Live live -> live.object();
            case ObjectState.Terminating terminating -> terminating.object();
        };
    }

    private ApiStatus invalid(JsonNode tree, FieldErrors errors) {
        return ApiStatus.invalid(kind.group(), kind.kind(), Json.text(tree, METADATA, "name"), errors.all());
    }

    private static Manager updating(Kind asked, Asking asking, String subresource) {
        return manager(Manager.Operation.UPDATE, asked, asking, subresource);
    }

    private static Manager manager(Manager.Operation operation, Kind asked, Asking asking, String subresource) {
        return new Manager(asking.origin().manager(), operation, asked.apiVersion(), subresource, asking.now());
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
