package io.ruori.persistence.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.core.Write;
import io.ruori.entity.Outcome;
import io.ruori.entity.ResourceEntity;
import io.ruori.entity.ResourceEntity.Execute;
import io.ruori.entity.ResourceEntity.Wake;
import io.ruori.members.MemberMessage;
import io.ruori.persistence.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two members, each with its own actor system and only a socket between them, understand each other. */
class TwoMembersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Entities live where this role is. */
    private static final String KEEPER = "keeper";

    private static final AtomicInteger WAKES = new AtomicInteger();
    private static ActorTestKit front = member("front");
    private static ActorTestKit keeper = member(KEEPER);

    private static ActorTestKit member(String role) {
        return ActorTestKit.create("members", config(role));
    }

    private static Config config(String role) {
        return ConfigFactory.parseString("""
            pekko {
              actor.provider = cluster
              actor.allow-java-serialization = off
              remote.artery.transport = tcp
              remote.artery.canonical.hostname = "127.0.0.1"
              remote.artery.canonical.port = 0
              remote.artery.advanced.maximum-frame-size = 8 MiB
              cluster.jmx.enabled = off
              cluster.gossip-interval = 100ms
              cluster.leader-actions-interval = 100ms
              cluster.sharding.retry-interval = 200ms
              cluster.sharding.distributed-data.durable.keys = []
              cluster.downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
            }
            """)
                .withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(List.of(role)))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    @BeforeAll
    static void meet() {
        Cluster one = Cluster.get(front.system());
        Cluster other = Cluster.get(keeper.system());
        one.manager().tell(Join.create(one.selfMember().address()));
        other.manager().tell(Join.create(one.selfMember().address()));
        await().atMost(PATIENCE).until(() -> isUp(one) && isUp(other));
        start(keeper.system());
        start(front.system());
    }

    private static boolean isUp(Cluster cluster) {
        int up = 0;
        for (org.apache.pekko.cluster.Member member : cluster.state().getMembers()) {
            up += member.status().equals(MemberStatus.up()) ? 1 : 0;
        }
        return up == 2;
    }

    private static void start(ActorSystem<?> system) {
        ClusterSharding.get(system)
                .init(Entity.of(ResourceEntity.TYPE, context -> entity(context.getEntityId()))
                        .withRole(KEEPER));
    }

    /** Tells who asked for what in the one way that an outcome can, and hands objects back. */
    private static Behavior<ResourceEntity.Command> entity(String id) {
        return Behaviors.receiveMessage(command -> {
            if (command instanceof Execute execute) {
                execute.replyTo().tell(answer(id, execute));
            } else if (command instanceof Wake) {
                WAKES.incrementAndGet();
            }
            return Behaviors.same();
        });
    }

    private static Outcome answer(String id, Execute execute) {
        return switch (execute.write()) {
            case Write.Create create ->
                new Outcome.Stored(
                        Samples.object(Samples.pod("web"), 7, create.body().toString()), true, true, List.of("w"));
            case Write.Delete delete -> new Outcome.Gone(Samples.object(Samples.pod("web"), 8, "{}"));
            case Write other ->
                new Outcome.Refused(ApiStatus.internal(
                        id + " was asked for " + Described.text(execute.write()).hashCode()));
        };
    }

    @AfterAll
    static void part() {
        front.shutdownTestKit();
        keeper.shutdownTestKit();
    }

    private static Outcome execute(Write write) throws Exception {
        Execute sample = (Execute) Objects.requireNonNull(WireSamples.all().get("execute-with-facts"));
        EntityRef<ResourceEntity.Command> entity = ClusterSharding.get(front.system())
                .entityRefFor(ResourceEntity.TYPE, Samples.pod("web").entityId());
        CompletionStage<Outcome> outcome = entity.ask(
                replyTo -> new Execute(write, sample.origin(), sample.notes(), sample.facts(), false, replyTo),
                PATIENCE);
        return outcome.toCompletableFuture().get();
    }

    @Test
    void anObjectThatLivesElsewhereAnswers() throws Exception {
        for (Object message : WireSamples.all().values()) {
            if (message instanceof Execute sample) {
                Outcome expected = answer(Samples.pod("web").entityId(), sample);
                assertThat(Described.text(execute(sample.write()))).isEqualTo(Described.text(expected));
            }
        }
    }

    /** As large as an object may be, and what is kept of a quota for it: it, before and after. */
    @Test
    void largeObjectsGetThere() throws Exception {
        ObjectNode body = Json.object().put("data", "x".repeat(3 << 20));
        Outcome outcome = execute(new Write.Create(body, Write.FieldValidation.WARN));
        assertThat(outcome).isInstanceOf(Outcome.Stored.class);
        assertThat(((Outcome.Stored) outcome).object().json()).hasSizeGreaterThan(3 << 20);
    }

    @Test
    void aWakeGetsThere() {
        ClusterSharding.get(front.system())
                .entityRefFor(ResourceEntity.TYPE, Samples.pod("web").entityId())
                .tell(Wake.INSTANCE);
        await().atMost(PATIENCE).until(() -> WAKES.get() == 1);
    }

    @Test
    void whatMembersTellOfThemselvesGetsThere() {
        TestProbe<MemberMessage> heard = keeper.createTestProbe(MemberMessage.class);
        String name = ActorRefResolver.get(keeper.system()).toSerializationFormat(heard.getRef());
        ActorRef<MemberMessage> far = ActorRefResolver.get(front.system()).resolveActorRef(name);
        assertThat(far.path().address().hasGlobalScope()).isTrue();
        WireSamples.all().values().forEach(message -> {
            if (message instanceof MemberMessage said) {
                far.tell(said);
                assertThat(Described.text(heard.receiveMessage(PATIENCE))).isEqualTo(Described.text(said));
            }
        });
    }
}
