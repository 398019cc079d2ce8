package io.ruori.persistence.pekko;

import com.typesafe.config.Config;
import io.ruori.persistence.cassandra.CassandraJournal;
import io.ruori.persistence.cassandra.CassandraSettings;
import java.nio.file.Path;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.ExtensionIdProvider;

/** The Cassandra journal of an actor system: opened when it is first asked for, closed after the last actor has stopped. */
final class SharedJournalExtension implements Extension {
    static final Id ID = new Id();

    private final CassandraJournal journal;

    private SharedJournalExtension(ExtendedActorSystem system) {
        Config config = system.settings().config().getConfig("ruori.persistence");
        journal = CassandraJournal.open(CassandraSettings.of(
                config.getConfig("cassandra"),
                Path.of(config.getString("directory")),
                RocksJournal.encryptedKinds(config),
                config.getInt("shards")));
        system.registerOnTermination(journal::close);
    }

    CassandraJournal journal() {
        return journal;
    }

    /** Registers it with actor systems. */
    static final class Id extends AbstractExtensionId<SharedJournalExtension> implements ExtensionIdProvider {
        @Override
        public Id lookup() {
            return ID;
        }

        @Override
        public SharedJournalExtension createExtension(ExtendedActorSystem system) {
            return new SharedJournalExtension(system);
        }
    }
}
