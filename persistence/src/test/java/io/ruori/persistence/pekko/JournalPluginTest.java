package io.ruori.persistence.pekko;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Sharding;
import io.ruori.persistence.Samples;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Real entities on the real journal: what they were told is durable is what they, and their successors, start from. */
class JournalPluginTest {
    @TempDir
    Path directory;

    /** An entity that persists the events it is handed. */
    static class Entity extends EventSourcedBehavior<Entity.Command, ObjectEvent, ObjectState> {
        sealed interface Command {}

        record Write(List<ObjectEvent> events, ActorRef<Revision> replyTo) implements Command {}

        record Ask(ActorRef<ObjectState> replyTo) implements Command {}

        private Entity(ObjectKey key) {
            super(PersistenceId.of("object", key.entityId()));
        }

        static Behavior<Command> create(ObjectKey key) {
            return new Entity(key);
        }

        @Override
        public ObjectState emptyState() {
            return ObjectState.Absent.NEVER;
        }

        @Override
        public CommandHandler<Command, ObjectEvent, ObjectState> commandHandler() {
            return (state, command) -> switch (command) {
                case Write write ->
                    Effect()
                            .persist(write.events())
                            .thenRun(after -> write.replyTo().tell(after.revision()));
                case Ask ask -> Effect().none().thenRun(same -> ask.replyTo().tell(state));
            };
        }

        @Override
        public EventHandler<ObjectState, ObjectEvent> eventHandler() {
            return ObjectState::apply;
        }
    }

    /** Remembers all it hears. */
    static final class Listening implements CommitListener {
        final List<ObjectEvent> written = new CopyOnWriteArrayList<>();
        final List<Revision> notWritten = new CopyOnWriteArrayList<>();

        @Override
        public void written(List<ObjectEvent> events) {
            written.addAll(events);
        }

        @Override
        public void notWritten(List<Revision> revisions) {
            notWritten.addAll(revisions);
        }
    }

    static Config config(Path directory) {
        return ConfigFactory.parseString("""
            pekko.persistence.journal.plugin = "ruori.persistence.journal"
            pekko.persistence.snapshot-store.plugin = "ruori.persistence.snapshots"
            pekko.persistence.max-concurrent-recoveries = 1000
            pekko.loglevel = WARNING
            pekko.actor.provider = local
            pekko.coordinated-shutdown.exit-jvm = off
            """)
                .withValue("ruori.persistence.directory", ConfigValueFactory.fromAnyRef(directory.toString()))
                .withFallback(ConfigFactory.load());
    }

    private interface Story {
        void tell(ActorTestKit kit, Listening listening);
    }

