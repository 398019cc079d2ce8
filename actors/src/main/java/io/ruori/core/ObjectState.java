package io.ruori.core;

import io.ruori.api.Revision;
import io.ruori.api.StoredObject;

/** What an entity remembers of its object. Whether it exists is a case nobody can forget. */
public sealed interface ObjectState {
    /** The last revision of this name, so that the next is greater even across a deletion. */
    Revision revision();

    /** Never created, or deleted at this revision. */
    record Absent(Revision revision) implements ObjectState {
        public static final Absent NEVER = new Absent(Revision.ZERO);
    }

    /** Exists. */
    record Live(StoredObject object) implements ObjectState {
        @Override
        public Revision revision() {
            return object.revision();
        }
    }

    /** Exists and has a deletion time: waits for finalizers or for its grace period. */
    record Terminating(StoredObject object) implements ObjectState {
        @Override
        public Revision revision() {
            return object.revision();
        }
    }

    /** The same function at write, at recovery and in every view. */
    static ObjectState apply(ObjectState state, ObjectEvent event) {
        if (!event.revision().isAfter(state.revision())) {
            throw new IllegalStateException("revisions of one object must grow: " + event.key() + " has "
                    + state.revision() + ", the event " + event.revision());
        }
        return switch (event) {
            case ObjectEvent.Created created -> of(created.object());
            case ObjectEvent.Updated updated -> of(updated.object());
            case ObjectEvent.Deleted deleted -> new Absent(deleted.revision());
        };
    }

    private static ObjectState of(StoredObject object) {
        return object.isTerminating() ? new Terminating(object) : new Live(object);
    }
}
