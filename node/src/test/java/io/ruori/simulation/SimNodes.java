package io.ruori.simulation;

import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.node.agent.MasterLink;
import io.ruori.node.simulated.SimulatedFleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Machines that run Pods, and their connections: in order and without loss until they break, some time after the master has gone. */
final class SimNodes implements MasterLink {
    static final int NODES = 3;
    static final int CPUS = 2;

    private static final Duration NOTICED = Duration.ofSeconds(2);

    private final World world;
    private final List<ActorRef<?>> actors = new ArrayList<>();

    SimNodes(World world) {
        this.world = world;
    }

    void start() {
        SimulatedFleet.Settings settings = new SimulatedFleet.Settings(
                "node", NODES, CPUS, 8L << 30, 100, Duration.ofMillis(20), Duration.ofSeconds(1));
        actors.add(world.system()
                .spawn(
                        null,
                        SimulatedFleet.create(
                                settings,
                                this,
                                () -> Life.BEGIN.plusNanos(world.thread().nanos())),
                        "fleet"));
    }

    void stop() {
        actors.forEach(world.system()::stop);
    }

    @Override
    public boolean hasOthers() {
        return true;
    }

    @Override
    public CompletionStage<ActorRef<ToMaster>> connect(ActorSystem<?> ignored, String node, ActorRef<ToAgent> agent) {
        Life life = world.any();
        if (life == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("no master answers"));
        }
        return new Line(life, agent).open(node);
    }

    /** One connection. */
    private final class Line {
        private final Life life;
        private final ActorRef<ToAgent> agent;
        private final CompletableFuture<ActorRef<ToMaster>> opened = new CompletableFuture<>();
        private final Pipe down = new Pipe(world.thread());
        private final Pipe up = new Pipe(world.thread());

        Line(Life life, ActorRef<ToAgent> agent) {
            this.life = life;
            this.agent = agent;
        }

        CompletionStage<ActorRef<ToMaster>> open(String node) {
            ActorRef<ToAgent> far = life.spawn(Behaviors.receiveMessage(this::toAgent), "line");
            ActorRef<AgentGate.Connected> answer = life.spawn(
                    Behaviors.receiveMessage(connected -> {
                        down.send(null, delay(), () -> accepted(connected.master()));
                        return Behaviors.stopped();
                    }),
                    "knock");
            world.thread().execute(life, () -> life.gate().tell(new AgentGate.Connect(node, far, answer)));
            world.thread()
                    .later(
                            null,
                            NOTICED,
                            () -> opened.completeExceptionally(
                                    new IllegalStateException("the master does not answer")));
            return opened;
        }

        private void accepted(ActorRef<ToMaster> session) {
            ActorRef<ToMaster> near = world.system().spawn(null, near(session), "near");
            actors.add(near);
            if (!opened.complete(near)) {
                world.system().stop(near);
            }
        }

        /** What the agent talks to. Ends with the session, and a while after its master has stopped answering. */
        private Behavior<ToMaster> near(ActorRef<ToMaster> session) {
            return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
                timers.startTimerWithFixedDelay("look", new ToMaster.StreamCredit(-1, 0), NOTICED);
                context.watch(session);
                return Behaviors.receive(ToMaster.class)
                        .onMessage(
                                ToMaster.StreamCredit.class,
                                credit -> credit.streamId() == -1,
                                look -> life.isDead() || life.isPaused() ? Behaviors.stopped() : Behaviors.same())
                        .onAnyMessage(said -> {
                            up.send(life, delay(), () -> session.tell(said));
                            return Behaviors.same();
                        })
                        .onSignal(org.apache.pekko.actor.typed.Terminated.class, end -> Behaviors.stopped())
                        .build();
            }));
        }

        private Behavior<ToAgent> toAgent(ToAgent said) {
            if (!life.isDead()) {
                down.send(null, delay(), () -> agent.tell(said));
            }
            return Behaviors.same();
        }

        private Duration delay() {
            return Duration.ofNanos(100_000L + world.random().nextInt(2_000_000));
        }
    }
}
