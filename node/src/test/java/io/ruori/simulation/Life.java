package io.ruori.simulation;

import io.ruori.agent.AgentGate;
import io.ruori.api.Uid;
import io.ruori.entity.Member;
import io.ruori.entity.ShardedDoor;
import io.ruori.guardian.KindCatalog;
import io.ruori.guardian.Master;
import io.ruori.guardian.MemberHost;
import io.ruori.guardian.MemberStart;
import io.ruori.members.Announcement;
import io.ruori.members.MemberMessage;
import io.ruori.members.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** A master from its start to its end, on a machine that had others before. */
final class Life implements MemberHost {
    static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration SOON = Duration.ofMillis(10);

    private final World world;
    private final int number;
    private final String machine;
    private final long skewMillis;
    private final SimJournal journal;
    private final SimEntities entities;
    private final List<ActorRef<?>> actors = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private @Nullable ActorRef<Members.Command> members;
    private @Nullable ActorRef<Object> root;
    private @Nullable Member member;
    private @Nullable Master master;
    private boolean isPaused;
    private boolean isDead;
    private long uids;

    Life(World world, int number, String machine, long skewMillis) {
        this.world = world;
        this.number = number;
        this.machine = machine;
        this.skewMillis = skewMillis;
        this.journal = new SimJournal(world, this);
        this.entities = new SimEntities(world, this);
    }

    /** Begins as a process does: everything else follows from the journal. */
    void start() {
        world.thread().execute(this, () -> {
            entities.open();
            MemberStart.start(this, journal, World.SETTINGS, new KindCatalog(custom -> World.KINDS), World.EDITS)
                    .whenComplete((started, fault) -> {
                        if (fault != null) {
                            leave("it cannot start", fault);
                        } else if (!isDead) {
                            run(started);
                        }
                    });
        });
    }

    private void run(Member started) {
        member = started;
        root = spawn(
                Behaviors.setup(context -> {
                    master = Master.start(context, started, World.SETTINGS, machine, entities);
                    world.started(this);
                    return Behaviors.empty();
                }),
                "master");
    }

    <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
        ActorRef<T> actor = world.system().spawn(this, behavior, name);
        actors.add(actor);
        return actor;
    }

    int number() {
        return number;
    }

    String machine() {
        return machine;
    }

    SimJournal journal() {
        return journal;
    }

    SimEntities entities() {
        return entities;
    }

    List<Runnable> held() {
        return held;
    }

    boolean isPaused() {
        return isPaused;
    }

    boolean isDead() {
        return isDead;
    }

    /** Answers clients. */
    boolean serves() {
        return !isDead && master != null;
    }

    Member member() {
        return java.util.Objects.requireNonNull(member);
    }

    ShardedDoor door() {
        return java.util.Objects.requireNonNull(master).door();
    }

    ActorRef<AgentGate.Connect> gate() {
        return java.util.Objects.requireNonNull(master).gate();
    }

    void pause() {
        isPaused = true;
    }

    void resume() {
        isPaused = false;
        world.thread().resume(this);
    }

    /** From here on it says and asks nothing; its actors are put away without anybody hearing of it. */
    void die() {
        if (isDead) {
            return;
        }
        isDead = true;
        if (isPaused) {
            resume();
        }
        actors.forEach(world.system()::stop);
        world.died(this);
    }

    // --- as its actors see it

    @Override
    public Instant instant() {
        return BEGIN.plusMillis(skewMillis).plusNanos(world.thread().nanos());
    }

    @Override
    public long nanos() {
        return world.thread().nanos() + number * 1_000_000_000_000L;
    }

    @Override
    public Uid newUid() {
        return new Uid("u" + number + "-" + uids++);
    }

    @Override
    public String journalPlugin() {
        return "simulation.journal-" + number;
    }

    @Override
    public Set<String> others() {
        Set<String> others = new HashSet<>(world.cluster().addresses());
        others.remove(machine);
        return others;
    }

    @Override
    public <M> void tellOthers(ActorRef<M> self, M message) {
        String name = self.path().name();
        for (String address : others()) {
            Life other = world.living(address);
            if (other != null && other.root != null) {
                String path = other.root.path().toStringWithoutAddress() + "/" + name;
                world.net()
                        .post(
                                this,
                                other,
                                () -> Adapter.toClassic(world.system().actors())
                                        .actorSelection(path)
                                        .tell(message, org.apache.pekko.actor.ActorRef.noSender()));
            }
        }
    }

    // --- as it is started on

    @Override
    public String address() {
        return machine;
    }

    @Override
    public Executor tasks() {
        return task -> world.thread().execute(this, task);
    }

    @Override
    public Executor views() {
        return tasks();
    }

    @Override
    public Executor soon() {
        return task -> world.thread().later(this, SOON, task);
    }

    @Override
    public Cancellable after(Duration pause, Runnable task) {
        return world.thread().later(this, pause, task)::run;
    }

    @Override
    public long random() {
        return world.random().nextLong();
    }

    @Override
    public void every(Duration pause, Runnable task) {
        world.thread().later(this, pause, () -> {
            task.run();
            every(pause, task);
        });
    }

    @Override
    public void everyBlocking(Duration pause, Runnable task) {
        every(pause, task);
    }

    @Override
    public ActorRef<Members.Command> open(Behavior<Members.Command> behavior) {
        ActorRef<Members.Command> opened = spawn(behavior, "members");
        members = opened;
        return opened;
    }

    @Override
    public void send(String address, MemberMessage message) {
        Life other = world.living(address);
        if (other != null) {
            MemberMessage said = switch (world.flaw()) {
                case ENDS_UNTOLD -> withoutEnds(message);
                case CLOSED_TOO_SOON -> withClock(message);
                default -> message;
            };
            world.net().post(this, other, () -> {
                ActorRef<Members.Command> ears = other.members;
                if (ears != null) {
                    ears.tell(said);
                }
            });
        }
    }

    private static MemberMessage withoutEnds(MemberMessage message) {
        return message instanceof MemberMessage.Told(Announcement told)
                ? new MemberMessage.Told(new Announcement(
                        told.from(),
                        told.number(),
                        told.closed(),
                        told.clock(),
                        told.written(),
                        Map.of(),
                        told.ceiling()))
                : message;
    }

    private static MemberMessage withClock(MemberMessage message) {
        return message instanceof MemberMessage.Told(Announcement told)
                ? new MemberMessage.Told(new Announcement(
                        told.from(),
                        told.number(),
                        told.clock(),
                        told.clock(),
                        told.written(),
                        told.ends(),
                        told.ceiling()))
                : message;
    }

    @Override
    public void join(String address) {
        world.cluster().join(this, address);
    }

    @Override
    public boolean hasJoined() {
        return world.cluster().has(this);
    }

    @Override
    public void down(String address) {
        world.cluster().down(address, this);
    }

    @Override
    public void onLeaving(Supplier<CompletionStage<?>> last) {
        // Nobody leaves in order here.
    }

    @Override
    public void leave(String what, Throwable why) {
        world.note(machine + " ends: " + what + ": " + why);
        world.ended(this, what, why);
        die();
    }

    @Override
    public String toString() {
        return machine + "/" + number;
    }
}
