package io.ruori.entity;

import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.view.History;
import io.ruori.view.View;
import java.util.Collection;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What a member needs of its journal beside the persistence plugin: to hear of commits, to start its clock above everything
 * ever issued, to load its view, and to read the past.
 */
public interface Journal {

    /** Finds the journal on the class path; it is chosen at run time. */
    interface Provider {
        /** Opens the journal that the system's configuration names. */
        Journal open(ActorSystem<?> system);
    }

    static Journal open(ActorSystem<?> system) {
        return ServiceLoader.load(Provider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no journal on the class path: add ruori-persistence"))
                .open(system);
    }

    /** Must be set before the first write. */
    void setListener(CommitListener listener);

    /** No revision above it was ever issued from this journal. */
    Revision clockCeiling();

    /** Durable once the stage completes. */
    CompletionStage<Revision> raiseClockCeiling(Revision ceiling);

    /** Of the newest record; zero for an empty journal. */
    Revision newestRevision();

    /** Every object that exists now, in no order. To be closed. */
    Stream<StoredObject> currentObjects();

    /**
     * Events since a revision that have something to tell people, and those of Kubernetes Events themselves, which say what
     * became of it, in revision order. To be closed.
     */
    Stream<ObjectEvent> recentWithNotes(Revision since);

    /**
     * Notes which objects there are, of kinds that have changed enough since the last note, so that lists of the past need not
     * look through everything there ever was. Blocks; to be called every few seconds.
     */
    void setWaypoints(View view, Collection<KindName> kinds);

    History history();
}
