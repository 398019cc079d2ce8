package io.ruori.persistence.pekko;

import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Journal;
import io.ruori.view.EventProjection;
import io.ruori.view.History;
import io.ruori.view.View;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The RocksDB journal, for the one member it has. */
record RocksMemberJournal(RocksJournal journal) implements Journal {
    @Override
    public void setListener(CommitListener listener) {
        journal.setListener(listener);
    }

    @Override
    public Revision clockCeiling() {
        return journal.store().clockCeiling();
    }

    @Override
    public CompletionStage<Revision> raiseClockCeiling(Revision ceiling) {
        return journal.store().raiseClockCeiling(ceiling);
    }

    @Override
    public Revision newestRevision() {
        return journal.store().newestRevision();
    }

    @Override
    public Stream<StoredObject> currentObjects() {
        return journal.store().currentObjects();
    }

    @Override
    public Stream<ObjectEvent> recentWithNotes(Revision since) {
        return journal.store().changesWithNotes(EventProjection.EVENTS, since, new Revision(Long.MAX_VALUE));
    }

    @Override
    public void setWaypoints(View view, Collection<KindName> kinds) {
        journal.store().setWaypoints(view, kinds);
    }

    @Override
    public History history() {
        return journal.history();
    }
}
