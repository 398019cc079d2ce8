package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Note;
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
 * go (orphan). Functions of a view, for whoever watches changes. An owner counts by uid, not by name. While the presence of one
 * cannot be told, as of one whose kind nobody knows, its dependent is left as it is; so does upstream.
 */
public final class OwnerReconciliation {
    public static final String FOREGROUND = "foregroundDeletion";
    public static final String ORPHAN = "orphan";

    /** The component these writes are made as. */
    public static final String COMPONENT = "generic-garbage-collector";

    /** What upstream's Events of the collector name as their source. */
    private static final String TELLS_AS = "garbage-collector-controller";

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
        GONE,
        /** Nobody knows the kind, or an object without a namespace refers to one in a namespace, without saying which. */
        UNTOLD
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

    /** Whether nothing is to be done about an object's owners: all are there, and stay. Costs a look into the view for each. */
    public boolean isKept(View view, StoredObject dependent) {
        for (Owner owner : dependent.owners()) {
            if (standing(view, dependent, owner) != Standing.SOLID) {
                return false;
            }
        }
        return true;
    }

    /** For an object that is new, or has got other owners. Tells whoever refers to an owner in another namespace. */
    public List<Action> onNewOwners(View view, StoredObject dependent) {
        List<Action> actions = new ArrayList<>();
        for (Owner owner : dependent.owners()) {
            if (isElsewhere(view, dependent, owner)) {
                actions.add(new Action.Tell(
                        dependent.key(),
                        elsewhere(dependent, owner),
                        because("its owner is in another namespace", dependent.revision())));
            }
        }
        attempt(view, dependent, dependent.revision()).ifPresent(actions::add);
        return actions;
    }

    /** Whether another namespace has the owner. Looks into every namespace, so only after the owner was missed. */
    private boolean isElsewhere(View view, StoredObject dependent, Owner owner) {
        Optional<Kind> kind = kinds.find(owner.apiVersion(), owner.kind()).filter(Kind::isNamespaced);
        if (kind.isEmpty() || standing(view, dependent, owner) == Standing.SOLID) {
            return false;
        }
        for (StoredObject namespace : view.list(NamespaceKind.NAME)) {
            String name = namespace.key().name();
            StoredObject found = view.get(kind.get().key(name, owner.name()));
            if (found != null
                    && found.uid().equals(owner.uid())
                    && !name.equals(dependent.key().namespace())) {
                return true;
            }
        }
        return false;
    }

    /** In upstream's words. */
    private static Note elsewhere(StoredObject dependent, Owner owner) {
        String namespace = dependent.key().namespace();
        String message = "ownerRef [%s/%s, namespace: %s, name: %s, uid: %s] does not exist in namespace \"%s\""
                .formatted(owner.apiVersion(), owner.kind(), namespace, owner.name(), owner.uid(), namespace);
        return new Note(true, "OwnerRefInvalidNamespace", message, dependent.key(), dependent.uid(), "", TELLS_AS);
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
                case UNTOLD -> {
                    return Optional.empty();
                }
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
        List<StoredObject> own = waiting.isEmpty() ? List.of() : dependents(view, dependent.uid());
        boolean waitsItself = !own.isEmpty();
        if (own.stream().anyMatch(OwnerReconciliation::isWaiting)
                && dependent.owners().stream().anyMatch(Owner::blockDeletion)) {
            // Perhaps its owner is its dependent too; neither would ever go.
            return Optional.of(unblock(dependent, cause));
        }
        String why = waiting.isEmpty() ? "its owners are gone" : "its owner is being deleted and waits for it";
        return Optional.of(delete(dependent, waitsItself ? "Foreground" : "Background", why, cause));
    }

    private Standing standing(View view, StoredObject dependent, Owner owner) {
        Optional<Kind> kind = kinds.find(owner.apiVersion(), owner.kind());
        String namespace = dependent.key().namespace();
        if (kind.isEmpty() || (kind.get().isNamespaced() && namespace.isEmpty())) {
            return Standing.UNTOLD;
        }
        ObjectKey key = kind.get().key(namespace, owner.name());
        StoredObject found = view.get(key);
        if (found == null || !found.uid().equals(owner.uid())) {
            return Standing.GONE;
        }
        return isWaiting(found) ? Standing.WAITING : Standing.SOLID;
    }

    private static boolean isWaiting(StoredObject object) {
        return object.isTerminating() && hasFinalizer(object.tree(), FOREGROUND);
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
        return withReferences(dependent, references, because("some of its owners are gone", cause));
    }

    /** Lets its owners go before it. */
    private static Action unblock(StoredObject dependent, Revision cause) {
        ArrayNode references = Json.array();
        for (JsonNode reference : Json.at(dependent.tree(), "metadata", "ownerReferences")) {
            ObjectNode unblocked = reference.deepCopy();
            references.add(unblocked.put("blockOwnerDeletion", false));
        }
        return withReferences(dependent, references, because("it and its dependents may wait for each other", cause));
    }

    private static Action withReferences(StoredObject dependent, ArrayNode references, Action.Because because) {
        ObjectNode patch = Json.object();
        patch.putObject("metadata").set("ownerReferences", references);
        return new Action.Patch(dependent.key(), dependent.uid(), dependent.revision(), "", patch, because);
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
