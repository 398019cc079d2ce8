package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.reconcile.Action;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Who controls what. A controller takes objects that match its selector and have no controller, and lets go of its own that
 * no longer match.
 */
final class Ownership {
    /** The name of the index of objects that nothing controls. */
    static final String ORPHAN = PodKind.ORPHAN;

    private Ownership() {}

    /** The objects of a kind that this one controls, matching or not. */
    static List<StoredObject> controlled(View view, KindName kind, StoredObject owner) {
        List<StoredObject> found = new ArrayList<>();
        for (StoredObject candidate : view.ownedBy(kind, owner.uid())) {
            if (candidate.isControlledBy(owner.uid()) && sameNamespace(candidate, owner)) {
                found.add(candidate);
            }
        }
        return found;
    }

    /** Objects of the owner's namespace that it should take: uncontrolled, matching, not on their way out. */
    static List<StoredObject> adoptable(View view, KindName kind, StoredObject owner, LabelSelector selector) {
        List<StoredObject> found = new ArrayList<>();
        if (owner.isTerminating() || selector.isEmpty()) {
            return found;
        }
        for (StoredObject candidate : view.byField(kind, ORPHAN, "true")) {
            if (sameNamespace(candidate, owner) && !candidate.isTerminating() && selector.matches(candidate.labels())) {
                found.add(candidate);
            }
        }
        return found;
    }

    private static boolean sameNamespace(StoredObject a, StoredObject b) {
        return a.key().namespace().equals(b.key().namespace());
    }

    /** The reference that makes {@code owner} the controller. */
    static ObjectNode controllerReference(Kind kind, StoredObject owner) {
        return Json.object()
                .put("apiVersion", kind.apiVersion())
                .put("kind", kind.kind())
                .put("name", owner.key().name())
                .put("uid", owner.uid().value())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    static Action adopt(Kind kind, StoredObject owner, StoredObject orphan) {
        ArrayNode owners = references(orphan);
        for (int i = owners.size() - 1; i >= 0; i--) {
            if (Json.text(owners.get(i), "uid").equals(owner.uid().value())) {
                owners.remove(i);
            }
        }
        owners.add(controllerReference(kind, owner));
        return patch(orphan, owners, owner, "adopted: it matches the selector and had no controller");
    }

    static Action release(StoredObject owner, StoredObject released) {
        return withoutOwner(released, owner.uid(), owner, "released: it no longer matches the selector");
    }

    /** Removes one owner's reference. */
    static Action withoutOwner(StoredObject dependent, Uid gone, StoredObject cause, String why) {
        ArrayNode owners = references(dependent);
        for (int i = owners.size() - 1; i >= 0; i--) {
            if (Json.text(owners.get(i), "uid").equals(gone.value())) {
                owners.remove(i);
            }
        }
        return patch(dependent, owners, cause, why);
    }

    private static ArrayNode references(StoredObject object) {
        JsonNode owners = Json.at(object.tree(), "metadata", "ownerReferences");
        return owners instanceof ArrayNode list ? list : Json.array();
    }

    private static Action patch(StoredObject object, ArrayNode owners, StoredObject cause, String why) {
        ObjectNode patch = Json.object();
        ObjectNode metadata = patch.putObject("metadata");
        if (owners.isEmpty()) {
            metadata.putNull("ownerReferences");
        } else {
            metadata.set("ownerReferences", owners);
        }
        return new Action.Patch(
                object.key(),
                object.uid(),
                object.revision(),
                "",
                patch,
                new Action.Because(why, cause.revision(), List.of()));
    }
}