    private void inASystem(Story story) {
        ActorTestKit kit = ActorTestKit.create("journal", config(directory));
        try {
            Listening listening = new Listening();
            RocksJournal.get(kit.system()).setListener(listening);
            story.tell(kit, listening);
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static void write(ActorTestKit kit, ActorRef<Entity.Command> entity, ObjectEvent... events) {
        TestProbe<Revision> probe = kit.createTestProbe();
        entity.tell(new Entity.Write(List.of(events), probe.ref()));
        assertThat(probe.receiveMessage(Duration.ofSeconds(10))).isEqualTo(events[events.length - 1].revision());
    }

    private static ObjectState state(ActorTestKit kit, ActorRef<Entity.Command> entity) {
        TestProbe<ObjectState> probe = kit.createTestProbe();
        entity.tell(new Entity.Ask(probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(10));
    }

    @Test
    void anEntityContinuesWhereItsPredecessorStopped() {
        ObjectKey key = Samples.pod("web");
        inASystem((kit, listening) -> {
            ActorRef<Entity.Command> first = kit.spawn(Entity.create(key));
            ObjectEvent created = Samples.created(key, 1);
            write(kit, first, created);
            write(kit, first, Samples.updated(key, 2), Samples.updated(key, 3));
            assertThat(listening.written).hasSize(3);
            assertThat(listening.written.getFirst()).isSameAs(created);
            kit.stop(first);
            ActorRef<Entity.Command> second = kit.spawn(Entity.create(key));
            assertThat(state(kit, second)).isEqualTo(new ObjectState.Live(Samples.object(key, 3, "")));
            write(kit, second, Samples.deleted(key, 4));
        });
        inASystem((kit, listening) -> {
            ActorRef<Entity.Command> third = kit.spawn(Entity.create(key));
            assertThat(state(kit, third)).isEqualTo(new ObjectState.Absent(new Revision(4)));
            write(kit, third, Samples.created(key, 5));
            assertThat(state(kit, third)).isEqualTo(new ObjectState.Live(Samples.object(key, 5, "")));
        });
    }

    /** Each entity writes a Pod's worth of bytes, waits for the acknowledgement, and writes the next. Prints, judges nothing. */
    @Test
    @EnabledIfSystemProperty(named = "journal.speed", matches = "true")
    void durableEventsPerSecondThroughEntities() {
        int entities = 10_000;
        int rounds = 40;
        inASystem((kit, listening) -> {
            List<ActorRef<Entity.Command>> refs = new ArrayList<>();
            for (int i = 0; i < entities; i++) {
                refs.add(kit.spawn(Entity.create(Samples.pod("web-" + i))));
            }
            for (int round = 1; round <= rounds; round++) {
                List<ObjectEvent> events = new ArrayList<>();
                for (int i = 0; i < entities; i++) {
                    events.add(Samples.bigPod(Samples.pod("web-" + i), (long) round * entities + i, round == 1));
                }
                RocksJournal.get(kit.system()).setListener(new Listening());
                CountDownLatch acks = new CountDownLatch(entities);
                ActorRef<Revision> counter = kit.spawn(Behaviors.receiveMessage(revision -> {
                    acks.countDown();
                    return Behaviors.same();
                }));
                long start = System.nanoTime();
                long cpu = cpu();
                for (int i = 0; i < entities; i++) {
                    refs.get(i).tell(new Entity.Write(List.of(events.get(i)), counter));
                }
                await(acks);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        "plugin, %d entities, round %d: %,.0f/s (%.1f us CPU each)%n",
                        entities, round, entities / seconds, (cpu() - cpu) / 1e3 / entities);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    @Test
    void anEntityWhoseShardWasTakenStops() {
        ObjectKey key = Samples.pod("taken");
        inASystem((kit, listening) -> {
            ActorRef<Entity.Command> entity = kit.spawn(Entity.create(key));
            write(kit, entity, Samples.created(key, 1));
            RocksJournal journal = RocksJournal.get(kit.system());
            int shard = Sharding.shardOf(key.entityId(), Sharding.SHARDS);
            journal.store()
                    .openSession("another")
                    .acquire(shard)
                    .toCompletableFuture()
                    .join();
            TestProbe<Revision> replies = kit.createTestProbe();
            entity.tell(new Entity.Write(List.of(Samples.updated(key, 2)), replies.ref()));
            kit.createTestProbe().expectTerminated(entity, Duration.ofSeconds(10));
            replies.expectNoMessage(Duration.ZERO);
            assertThat(listening.notWritten).containsExactly(new Revision(2));
            assertThat(journal.store().lastSequenceNumber(key)).isEqualTo(1);
        });
    }

    @Test
    void anEntityWhoseRecordCannotBeReadStops() throws Exception {
        ObjectKey key = ObjectKey.of(Samples.SECRETS, "default", "lost");
        inASystem((kit, listening) -> write(kit, kit.spawn(Entity.create(key)), Samples.created(key, 1)));
        Path keys = directory.resolve("secrets.keys");
        Files.writeString(keys, "7 " + Files.readString(keys).substring(2));
        inASystem((kit, listening) -> {
            ActorRef<Entity.Command> entity = kit.spawn(Entity.create(key));
            kit.createTestProbe().expectTerminated(entity, Duration.ofSeconds(10));
        });
    }

    /** Without snapshots the events themselves bring an entity to the same state. */
    @Test
    void replayingEveryEventGivesTheSameState() {
        ObjectKey key = Samples.pod("replayed");
        inASystem((kit, listening) -> {
            ActorRef<Entity.Command> first = kit.spawn(Entity.create(key));
            for (int i = 1; i <= 5; i++) {
                write(kit, first, i == 1 ? Samples.created(key, i) : Samples.updated(key, i));
            }
            kit.stop(first);
            Behavior<Entity.Command> replaying = new Entity(key) {
                @Override
                public Recovery recovery() {
                    return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
                }
            };
            ActorRef<Entity.Command> second = kit.spawn(replaying);
            assertThat(state(kit, second)).isEqualTo(new ObjectState.Live(Samples.object(key, 5, "")));
            write(kit, second, Samples.updated(key, 6));
        });
    }

    @Test
    void eventsAndStatesTravelInTheJournalsFormat() {
        inASystem((kit, listening) -> {
            ObjectEvent event = Samples.full();
            Object read = kit.serializationTestKit().verifySerialization(event, false);
            assertThat(Samples.same((ObjectEvent) read, event)).isTrue();
            kit.serializationTestKit().verifySerialization(new ObjectState.Live(event.object()), true);
            kit.serializationTestKit().verifySerialization(ObjectState.Absent.NEVER, true);
        });
    }
}
