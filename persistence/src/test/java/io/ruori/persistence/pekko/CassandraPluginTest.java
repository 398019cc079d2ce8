package io.ruori.persistence.pekko;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Journal;
import io.ruori.entity.Sharding;
import io.ruori.members.SharedJournal;
import io.ruori.persistence.Samples;
import io.ruori.persistence.cassandra.CassandraProcess;
import io.ruori.persistence.pekko.JournalPluginTest.Entity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real entities of two members on one database: an object moves with its shard, and the member that lost it cannot write. */
@Tag("services")
class CassandraPluginTest {
    private static final ObjectKey KEY = Samples.pod("moves");
    private static final int SHARD = Sharding.shardOf(KEY.entityId(), Sharding.SHARDS);

    @TempDir
    Path directory;

    private final String keyspace = CassandraProcess.newKeyspace();
    private final List<Revision> lost = new CopyOnWriteArrayList<>();
    private ActorTestKit one;
    private ActorTestKit two;

    @BeforeEach
    void start() {
        one = start("one");
        two = start("two");
    }

    private ActorTestKit start(String name) {
        ActorTestKit kit = ActorTestKit.create(
                name,
                ConfigFactory.parseString("""
                    ruori.persistence.store = cassandra
                    ruori.persistence.cassandra.claim-patience = 2s
                    """)
                        .withValue(
                                "ruori.persistence.cassandra.contact-points",
                                ConfigValueFactory.fromIterable(List.of("127.0.0.1:"
                                        + CassandraProcess.shared().address().getPort())))
                        .withValue("ruori.persistence.cassandra.keyspace", ConfigValueFactory.fromAnyRef(keyspace))
                        .withFallback(JournalPluginTest.config(directory)));
        SharedJournal journal = journal(kit);
        journal.setListener(new CommitListener() {
            @Override
            public void written(List<ObjectEvent> events) {}

            @Override
            public void notWritten(List<Revision> revisions) {
                lost.addAll(revisions);
            }
        });
        journal.join(name + ":1").toCompletableFuture().join();
        return kit;
    }

    private static SharedJournal journal(ActorTestKit kit) {
        return (SharedJournal) Journal.open(kit.system());
    }

    @AfterEach
    void stop() {
        one.shutdownTestKit();
        two.shutdownTestKit();
    }

    private static void write(ActorTestKit kit, ActorRef<Entity.Command> entity, ObjectEvent event) {
        TestProbe<Revision> probe = kit.createTestProbe();
        entity.tell(new Entity.Write(List.of(event), probe.ref()));
        assertThat(probe.receiveMessage(Duration.ofSeconds(10))).isEqualTo(event.revision());
    }

    @Test
    void anObjectMovesWithItsShard() {
        journal(one).claim(SHARD).toCompletableFuture().join();
        ActorRef<Entity.Command> before = one.spawn(Entity.create(KEY));
        write(one, before, Samples.created(KEY, 1));
        write(one, before, Samples.updated(KEY, 2));
        // Its recovery begins before the claim, and waits for it.
        ActorRef<Entity.Command> after = two.spawn(Entity.create(KEY));
        TestProbe<ObjectState> states = two.createTestProbe();
        after.tell(new Entity.Ask(states.ref()));
        journal(two).claim(SHARD).toCompletableFuture().join();
        assertThat(states.receiveMessage(Duration.ofSeconds(10)))
                .isEqualTo(new ObjectState.Live(Samples.object(KEY, 2, "")));
        write(two, after, Samples.updated(KEY, 3));
        before.tell(new Entity.Write(
                List.of(Samples.updated(KEY, 4)),
                one.<Revision>createTestProbe().ref()));
        one.createTestProbe().expectTerminated(before, Duration.ofSeconds(10));
        assertThat(lost).containsExactly(new Revision(4));
        assertThat(journal(one).holds(SHARD)).isFalse();
    }

    @Test
    void aRecoveryWithoutAClaimFailsInTheEnd() {
        ActorRef<Entity.Command> entity = one.spawn(Entity.create(KEY));
        one.createTestProbe().expectTerminated(entity, Duration.ofSeconds(10));
    }
}
