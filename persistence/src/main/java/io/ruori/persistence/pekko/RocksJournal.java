package io.ruori.persistence.pekko;

import com.typesafe.config.Config;
import io.ruori.api.KindName;
import io.ruori.entity.CommitListener;
import io.ruori.entity.ShardEpochs;
import io.ruori.persistence.journal.EntityStore;
import io.ruori.persistence.journal.JournalOptions;
import io.ruori.persistence.journal.JournalSession;
import io.ruori.persistence.journal.RocksEntities;
import io.ruori.persistence.journal.RocksJournalStore;
import io.ruori.view.History;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * The journal of an actor system, opened in {@code ruori.persistence.directory} when it is first asked for and closed after the
 * last actor has stopped. The plugins find it here. Fails with {@link io.ruori.persistence.journal.JournalFault.CannotOpen}.
 */
public final class RocksJournal implements Extension {
    private final RocksJournalStore store;
    private final JournalSession session;
    private final EntityStore entities;

    RocksJournal(ExtendedActorSystem system) {
        Config config = system.settings().config().getConfig("ruori.persistence");
        this.store = RocksJournalStore.open(Path.of(config.getString("directory")), options(config));
        this.session = store.openSession(config.getString("member"));
        this.entities =
                new RocksEntities(store, session, system.dispatchers().lookup(config.getString("read-dispatcher")));
        system.registerOnTermination(store::close);
        if (config.getBoolean("claim-all-shards")) {
            session.acquireAll().join();
        }
    }

    public static RocksJournal get(ActorSystem system) {
        return RocksJournalId.ID.get(system);
    }

    public static RocksJournal get(org.apache.pekko.actor.typed.ActorSystem<?> system) {
        return get(system.classicSystem());
    }

    private static JournalOptions options(Config config) {
        return new JournalOptions(
                config.getInt("batch-appends"),
                config.getBytes("batch-bytes"),
                config.getInt("queued-appends"),
                config.getBytes("queued-bytes"),
                config.getBytes("cache-bytes"),
                config.getBytes("write-buffer-bytes"),
                encryptedKinds(config),
                config.getInt("shards"));
    }

    static Set<KindName> encryptedKinds(Config config) {
        return config.getStringList("encrypted-kinds").stream()
                .map(RocksJournal::kindName)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** {@code secrets}, or {@code resource.group}. */
    private static KindName kindName(String qualified) {
        int dot = qualified.indexOf('.');
        return dot < 0
                ? KindName.core(qualified)
                : new KindName(qualified.substring(dot + 1), qualified.substring(0, dot));
    }

    /** Must be called before the first append: what is written before is never heard of. */
    public void setListener(CommitListener listener) {
        store.setListener(listener);
    }

    /** To load the view from, for the clock, and for backups. */
    public RocksJournalStore store() {
        return store;
    }

    public History history() {
        return store;
    }

    public ShardEpochs epochs() {
        return session;
    }

    EntityStore entities() {
        return entities;
    }
}
