package io.ruori.entity;

import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The one entity of a shard that is always there, since every master keeps calling it: it claims the shard's epoch where
 * cluster sharding has put the shard, and tells this member to look after what is in it. The shard's other entities recover
 * once it has claimed.
 */
public final class ShardKeeper extends AbstractBehavior<ResourceEntity.Command> {
    private static final String PREFIX = "keeper|";
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration CLOSES = Duration.ofSeconds(30);

    /** What a keeper tells itself. */
    sealed interface Own extends ResourceEntity.Command permits Claim, Taken, NotTaken {}

    private record Claim() implements Own {}

    private record Taken() implements Own {}

    private record NotTaken(Throwable error) implements Own {}

    private final int shard;
    private final Member member;
    private final TimerScheduler<ResourceEntity.Command> timers;
    private boolean isTaken;

    private ShardKeeper(
            ActorContext<ResourceEntity.Command> context,
            TimerScheduler<ResourceEntity.Command> timers,
            int shard,
            Member member) {
        super(context);
        this.timers = timers;
        this.shard = shard;
        this.member = member;
        claim();
    }

    /** The entity id of a shard's keeper, which lives in that shard. */
    public static String id(int shard) {
        return PREFIX + shard;
    }

    public static boolean isKeeper(String entityId) {
        return entityId.startsWith(PREFIX);
    }

    /** The shard that a keeper's entity id names. */
    public static int shard(String entityId) {
        return Integer.parseInt(entityId.substring(PREFIX.length()));
    }

    public static Behavior<ResourceEntity.Command> create(int shard, Member member) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ShardKeeper(context, timers, shard, member)));
    }

    @Override
    public Receive<ResourceEntity.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Claim.class, claim -> {
                    claim();
                    return this;
                })
                .onMessage(NotTaken.class, this::onNotTaken)
                .onMessage(Taken.class, taken -> {
                    isTaken = true;
                    member.takenShards().taken();
                    return this;
                })
                .onAnyMessage(called -> {
                    keep();
                    return this;
                })
                .onSignal(PostStop.class, stop -> {
                    member.share().release(shard);
                    return this;
                })
                .build();
    }

    /** A claim of the shard's home before may have come late, and taken the shard from where it is now. */
    private void keep() {
        if (isTaken && !member.share().holds(shard)) {
            getContext().getLog().warn("shard {} was lost; it is claimed again", shard);
            isTaken = false;
            claim();
        }
    }

    private void claim() {
        getContext()
                .pipeToSelf(
                        member.share()
                                .take(shard)
                                .thenCompose(done -> member.index().consistent(CLOSES)),
                        (view, error) -> error == null ? new Taken() : new NotTaken(error));
    }

    private ShardKeeper onNotTaken(NotTaken not) {
        getContext()
                .getLog()
                .warn(
                        "shard {} could not be taken; it is tried again: {}",
                        shard,
                        not.error().toString());
        timers.startSingleTimer(new Claim(), RETRY);
        return this;
    }
}
