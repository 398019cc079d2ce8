package io.ruori.core;

import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import java.util.List;

/** What the journal holds: the whole object after the change, who made it and why. Three events serve every kind. */
public sealed interface ObjectEvent {
    /** The object after the change; for {@link Deleted}, its last state under the revision of the deletion. */
    StoredObject object();

    Origin origin();

    /** What the change has to say to people; shown as Kubernetes Events of the same revision. */
    List<Note> notes();

    default Revision revision() {
        return object().revision();
    }

    default ObjectKey key() {
        return object().key();
    }

    record Created(StoredObject object, Origin origin, List<Note> notes) implements ObjectEvent {}

    record Updated(StoredObject object, Origin origin, List<Note> notes) implements ObjectEvent {}

    record Deleted(StoredObject object, Origin origin, List<Note> notes) implements ObjectEvent {}
}
