package io.ruori.simulation;

import io.ruori.api.Origin;
import io.ruori.entity.Entities;
import io.ruori.entity.ResourceEntity;
import io.ruori.entity.ShardKeeper;
import io.ruori.entity.Sharding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.scaladsl.AskPattern;
import org.apache.pekko.util.Timeout;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;

/**
 * One life's part of cluster sharding: it knows where each shard is at home (as far as it was told), starts entities of its own
 * shards with their first message, and keeps what is for a shard that is on the move.
 */
final class SimEntities implements Entities {
    private static final int KEPT = 500;
    private static final int HOPS = 3;

    /** One command in so many comes twice. */
    private static final int TWICE = 30;

    private final World world;
    private final Life life;
    private final Map<Integer, Life> homes = new HashMap<>();
    private @Nullable ActorRef<Told> region;
    private @Nullable Function<String, Behavior<ResourceEntity.Command>> behaviors;

    SimEntities(World world, Life life) {
        this.world = world;
        this.life = life;
    }

    private sealed interface Told {}

    /** @param replyTo with the message's answer; null where nobody waits */
    private record Letter(
            String entity,
            Function<@Nullable ActorRef<Object>, ResourceEntity.Command> text,
            @Nullable ActorRef<Object> replyTo,
            Life from,
            int hops)
            implements Told {}

    /** @param version of what the coordinator knows; what is older comes too late */
    private record Home(int shard, @Nullable Life home, long version) implements Told {}

    private record HandOff(int shard, Runnable done) implements Told {}

    private record Ended(String entity) implements Told {}

    void open() {
        region = life.spawn(Behaviors.setup(Region::new), "region");
    }

    @Override
    public void start(Function<String, Behavior<ResourceEntity.Command>> started) {
        behaviors = started;
    }

