package io.ruori.persistence.pekko;

import io.ruori.entity.Journal;
import io.ruori.persistence.cassandra.CassandraJournal;
import io.ruori.persistence.journal.EntityStore;
import org.apache.pekko.actor.ActorSystem;

/**
 * The journal of an actor system, of the sort that {@code ruori.persistence.store} names.
 *
 * @param entities for the plugins
 * @param journal for the member
 */
record SystemJournal(EntityStore entities, Journal journal) {
    static SystemJournal get(ActorSystem system) {
        String store = system.settings().config().getString("ruori.persistence.store");
        return switch (store) {
            case "rocksdb" -> {
                RocksJournal rocks = RocksJournal.get(system);
                yield new SystemJournal(rocks.entities(), new RocksMemberJournal(rocks));
            }
            case "cassandra" -> {
                CassandraJournal shared = SharedJournalExtension.ID.get(system).journal();
                yield new SystemJournal(shared, shared);
            }
            default ->
                throw new IllegalArgumentException(
                        "ruori.persistence.store must be rocksdb or cassandra, not " + store);
        };
    }
}
