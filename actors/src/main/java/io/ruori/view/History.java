package io.ruori.view;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The past, as the journal has it. Every event carries who made it, why, and which revision caused it. Streams hold a place in
 * the journal and <em>must be closed</em>. Methods block on the disk; a record that cannot be read is an exception, never left
 * out.
 */
public interface History {
    /** Where an object's state at some time is found. */
    record Version(ObjectKey key, Revision revision) {}

    /** Of the first event there is; {@link Revision#ZERO} while there is none. What lies before it cannot be asked for. */
    Revision oldest();

    /** All events of a name at or before a revision, newest first, across deletions. */
    Stream<ObjectEvent> history(ObjectKey key, Revision until);

    /** The last event of a name at or before a revision; a {@link ObjectEvent.Deleted} says that it was gone by then. */
    Optional<ObjectEvent> asOf(ObjectKey key, Revision revision);

    /**
     * The objects of a kind as they were at a revision, in key order.
     *
     * @param namespace empty: all namespaces
     */
    Stream<StoredObject> listAsOf(KindName kind, String namespace, Revision revision);

    /**
     * Which objects of a kind there were at a revision, in key order, without reading them.
     *
     * @param namespace empty: all namespaces
     */
    List<Version> versionsAsOf(KindName kind, String namespace, Revision revision);

    /** The object that a version is of. */
    StoredObject read(Version version);

    /** The events of a kind in revision order. Ask only up to a closed revision: later ones may still gain predecessors. */
    Stream<ObjectEvent> changes(KindName kind, Revision fromExclusive, Revision toInclusive);

    /** The events of all kinds in revision order. */
    Stream<ObjectEvent> changes(Revision fromExclusive, Revision toInclusive);

    /** The event that made a revision. */
    Optional<ObjectEvent> at(Revision revision);

    /** The events after a revision that have something to say to people, in revision order. */
    Stream<ObjectEvent> recentWithNotes(Revision since);

    /** The events of a kind, and those of all others that have something to say to people, in revision order. */
    Stream<ObjectEvent> changesWithNotes(KindName kind, Revision fromExclusive, Revision toInclusive);
}