    @Override
    public void tell(String entityId, ResourceEntity.Command command) {
        boolean isLost = world.flaw() == Flaw.WAKES_LOST
                && command instanceof ResourceEntity.Wake
                && world.random().nextBoolean();
        if (!isLost) {
            tellRegion(new Letter(entityId, reply -> command, null, life, 0));
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> CompletionStage<T> ask(
            String entityId, Function<ActorRef<T>, ResourceEntity.Command> question, Duration timeout) {
        // Not the Java API's: its stages go on in a pool of their own.
        Future<T> asked = AskPattern.Askable$.MODULE$.ask$extension(
                Objects.requireNonNull(region),
                (ActorRef<T> replyTo) -> new Letter(
                        entityId,
                        reply -> question.apply((ActorRef<T>) (ActorRef<?>) Objects.requireNonNull(reply)),
                        (ActorRef<Object>) (ActorRef<?>) replyTo,
                        life,
                        0),
                Timeout.create(timeout),
                world.system().actors().scheduler());
        CompletableFuture<T> answer = new CompletableFuture<>();
        asked.onComplete(
                done -> done.isSuccess()
                        ? answer.complete(done.get())
                        : answer.completeExceptionally(done.failed().get()),
                world.system().actors().executionContext());
        return answer;
    }

    /** The coordinator says where a shard is at home; null while it moves. */
    void home(int shard, @Nullable Life home, long version) {
        tellRegion(new Home(shard, home, version));
    }

    /** Stops what there is of a shard, and then says so. */
    void handOff(int shard, Runnable done) {
        tellRegion(new HandOff(shard, done));
    }

    /** Where this life believes the shards to be at home. */
    @Override
    public String toString() {
        return new TreeMap<>(homes).toString();
    }

    private void tellRegion(Told told) {
        Objects.requireNonNull(region).tell(told);
    }

    private static int shard(String entity) {
        return ShardKeeper.isKeeper(entity) ? ShardKeeper.shard(entity) : Sharding.shardOf(entity, World.SHARDS);
    }

    private final class Region extends AbstractBehavior<Told> {
        private final Map<String, ActorRef<ResourceEntity.Command>> here = new LinkedHashMap<>();
        private final Map<Integer, List<Letter>> kept = new HashMap<>();
        private final Map<Integer, Long> versions = new HashMap<>();
        private final Map<Integer, Runnable> handOffs = new HashMap<>();

        Region(ActorContext<Told> context) {
            super(context);
        }

        @Override
        public Receive<Told> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::on).build();
        }

        private Behavior<Told> on(Told told) {
            switch (told) {
                case Letter letter -> route(letter);
                case Home home -> onHome(home);
                case HandOff handOff -> onHandOff(handOff);
                case Ended ended -> onEnded(ended.entity);
            }
            return this;
        }

        private void onHome(Home moved) {
            if (versions.merge(moved.shard, moved.version, Math::max) > moved.version) {
                return;
            }
            if (moved.home == null) {
                homes.remove(moved.shard);
                return;
            }
            homes.put(moved.shard, moved.home);
            List<Letter> waiting = kept.remove(moved.shard);
            if (waiting != null) {
                waiting.forEach(this::route);
            }
        }

        private void onHandOff(HandOff handOff) {
            List<String> ending = here.keySet().stream()
                    .filter(id -> shard(id) == handOff.shard)
                    .toList();
            if (ending.isEmpty()) {
                handOff.done.run();
            } else {
                handOffs.put(handOff.shard, handOff.done);
                ending.forEach(id -> getContext().stop(Objects.requireNonNull(here.get(id))));
            }
        }

        private void onEnded(String entity) {
            here.remove(entity);
            int shard = shard(entity);
            if (here.keySet().stream().noneMatch(id -> shard(id) == shard)) {
                Runnable done = handOffs.remove(shard);
                if (done != null) {
                    done.run();
                }
            }
        }

        private void route(Letter letter) {
            int shard = shard(letter.entity);
            Life home = homes.get(shard);
            if (home == null) {
                List<Letter> waiting = kept.computeIfAbsent(shard, s -> new ArrayList<>());
                if (waiting.size() < KEPT) {
                    waiting.add(letter);
                }
            } else if (home == life) {
                deliver(letter);
            } else if (letter.hops < HOPS) {
                Letter further = new Letter(letter.entity, letter.text, letter.replyTo, letter.from, letter.hops + 1);
                world.net().send(life, home, () -> home.entities().tellRegion(further));
            }
        }

        private void deliver(Letter letter) {
            Function<String, Behavior<ResourceEntity.Command>> known = behaviors;
            if (known == null || handOffs.containsKey(shard(letter.entity))) {
                return;
            }
            ActorRef<ResourceEntity.Command> entity = here.computeIfAbsent(letter.entity, id -> {
                ActorRef<ResourceEntity.Command> born = getContext().spawnAnonymous(known.apply(id));
                getContext().watchWith(born, new Ended(id));
                return born;
            });
            ActorRef<Object> replyTo = letter.replyTo;
            ResourceEntity.Command command = letter.text.apply(
                    replyTo == null || letter.from == life
                            ? replyTo
                            : getContext().spawnAnonymous(wayBack(letter)));
            if (world.flaw() == Flaw.ROOM_FOR_ALL && command instanceof ResourceEntity.Reserve reserve) {
                reserve.replyTo()
                        .tell(new ResourceEntity.Reserved.Granted(life.instant().plusSeconds(3)));
                return;
            }
            world.trace(
                    letter.entity,
                    () -> life + " hears " + command.getClass().getSimpleName() + " as "
                            + entity.path().name());
            entity.tell(command);
            if (world.random().nextInt(TWICE) == 0 && command instanceof ResourceEntity.Execute execute) {
                ResourceEntity.Command again = world.flaw() == Flaw.REQUESTS_FORGOTTEN ? unknown(execute) : execute;
                world.thread().later(life, Duration.ofMillis(300), () -> entity.tell(again));
            }
        }

        private static ResourceEntity.Execute unknown(ResourceEntity.Execute known) {
            Origin origin = known.origin();
            return new ResourceEntity.Execute(
                    known.write(),
                    new Origin(origin.user(), origin.manager(), origin.source(), origin.why(), origin.cause()),
                    known.notes(),
                    known.facts(),
                    known.dryRun(),
                    known.replyTo());
        }

        private Behavior<Object> wayBack(Letter letter) {
            return Behaviors.receiveMessage(answer -> {
                world.net()
                        .send(
                                life,
                                letter.from,
                                () -> Objects.requireNonNull(letter.replyTo).tell(answer));
                return Behaviors.stopped();
            });
        }
    }
}
