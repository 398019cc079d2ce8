package io.ruori.guardian;

import io.ruori.members.MemberMessage;
import io.ruori.members.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSelection;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContext;

/** A process with an actor system of its own, one of a Pekko cluster. */
public final class ClusterHost implements MemberHost {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterHost.class);
    private static final String MEMBERS = "members";
    private static final Duration SOON = Duration.ofMillis(10);

    /** Refusals may still be told; there is nothing else that a member which counts no longer may do. */
    private static final Duration END = Duration.ofSeconds(1);

    private static final int ENDED = 1;

    private final ActorSystem<?> system;
    private final Cluster cluster;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final Executor views = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("ruori-view-", 0).factory());

    public ClusterHost(ActorSystem<?> system) {
        this.system = system;
        this.cluster = Cluster.get(system);
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    // --- threads

    @Override
    public Executor tasks() {
        return system.executionContext()::execute;
    }

    @Override
    public Executor views() {
        return views;
    }

    @Override
    public Executor soon() {
        return CompletableFuture.delayedExecutor(SOON.toMillis(), TimeUnit.MILLISECONDS, views);
    }

    @Override
    public void every(Duration pause, Runnable task) {
        every(pause, task, system.executionContext());
    }

    @Override
    public Cancellable after(Duration pause, Runnable task) {
        return system.scheduler().scheduleOnce(pause, task, system.executionContext())::cancel;
    }

    @Override
    public void everyBlocking(Duration pause, Runnable task) {
        Executor thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("ruori-waypoints").daemon().factory());
        every(pause, task, ExecutionContext.fromExecutor(thread));
    }

    private void every(Duration pause, Runnable task, ExecutionContext thread) {
        system.scheduler().scheduleWithFixedDelay(pause, pause, task, thread);
    }

    // --- other members

    @Override
    public String address() {
        return self().toString();
    }

    private Address self() {
        return cluster.selfMember().address();
    }

    @Override
    public ActorRef<Members.Command> open(Behavior<Members.Command> members) {
        return system.systemActorOf(members, MEMBERS, Props.empty());
    }

    @Override
    public void send(String address, MemberMessage message) {
        tell(address + "/system/" + MEMBERS, message);
    }

    @Override
    public Set<String> others() {
        Set<String> found = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            if (talks(member.status()) && !member.address().equals(self())) {
                found.add(member.address().toString());
            }
        }
        return found;
    }

    private static boolean talks(MemberStatus status) {
        return status.equals(MemberStatus.up())
                || status.equals(MemberStatus.weaklyUp())
                || status.equals(MemberStatus.leaving());
    }

    /** What does the same on other masters has the same path there. */
    @Override
    public <M> void tellOthers(ActorRef<M> self, M message) {
        String path = self.path().toStringWithoutAddress();
        others().forEach(address -> tell(address + path, message));
    }

    private void tell(String path, Object message) {
        ActorSelection selection = Adapter.toClassic(system).actorSelection(path);
        selection.tell(message, org.apache.pekko.actor.ActorRef.noSender());
    }

    @Override
    public void join(String address) {
        cluster.manager()
                .tell(
                        address.equals(address())
                                ? Join.create(self())
                                : new JoinSeedNodes(List.of(AddressFromURIString.parse(address))));
    }

    /** Once it has been in, it never comes back. */
    @Override
    public boolean hasJoined() {
        return cluster.isTerminated() || !cluster.selfMember().status().equals(MemberStatus.removed());
    }

    @Override
    public void down(String address) {
        cluster.manager().tell(new Down(AddressFromURIString.parse(address)));
    }

    // --- the end

    @Override
    public void onLeaving(Supplier<CompletionStage<?>> last) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(
                CoordinatedShutdown.PhaseClusterShutdown(),
                "leave-the-roster",
                () -> last.get().handle((done, error) -> Done.getInstance()));
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "end-in-time", () -> {
            if (shutdown.getShutdownReason()
                    .filter(reason -> reason instanceof CoordinatedShutdown.ClusterDowningReason$)
                    .isPresent()) {
                LOG.error("the others have downed this member; this master stops");
                endInTime();
            }
            return CompletableFuture.completedFuture(Done.getInstance());
        });
    }

    @Override
    public void leave(String what, Throwable why) {
        if (leaving.compareAndSet(false, true)) {
            LOG.error("{}; this master stops", what, why);
            endInTime();
            system.terminate();
        }
    }

    /**
     * An orderly end hands shards over and takes leave of the cluster, and waits for others at each step. Where they have
     * ended this member they answer nothing, so it took most of a minute until its successor could start.
     */
    private void endInTime() {
        if (!system.settings().config().getBoolean("pekko.coordinated-shutdown.exit-jvm")) {
            return; // not alone in this process
        }
        Thread.ofPlatform().daemon().name("ruori-end").start(() -> {
            try {
                Thread.sleep(END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(ENDED);
        });
    }
}
