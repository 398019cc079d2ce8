package io.ruori.persistence.pekko;

import io.ruori.entity.Journal;
import org.apache.pekko.actor.typed.ActorSystem;

/** Offers the journal that a system's configuration names to its member. */
public final class SystemJournalProvider implements Journal.Provider {
    @Override
    public Journal open(ActorSystem<?> system) {
        return SystemJournal.get(system.classicSystem()).journal();
    }
}
