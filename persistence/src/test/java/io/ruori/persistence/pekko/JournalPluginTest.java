package io.ruori.persistence.pekko;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.entity.CommitListener;
import io.ruori.persistence.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real entities on the real journal: what they were told is durable is what they, and their successors, start from. */
class JournalPluginTest {
    @TempDir
    Path directory;

    /** An entity that persists the events it is handed. */
    static final class Entity extends EventSourcedBehavior<Entity.Command, ObjectEvent, ObjectState> {
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
                    Effect().persist(write.events()).thenRun(after -> write.replyTo().tell(after.revision()));
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
        return ConfigFactory.parseString(
                        """
                        pekko.persistence.journal.plugin = "ruori.persistence.journal"
                        pekko.persistence.snapshot-store.plugin = "ruori.persistence.snapshots"
                        pekko.persistence.max-concurrent-recoveries = 1000
                        pekko.loglevel = WARNING
                        """)
                .withValue(
                        "ruori.persistence.directory",
                        com.typesafe.config.ConfigValueFactory.fromAnyRef(directory.toString()))
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
}
