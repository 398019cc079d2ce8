package io.ruori.members;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.Json;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import io.ruori.core.clock.Ceiling;
import io.ruori.kind.Kind;
import io.ruori.members.Roster.Row;
import io.ruori.members.Roster.State;
import io.ruori.view.Revisions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.junit.jupiter.api.Test;

/** What one member makes of what others say, and of what it reads of them in the journal. */
class MembersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Session SELF = new Session(0, "s0", "self");
    private static final Session NEAR = new Session(1, "s1", "near");
    private static final Session FAR = new Session(2, "s2", "far");
    private static final Revision EARLY = Revision.upTo(NOW.minusSeconds(1));
    private static final Revision CLOSED = Revision.upTo(NOW);

    /** Late, or twice, as all that members say. */
    @Test
    void aWordOfOneThatWasSealedDoesNotMakeItCountAgain() {
        Conversation here = new Conversation();
        here.joined(NEAR, FAR);
        here.hears(here.told(NEAR, List.of(), Map.of()));
        here.end(FAR);
        assertThat(here.link.incoming().counted()).containsExactly(NEAR);

        here.hears(counted(FAR));
        here.readsRoster();

        assertThat(here.link.incoming().counted()).containsExactly(NEAR);
        assertThat(here.link.incoming().closed()).isEqualTo(CLOSED);
    }

    /** It may not know of its end yet, and never hears of this member, so it goes on closing as far as it was promised. */
    @Test
    void aJoinerBeginsAboveWhatOneThatWasEndedBeforeMayClose() {
        Conversation here = new Conversation();
        Revision promised = Revision.upTo(NOW.plusSeconds(5));
        here.rows.add(new Row(FAR, State.FENCED, 1, promised));
        here.joined(NEAR);
        assertThat(here.link.revisions().issue(Revision.ZERO)).isGreaterThan(promised);
    }

    /** What the ended one wrote last becomes known from a third member's announcement, and from nothing else. */
    @Test
    void whoAsksIsAnsweredWhenTheLastThatIsMissingStopsCounting() {
        Conversation here = new Conversation();
        here.joined(NEAR, FAR);
        CompletableFuture<Revision> answer = here.link.lastWritten().toCompletableFuture();
        here.runAll();
        here.hears(new MemberMessage.Sample(NEAR, here.asked.number(), EARLY, EARLY));
        ObjectEvent last = event();
        here.logEnds = 1;
        here.end(FAR);
        assertThat(answer).isNotDone();

        here.hears(here.told(NEAR, List.of(new ShardLog(0, 0, List.of(last))), Map.of(0, 1L)));

        assertThat(answer).isCompletedWithValue(last.revision());
    }

    private static MemberMessage counted(Session by) {
        return new MemberMessage.Counted(by, EARLY, true, SELF);
    }

    private static ObjectEvent event() {
        Kind kind = Kind.of("", "v1", "ConfigMap", "configmaps", "x").build();
        var tree = Json.object();
        tree.putObject("metadata").put("name", "c").put("namespace", "default");
        Origin origin = new Origin(User.component("test"), "test", "test", "", Revision.ZERO);
        return new ObjectEvent.Created(kind.store(tree, CLOSED), origin, List.of());
    }

    /** One member on a time of its own, with a journal of one shard that {@link #FAR} holds, and nobody at the other end. */
    private static final class Conversation implements Post {
        private final MemberLink link;
        private final Map<String, Members.Command> timers = new HashMap<>();
        private final List<Row> rows = new ArrayList<>();
        private long version;
        private long number;
        private long logEnds;
        private String owner = FAR.id();
        private BehaviorTestKit<Members.Command> members;
        private MemberMessage.Ask asked;

        Conversation() {
            SharedJournal journal = (SharedJournal) Proxy.newProxyInstance(
                    SharedJournal.class.getClassLoader(),
                    new Class<?>[] {SharedJournal.class},
                    (proxy, method, arguments) -> CompletableFuture.completedFuture(
                            switch (method.getName()) {
                                case "roster" -> new Roster(version, rows);
                                case "shards" -> List.of(new ShardHead(0, 1, owner, logEnds));
                                case "seal" -> {
                                    owner = "";
                                    yield new ShardHead(0, 2, owner, logEnds);
                                }
                                default -> throw new UnsupportedOperationException(method.getName());
                            }));
            Revisions revisions = new Revisions(
                    SELF.slot(), EARLY, new Ceiling(Revision.upTo(NOW.plusSeconds(8))), this::millis, this::nanos);
            link = new MemberLink(SELF, this, journal, revisions, 1, events -> {}, new NoListener());
        }

        /** All active members count each other, and the last has read so. */
        void joined(Session... others) {
            rows.add(new Row(SELF, State.ACTIVE, 1, EARLY));
            for (Session other : others) {
                rows.add(new Row(other, State.ACTIVE, 1, EARLY));
            }
            version++;
            link.start(Duration.ofSeconds(3));
            link.incoming().startAt(List.of(new ShardHead(0, 1, owner, 0)));
            runAll();
            for (Session other : others) {
                hears(counted(other));
            }
            assertThat(link.counts()).isDone();
        }

        /** Somebody fences it, and this member reads so and takes what it held. */
        void end(Session session) {
            rows.replaceAll(row -> row.session().equals(session) ? new Row(session, State.FENCED, 1, EARLY) : row);
            version++;
            readsRoster();
        }

        void readsRoster() {
            hears(timers.get("ROSTER"));
        }

        void hears(Members.Command message) {
            members.run(message);
            runAll();
        }

        void runAll() {
            while (members.selfInbox().hasMessages()) {
                members.runOne();
            }
        }

        MemberMessage told(Session by, List<ShardLog> written, Map<Integer, Long> ends) {
            return new MemberMessage.Told(new Announcement(by, ++number, CLOSED, CLOSED, written, ends, CLOSED));
        }

        @Override
        public ActorRef<Members.Command> open(Behavior<Members.Command> behavior) {
            members = BehaviorTestKit.create(behavior);
            for (Effect effect : members.getAllEffects()) {
                if (effect instanceof Effect.TimerScheduled<?> timer && timer.msg() instanceof Members.Command tick) {
                    timers.put(tick.toString(), tick);
                }
            }
            return members.getRef();
        }

        @Override
        public void send(String address, MemberMessage message) {
            if (message instanceof MemberMessage.Ask ask) {
                asked = ask;
            }
        }

        @Override
        public Instant instant() {
            return NOW;
        }

        @Override
        public long nanos() {
            return 0;
        }
    }

    private static final class NoListener implements MemberLink.Listener {
        @Override
        public void closedAdvanced() {}

        @Override
        public void ended(Session session, boolean isFollowed) {}

        @Override
        public void over(String what, Throwable why) {
            throw new AssertionError(what, why);
        }
    }
}
