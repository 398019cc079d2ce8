package io.ruori.persistence.pekko;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.RequestId;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.config.MasterSettings;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.core.Write;
import io.ruori.core.Write.FieldValidation;
import io.ruori.core.Write.PatchType;
import io.ruori.core.Write.Precondition;
import io.ruori.core.admission.Facts;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Journal;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.entity.ResourceEntity;
import io.ruori.guardian.KindCatalog;
import io.ruori.guardian.MemberStart;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import io.ruori.persistence.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real entity with the real decider on the real journal: what it answered is what its successors know, in this process and
 * in the next. Pekko's EventSourcedBehaviorTestKit brings a journal of its own, which neither settles revisions nor knows our
 * format; so these are the protocol and the journal themselves.
 */
class ResourceEntityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectKey KEY = ObjectKey.of(KindName.core("configmaps"), "default", "c");

    @TempDir
    Path directory;

    private static final ObjectKey SET = ObjectKey.of(new KindName("apps", "replicasets"), "default", "s");

    /**
     * What a reconciler writes goes nowhere, and is never answered.
     *
     * @param asked hears which objects were to be written
     */
    private record SilentDoor(ActorRef<ObjectKey> asked) implements ObjectDoor {
        @Override
        public CompletionStage<Outcome> write(ObjectKey key, Write write, Origin origin, List<Note> notes) {
            asked.tell(key);
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Outcome> dryRun(ObjectKey key, Write write, Origin origin) {
            return write(key, write, origin, List.of());
        }
    }

    /** One process with its member and the entity of one object. */
    private static final class Process {
        private final ActorTestKit kit;
        private final Member member;
        private final TestProbe<ObjectKey> written;
        private ActorRef<ResourceEntity.Command> entity;

        Process(ActorTestKit kit, Member member) {
            this.kit = kit;
            this.member = member;
            this.written = kit.createTestProbe();
            this.entity = spawn(KEY);
        }

        ActorRef<ResourceEntity.Command> spawn(ObjectKey key) {
            ObjectDoor door = new SilentDoor(written.ref());
            EventRecorder events = new EventRecorder(door, () -> member.index().view(), member::kinds, member.time());
            return kit.spawn(ResourceEntity.create(key, member, door, events));
        }

        /** A new incarnation in the same process, as after passivation. */
        void restartEntity() {
            kit.stop(entity);
            entity = spawn(KEY);
        }

        Outcome ask(Write write, boolean dryRun) {
            return ask(write, dryRun, RequestId.NONE);
        }

        RequestId begin() {
            return new RequestId(member.revisions().issued(), member.host().random());
        }

        Outcome ask(Write write, boolean dryRun, RequestId request) {
            TestProbe<Outcome> probe = kit.createTestProbe();
            tell(entity, write, dryRun, request, probe);
            return probe.receiveMessage(PATIENCE);
        }

        void tell(
                ActorRef<ResourceEntity.Command> to,
                Write write,
                boolean dryRun,
                RequestId request,
                TestProbe<Outcome> probe) {
            User tester = User.component("tester");
            Facts facts = new Facts(
                    Revision.ZERO, tester, Facts.NamespaceLife.ACTIVE, Set.of("default"), PATIENCE, Optional.empty());
            Origin origin = new Origin(tester, "tester", "test", "because", Revision.ZERO, request);
            to.tell(new ResourceEntity.Execute(write, origin, List.of(), facts, dryRun, probe.ref()));
        }

        StoredObject stored(Write write) {
            return ((Outcome.Stored) ask(write, false)).object();
        }

        /** What the entity knows, by a patch that changes nothing. */
        Outcome known() {
            return ask(patch(Json.object()), true);
        }

        List<ObjectEvent> journal() {
            try (var events = RocksJournal.get(kit.system()).store().events(KEY, 1)) {
                return events.toList();
            }
        }
    }

    private void inAProcess(Consumer<Process> story) {
        Config config = ConfigFactory.parseString("""
            pekko.actor.provider = cluster
            pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            """).withFallback(JournalPluginTest.config(directory));
        ActorTestKit kit = ActorTestKit.create("entity", config);
        try {
            Member member = MemberStart.start(
                    kit.system(),
                    Journal.open(kit.system()),
                    MasterSettings.from(config),
                    new KindCatalog(described -> new KindRegistry(Kinds.all("", described))));
            story.accept(new Process(kit, member));
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static Write create(String colour) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        body.putObject("data").put("colour", colour);
        return new Write.Create(body, FieldValidation.STRICT);
    }

    private static Write patch(ObjectNode patch) {
        return new Write.Patch(PatchType.MERGE, patch, "", false, Precondition.NONE, FieldValidation.STRICT);
    }

    private static Write colour(String colour) {
        ObjectNode patch = Json.object();
        patch.putObject("data").put("colour", colour);
        return patch(patch);
    }

    private static Write finalizers(String... names) {
        ObjectNode patch = Json.object();
        var list = patch.putObject("metadata").putArray("finalizers");
        List.of(names).forEach(list::add);
        return patch(patch);
    }

    private static Write delete() {
        return new Write.Delete(-1, "", Precondition.NONE);
    }

    private static void knows(Process process, StoredObject expected) {
        Outcome known = process.known();
        assertThat(known).isInstanceOf(Outcome.Stored.class);
        assertThat(Samples.describe(((Outcome.Stored) known).object())).isEqualTo(Samples.describe(expected));
    }

    /** An answer is a promise: the next incarnation and the next process say the same, byte for byte. */
    @Test
    void whatWasAnsweredIsKnownAfterEveryRestart() {
        List<StoredObject> last = new ArrayList<>();
        inAProcess(process -> {
            StoredObject created = process.stored(create("red"));
            StoredObject changed = process.stored(colour("blue"));
            assertThat(changed.revision().isAfter(created.revision())).isTrue();
            assertThat(changed.uid()).isEqualTo(created.uid());
            process.restartEntity();
            knows(process, changed);
            last.add(process.stored(colour("green")));
        });
        inAProcess(process -> {
            knows(process, last.getFirst());
            assertThat(process.journal()).hasSize(3);
        });
    }

    /** What is refused, changes nothing or is only tried leaves no trace in the journal. */
    @Test
    void onlyWhatChangesSomethingIsJournalled() {
        inAProcess(process -> {
            assertThat(process.ask(colour("red"), false)).isInstanceOf(Outcome.Refused.class);
            assertThat(process.ask(create("red"), true)).isInstanceOf(Outcome.Stored.class);
            assertThat(process.journal()).isEmpty();
            StoredObject created = process.stored(create("red"));
            Outcome again = process.ask(create("blue"), false);
            assertThat(((Outcome.Refused) again).status().reason()).isEqualTo("AlreadyExists");
            assertThat(process.stored(colour("red"))).isEqualTo(created);
            process.ask(colour("blue"), true);
            process.ask(delete(), true);
            process.restartEntity();
            knows(process, created);
            assertThat(process.journal()).hasSize(1);
        });
    }

    /** A name lives again with a greater revision and another uid, even if nobody was there in between. */
    @Test
    void aNameOutlivesItsObjects() {
        List<StoredObject> gone = new ArrayList<>();
        inAProcess(process -> {
            process.stored(create("red"));
            process.stored(finalizers("contract.ruori.io/held"));
            StoredObject held = process.stored(delete());
            assertThat(held.isTerminating()).isTrue();
            process.restartEntity();
            knows(process, held);
            assertThat(process.ask(create("blue"), false)).isInstanceOf(Outcome.Refused.class);
            Outcome released = process.ask(finalizers(), false);
            gone.add(((Outcome.Gone) released).last());
        });
        inAProcess(process -> {
            assertThat(((Outcome.Refused) process.known()).status().reason()).isEqualTo("NotFound");
            StoredObject next = process.stored(create("blue"));
            assertThat(next.revision().isAfter(gone.getFirst().revision())).isTrue();
            assertThat(next.uid()).isNotEqualTo(gone.getFirst().uid());
        });
    }

    /** One that was sent twice, since nobody knew what had become of it, wherever the second finds the object. */
    @Test
    void aRequestIsCarriedOutOnce() {
        List<RequestId> requests = new ArrayList<>();
        List<Outcome> answers = new ArrayList<>();
        inAProcess(process -> {
            for (Write write : List.of(create("red"), colour("blue"), finalizers("contract.ruori.io/held"))) {
                RequestId request = process.begin();
                requests.add(request);
                answers.add(process.ask(write, false, request));
                // Somebody else's, in between.
                process.stored(colour("of-" + requests.size()));
                told(process.ask(write.copy(), false, request), answers.getLast());
                process.restartEntity();
                told(process.ask(write.copy(), false, request), answers.getLast());
            }
            RequestId deletion = process.begin();
            process.stored(finalizers());
            Outcome gone = process.ask(delete(), false, deletion);
            process.stored(create("another"));
            told(process.ask(delete(), false, deletion), gone);
            process.restartEntity();
            told(process.ask(delete(), false, deletion), gone);
            assertThat(process.known()).isInstanceOf(Outcome.Stored.class);
            assertThat(process.journal()).hasSize(9);
        });
        inAProcess(process -> {
            for (int i = 0; i < requests.size(); i++) {
                told(process.ask(colour("late"), false, requests.get(i)), answers.get(i));
            }
            assertThat(process.journal()).hasSize(9);
        });
    }

    /** It began before what the object has seen last, and is none of that. */
    @Test
    void aRequestThatIsLateIsCarriedOutAllTheSame() {
        inAProcess(process -> {
            RequestId early = process.begin();
            process.stored(create("red"));
            process.stored(colour("blue"));
            process.restartEntity();
            assertThat(process.ask(colour("green"), false, early).hasEffect()).isTrue();
            assertThat(process.journal()).hasSize(3);
        });
    }

    /** A write that the journal refuses ends the reconciler with the entity; the one that begins anew has one of its own. */
    @Test
    void anEntityThatBeginsAnewReconcilesAgain() {
        inAProcess(process -> {
            TestProbe<Outcome> answers = process.kit.createTestProbe();
            ActorRef<ResourceEntity.Command> late = process.spawn(SET);
            process.tell(late, createSet(), false, RequestId.NONE, answers);
            StoredObject created = ((Outcome.Stored) answers.receiveMessage(PATIENCE)).object();
            process.member.showing(created.revision()).toCompletableFuture().join();
            late.tell(ResourceEntity.Wake.INSTANCE);
            assertThat(process.written.receiveMessage(PATIENCE).kind()).isEqualTo(KindName.core("pods"));

            ActorRef<ResourceEntity.Command> other = process.spawn(SET);
            assertThat(process.written.receiveMessage(PATIENCE).kind()).isEqualTo(KindName.core("pods"));
            process.tell(other, finalizers("contract.ruori.io/held"), false, RequestId.NONE, answers);
            assertThat(answers.receiveMessage(PATIENCE)).isInstanceOf(Outcome.Stored.class);
            process.kit.stop(other);

            process.tell(late, finalizers("contract.ruori.io/too-late"), false, RequestId.NONE, answers);
            assertThat(process.written.receiveMessage(PATIENCE).kind()).isEqualTo(KindName.core("pods"));
        });
    }

    private static Write createSet() {
        ObjectNode body = Json.object().put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
        ObjectNode spec = body.putObject("spec").put("replicas", 1);
        spec.putObject("selector").putObject("matchLabels").put("app", "s");
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", "s");
        template.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "c")
                .put("image", "i");
        return new Write.Create(body, FieldValidation.STRICT);
    }

    /** Revisions cannot be issued until the journal has promised a higher ceiling, which it does every other second. */
    @Test
    void aWriteWaitsForTheCeilingToRise() {
        inAProcess(process -> {
            process.member.revisions().heard(Revision.upTo(Instant.now().plusSeconds(9)));
            Outcome atOnce = process.ask(create("red"), false);
            assertThat(((Outcome.Refused) atOnce).status().code()).isEqualTo(503);
            assertThat(process.ask(create("blue"), false, process.begin())).isInstanceOf(Outcome.Stored.class);
        });
    }

    /** Warnings are for the first who is told. */
    private static void told(Outcome again, Outcome first) {
        assertThat(again.hasEffect()).isTrue();
        assertThat(again).hasSameClassAs(first);
        if (again instanceof Outcome.Stored stored && first instanceof Outcome.Stored before) {
            assertThat(stored.created()).isEqualTo(before.created());
            assertThat(Samples.describe(stored.object())).isEqualTo(Samples.describe(before.object()));
        } else if (again instanceof Outcome.Gone gone && first instanceof Outcome.Gone before) {
            assertThat(Samples.describe(gone.last())).isEqualTo(Samples.describe(before.last()));
        }
    }

    /** Wherever a snapshot is taken, what is left to replay leads to the same state: that of the journal itself. */
    @Test
    void anyPrefixAndThenTheRestIsTheWhole() {
        inAProcess(process -> {
            Random random = new Random(42);
            for (int i = 0; i < 60; i++) {
                process.ask(anyWrite(random, i), false);
            }
            List<ObjectEvent> events = process.journal();
            assertThat(events).hasSizeGreaterThan(30);
            ObjectState whole = replay(ObjectState.Absent.NEVER, events);
            for (int i = 0; i <= events.size(); i++) {
                ObjectState prefix = replay(ObjectState.Absent.NEVER, events.subList(0, i));
                ObjectState snapshot = (ObjectState) throughTheSerializer(process, prefix);
                ObjectState after = replay(snapshot, events.subList(i, events.size()));
                assertThat(described(after)).as("after a snapshot at %d", i).isEqualTo(described(whole));
            }
            process.restartEntity();
            switch (whole) {
                case ObjectState.Absent absent -> assertThat(process.known()).isInstanceOf(Outcome.Refused.class);
                case ObjectState.Live live -> knows(process, live.object());
                case ObjectState.Terminating terminating -> knows(process, terminating.object());
            }
        });
    }

    private static Write anyWrite(Random random, int i) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> create("colour-" + i);
            case 2 -> delete();
            case 3 -> finalizers("contract.ruori.io/held");
            case 4 -> finalizers();
            default -> colour("colour-" + i);
        };
    }

    private static ObjectState replay(ObjectState from, List<ObjectEvent> events) {
        ObjectState state = from;
        for (ObjectEvent event : events) {
            state = ObjectState.apply(state, event);
        }
        return state;
    }

    private static Object throughTheSerializer(Process process, ObjectState state) {
        return process.kit.serializationTestKit().verifySerialization(state, false);
    }

    private static List<?> described(ObjectState state) {
        return switch (state) {
            case ObjectState.Absent absent -> List.of("absent", absent.revision());
            case ObjectState.Live live -> Samples.describe(live.object());
            case ObjectState.Terminating terminating -> Samples.describe(terminating.object());
        };
    }
}
