package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Owner;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of dependents when their owners go: deleted once the last owner is gone, deleted before it (foreground), or let
 * go (orphan). Functions of a view, for whoever watches deletions. An owner counts by uid, not by name; one whose kind nobody
 * knows counts as present, since its absence cannot be told.
 */
public final class OwnerReconciliation {
    public static final String FOREGROUND = "foregroundDeletion";
    public static final String ORPHAN = "orphan";

    /** The component these writes are made as. */
    public static final String COMPONENT = "generic-garbage-collector";

    /** Actions of one plan at most; a plan of so many may have left some for the next. */
    public static final int BATCH = 500;

    private final KindRegistry kinds;

    public OwnerReconciliation(KindRegistry kinds) {
        this.kinds = kinds;
    }

    /** What an owner is to its dependent. */
    private enum Standing {
        /** Exists. */
        SOLID,
        /** Exists, and waits for its dependents to be gone. */
        WAITING,
        GONE
    }

    /**
     * After an owner is gone.
     *
     * @param cause the revision of its deletion
     */
    public List<Action> onOwnerGone(View view, Uid owner, Revision cause) {
        List<Action> actions = new ArrayList<>();
        for (StoredObject dependent : dependents(view, owner)) {
            if (actions.size() < BATCH) {
                attempt(view, dependent, cause).ifPresent(actions::add);
            }
        }
        return actions;
    }

    /** Everything in the view whose owners are gone: for a fresh start, and for what was missed. */
    public List<Action> sweep(View view) {
        List<Action> actions = new ArrayList<>();
        for (Kind kind : kinds.all()) {
            for (StoredObject object : view.list(kind.name())) {
                if (actions.size() < BATCH && !object.owners().isEmpty()) {
                    attempt(view, object, object.revision()).ifPresent(actions::add);
                }
            }
        }
        return actions;
    }

    private Optional<Action> attempt(View view, StoredObject dependent, Revision cause) {
        if (dependent.isTerminating()) {
            return Optional.empty();
        }
        List<Owner> solid = new ArrayList<>();
        List<Owner> waiting = new ArrayList<>();
        List<Owner> gone = new ArrayList<>();
        for (Owner owner : dependent.owners()) {
            switch (standing(view, dependent, owner)) {
                case SOLID -> solid.add(owner);
                case WAITING -> waiting.add(owner);
                case GONE -> gone.add(owner);
            }
        }
        if (!solid.isEmpty()) {
            // It lives on, without those that are gone or wait for it.
            return gone.isEmpty() && waiting.isEmpty()
                    ? Optional.empty()
                    : Optional.of(keepOwners(dependent, solid, cause));
        }
        if (gone.isEmpty() && waiting.isEmpty()) {
            return Optional.empty();
        }
        boolean waitsItself =
                !waiting.isEmpty() && !dependents(view, dependent.uid()).isEmpty();
        String why = waiting.isEmpty() ? "its owners are gone" : "its owner is being deleted and waits for it";
        return Optional.of(delete(dependent, waitsItself ? "Foreground" : "Background", why, cause));
    }

    private Standing standing(View view, StoredObject dependent, Owner owner) {
        Optional<Kind> kind = kinds.find(owner.apiVersion(), owner.kind());
        if (kind.isEmpty()) {
            return Standing.SOLID;
        }
        ObjectKey key = kind.get().key(dependent.key().namespace(), owner.name());
        StoredObject found = view.get(key);
        if (found == null || !found.uid().equals(owner.uid())) {
            return Standing.GONE;
        }
        return found.isTerminating() && hasFinalizer(found.tree(), FOREGROUND) ? Standing.WAITING : Standing.SOLID;
    }

    // ---- an owner on its way out

    /** Whether an object waits for something this class does. Costs a parse for terminating objects only. */
    public static boolean concerns(StoredObject object) {
        if (!object.isTerminating()) {
            return false;
        }
        ObjectNode tree = object.tree();
        return hasFinalizer(tree, FOREGROUND) || hasFinalizer(tree, ORPHAN);
    }

