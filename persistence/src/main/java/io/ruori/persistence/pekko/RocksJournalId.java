package io.ruori.persistence.pekko;

import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.ExtensionIdProvider;

/** Registers {@link RocksJournal} with actor systems. */
public final class RocksJournalId extends AbstractExtensionId<RocksJournal> implements ExtensionIdProvider {
    static final RocksJournalId ID = new RocksJournalId();

    private RocksJournalId() {}

    @Override
    public RocksJournalId lookup() {
        return ID;
    }

    @Override
    public RocksJournal createExtension(ExtendedActorSystem system) {
        return new RocksJournal(system);
    }
}
