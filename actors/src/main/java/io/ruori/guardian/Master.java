package io.ruori.guardian;

import io.ruori.access.AccessRules;
import io.ruori.agent.AgentGate;
import io.ruori.api.ObjectKey;
import io.ruori.config.MasterSettings;
import io.ruori.entity.Entities;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Member;
import io.ruori.entity.ResourceEntity;
import io.ruori.entity.ShardKeeper;
import io.ruori.entity.ShardedDoor;
import io.ruori.nodes.AgentSessions;
import io.ruori.nodes.MasterAddresses;
import io.ruori.nodes.NodeMonitor;
import io.ruori.scheduler.Scheduler;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Starts what a master is made of. Its children restart on their own: the scheduler, the agents' sessions, the node monitor
 * and the waker hold nothing that the view does not, so a restart is only a fresh look.
 *
 * @param access the roles and bindings, arranged for questions
 * @param gate where agents of this process knock
 * @param masters where the API is served
 */
public record Master(
        ShardedDoor door,
        AccessRules access,
        ActorRef<AgentSessions.Command> agents,
        ActorRef<AgentGate.Connect> gate,
        MasterAddresses masters) {

    private static final Duration CALL_KEEPERS = Duration.ofSeconds(1);

    /**
     * Spawns the children of the calling guardian.
     *
     * @param address where others find this master's API, {@code host:port}
     */
    public static Master start(ActorContext<?> context, Member member, MasterSettings settings, String address) {
        return start(context, member, settings, address, new ClusterEntities(context.getSystem(), settings.shards()));
    }

    /** The same where entities live otherwise. */
    public static Master start(
            ActorContext<?> context, Member member, MasterSettings settings, String address, Entities entities) {
        MasterAddresses masters = new MasterAddresses(address);
        AccessRules access = new AccessRules(member.index());
        ShardedDoor door =
                new ShardedDoor(entities, member, access, settings.writeTimeout(), settings.defaultTolerationSeconds());
        EventRecorder events = new EventRecorder(door, member.index()::view, member::kinds, member.host());
        entities.start(id -> behavior(id, member, door, events));
        if (!member.isOnly()) {
            spawn(context, "keeper-calls", callKeepers(entities, settings.shards()));
        }
        ActorRef<NodeMonitor.Command> monitor =
                spawn(context, "node-monitor", NodeMonitor.create(member, door, events, settings.nodeMonitorGrace()));
        ActorRef<AgentSessions.Command> agents =
                spawn(context, "agents", AgentSessions.create(member, door, events, monitor, masters));
        spawn(context, "scheduler", Scheduler.create(member, door, door::reserve, events));
        spawn(context, "waker", Waker.create(member, door));
        spawn(context, "collector", Collector.create(member, door, events));
        ActorRef<AgentGate.Connect> gate = spawn(context, "agent-gate", gate(agents));
        return new Master(door, access, agents, gate, masters);
    }

    private static Behavior<ResourceEntity.Command> behavior(
            String entityId, Member member, ShardedDoor door, EventRecorder events) {
        return ShardKeeper.isKeeper(entityId)
                ? ShardKeeper.create(ShardKeeper.shard(entityId), member)
                : ResourceEntity.create(ObjectKey.parse(entityId), member, door, events);
    }

    private enum Due {
        CALL
    }

    /** Every master calls every keeper, so that none is missed when a master is gone. */
    private static Behavior<Due> callKeepers(Entities entities, int shards) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Due.CALL, Duration.ZERO, CALL_KEEPERS);
            return Behaviors.receiveMessage(due -> {
                for (int shard = 0; shard < shards; shard++) {
                    entities.tell(ShardKeeper.id(shard), ResourceEntity.Call.INSTANCE);
                }
                return Behaviors.same();
            });
        });
    }

    private static Behavior<AgentGate.Connect> gate(ActorRef<AgentSessions.Command> agents) {
        return Behaviors.receiveMessage(request -> {
            agents.tell(new AgentSessions.Connect(request));
            return Behaviors.same();
        });
    }

    private static <T> ActorRef<T> spawn(ActorContext<?> context, String name, Behavior<T> behavior) {
        return context.spawn(
                Behaviors.supervise(behavior)
                        .onFailure(SupervisorStrategy.restartWithBackoff(
                                Duration.ofMillis(100), Duration.ofSeconds(10), 0.2)),
                name);
    }
}
