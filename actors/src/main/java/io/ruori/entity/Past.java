package io.ruori.entity;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What the journal has of an object, for an entity that has forgotten it. */
public interface Past {
    /** The events of a name after a revision, newest first. Fails when the journal cannot be read. */
    CompletionStage<List<ObjectEvent>> since(ObjectKey key, Revision after);
}