    /**
     * The next step for a terminating owner with the finalizer {@code foregroundDeletion} or {@code orphan}; when nothing is
     * left to wait for, its finalizer is taken away. Look again when a dependent changes.
     */
    public Plan onTerminating(StoredObject owner, View view) {
        if (!owner.isTerminating()) {
            return Plan.NOTHING;
        }
        ObjectNode tree = owner.tree();
        List<StoredObject> dependents = dependents(view, owner.uid());
        if (hasFinalizer(tree, ORPHAN)) {
            return orphan(owner, tree, dependents);
        }
        return hasFinalizer(tree, FOREGROUND) ? foreground(owner, tree, dependents, view) : Plan.NOTHING;
    }

    private static Plan orphan(StoredObject owner, ObjectNode tree, List<StoredObject> dependents) {
        if (dependents.isEmpty()) {
            return Plan.of(List.of(withoutFinalizer(owner, tree, ORPHAN)));
        }
        return Plan.of(dependents.stream()
                .limit(BATCH)
                .map(dependent -> Ownership.withoutOwner(dependent, owner.uid(), owner, "let go by its owner"))
                .toList());
    }

    private Plan foreground(StoredObject owner, ObjectNode tree, List<StoredObject> dependents, View view) {
        List<Action> actions = new ArrayList<>();
        for (StoredObject dependent : dependents) {
            if (actions.size() < BATCH) {
                attempt(view, dependent, owner.revision()).ifPresent(actions::add);
            }
        }
        boolean blocked = dependents.stream().anyMatch(dependent -> blocks(dependent, owner.uid()));
        if (!blocked) {
            actions.add(withoutFinalizer(owner, tree, FOREGROUND));
        }
        return Plan.of(actions);
    }

    private static boolean blocks(StoredObject dependent, Uid uid) {
        return dependent.owners().stream().anyMatch(owner -> owner.uid().equals(uid) && owner.blockDeletion());
    }

    // ---- shared

    private List<StoredObject> dependents(View view, Uid owner) {
        List<StoredObject> found = new ArrayList<>();
        for (Kind kind : kinds.all()) {
            view.ownedBy(kind.name(), owner).forEach(found::add);
        }
        return found;
    }

    private static boolean hasFinalizer(JsonNode object, String name) {
        for (JsonNode finalizer : Json.at(object, "metadata", "finalizers")) {
            if (finalizer.asText().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static Action withoutFinalizer(StoredObject owner, ObjectNode tree, String name) {
        ArrayNode rest = Json.array();
        for (JsonNode finalizer : Json.at(tree, "metadata", "finalizers")) {
            if (!finalizer.asText().equals(name)) {
                rest.add(finalizer);
            }
        }
        ObjectNode patch = Json.object();
        ObjectNode metadata = patch.putObject("metadata");
        if (rest.isEmpty()) {
            metadata.putNull("finalizers");
        } else {
            metadata.set("finalizers", rest);
        }
        String why = name.equals(ORPHAN) ? "its dependents were let go" : "its dependents are gone";
        return new Action.Patch(owner.key(), owner.uid(), owner.revision(), "", patch, because(why, owner.revision()));
    }

    private static Action keepOwners(StoredObject dependent, List<Owner> kept, Revision cause) {
        Set<String> uids = new LinkedHashSet<>();
        kept.forEach(owner -> uids.add(owner.uid().value()));
        ArrayNode references = Json.array();
        for (JsonNode reference : Json.at(dependent.tree(), "metadata", "ownerReferences")) {
            if (uids.contains(Json.text(reference, "uid"))) {
                references.add(reference);
            }
        }
        ObjectNode patch = Json.object();
        patch.putObject("metadata").set("ownerReferences", references);
        return new Action.Patch(
                dependent.key(),
                dependent.uid(),
                dependent.revision(),
                "",
                patch,
                because("some of its owners are gone", cause));
    }

    /** An object that asked for it by a finalizer of its own is deleted the way it asked. */
    private static Action delete(StoredObject dependent, String propagation, String why, Revision cause) {
        ObjectNode tree = dependent.tree();
        String asked =
                hasFinalizer(tree, ORPHAN) ? "Orphan" : hasFinalizer(tree, FOREGROUND) ? "Foreground" : propagation;
        return new Action.Delete(dependent.key(), dependent.uid(), dependent.revision(), asked, because(why, cause));
    }

    private static Action.Because because(String why, Revision cause) {
        return new Action.Because(why, cause, List.of());
    }
}
