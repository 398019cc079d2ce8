package io.ruori.persistence.pekko;

import io.ruori.persistence.journal.EntityStore;
import io.ruori.persistence.journal.EntityStore.Snapshot;
import java.util.Optional;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.concurrent.Future;

/**
 * Every event is the whole object, so the newest record is the newest snapshot: an entity recovers by one read and replays
 * nothing, and nobody ever saves or deletes a snapshot.
 */
public final class RuoriSnapshotStore extends SnapshotStore {
    private final EntityStore entities = SystemJournal.get(context().system()).entities();

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return RuoriJournal.report(
                persistenceId,
                key -> (criteria.maxSequenceNr() == Long.MAX_VALUE
                                ? entities.newestState(key)
                                : entities.stateUpTo(key, criteria.maxSequenceNr()))
                        .thenApply(found -> found.map(snapshot -> selected(persistenceId, snapshot))));
    }

    private static SelectedSnapshot selected(String persistenceId, Snapshot snapshot) {
        long time = snapshot.revision().instant().toEpochMilli();
        return SelectedSnapshot.create(
                new SnapshotMetadata(persistenceId, snapshot.sequenceNumber(), time), snapshot.state());
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return Futures.successful(null);
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        return Futures.successful(null);
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return Futures.successful(null);
    }
}
