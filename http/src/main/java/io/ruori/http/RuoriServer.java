package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.agent.AgentLauncher;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.config.MasterSettings;
import io.ruori.core.Write;
import io.ruori.entity.Journal;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import io.ruori.guardian.Master;
import io.ruori.guardian.MemberStart;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Identity;
import io.ruori.http.pki.Kubeconfig;
import io.ruori.http.pki.Pem;
import io.ruori.http.pki.Tls;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master process, with the agent of this machine in it when asked for. */
public final class RuoriServer {
    private static final Logger LOG = LoggerFactory.getLogger(RuoriServer.class);

    private RuoriServer() {}

    public static void main(String[] arguments) throws IOException {
        Config config = ConfigFactory.load();
        start(config);
    }

    /** Returns when the API is being served. */
    public static ActorSystem<Void> start(Config config) throws IOException {
        MasterSettings settings = MasterSettings.from(config);
        ClusterAuthority.privateDirectory(settings.dataDirectory());
        Instant now = Instant.now();
        ClusterAuthority authority = ClusterAuthority.open(settings.dataDirectory(), now);
        SSLContext tls = serverTls(settings, authority, now);
        String address = "https://" + settings.address() + ":" + settings.port();
        Identity admin = authority.client("admin", "kubernetes-admin", List.of("system:masters"), now);
        Pem.writePrivate(
                settings.dataDirectory().resolve("admin.kubeconfig"),
                Kubeconfig.of(address, authority.bundle(), "kubernetes-admin", admin));
        return ActorSystem.create(guardian(config, settings, authority, tls), "ruori", config);
    }

    private static SSLContext serverTls(MasterSettings settings, ClusterAuthority authority, Instant now)
            throws IOException {
        Identity server = authority.server(
                List.of(
                        "localhost",
                        "kubernetes",
                        "kubernetes.default",
                        "kubernetes.default.svc",
                        "kubernetes.default.svc.cluster.local"),
                List.of("127.0.0.1", settings.address(), "10.96.0.1"),
                now);
        return Tls.context(Optional.of(server), authority.certificate());
    }

    private static Behavior<Void> guardian(
            Config config, MasterSettings settings, ClusterAuthority authority, SSLContext tls) {
        return Behaviors.setup(context -> {
            ActorSystem<?> system = context.getSystem();
            Cluster cluster = Cluster.get(system);
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            KindRegistry kinds = new KindRegistry(Kinds.all(authority.bundle()));
            Journal journal = Journal.open(system);
            Member member = MemberStart.start(system, journal, settings, kinds);
            Master master = Master.start(context, member, settings);
            AtomicBoolean ready = new AtomicBoolean();
            ApiServer server = new ApiServer(system, member, master, journal.history(), settings, ready::get);
            makeFirstObjects(member, master.door())
                    .thenCompose(done -> server.bind(tls))
                    .thenAccept(binding -> {
                        ready.set(true);
                        LOG.info("serving on https://{}:{}", settings.address(), settings.port());
                        startAgents(config, system, master);
                    })
                    .exceptionally(error -> {
                        LOG.error("cannot start on {}:{}", settings.address(), settings.port(), error);
                        system.terminate();
                        return null;
                    });
            return Behaviors.empty();
        });
    }

    /** What the kinds say every cluster has, in their order: namespaces before what is in them. */
    private static CompletionStage<Done> makeFirstObjects(Member member, ObjectDoor door) {
        User user = User.component("ruori-start");
        Origin origin = new Origin(user, "ruori-start", "ruori", "every cluster has it", Revision.ZERO);
        CompletionStage<?> all = java.util.concurrent.CompletableFuture.completedFuture(null);
        for (Kind kind : member.kinds().all()) {
            for (ObjectNode first : kind.firstObjects()) {
                ObjectKey key = kind.keyOf(first);
                if (member.index().view().get(key) == null) {
                    Write create = new Write.Create(first, Write.FieldValidation.IGNORE);
                    all = all.thenCompose(done -> door.write(key, create, origin, List.of()));
                }
            }
        }
        return all.thenApply(done -> Done.getInstance());
    }

    private static void startAgents(Config config, ActorSystem<?> system, Master master) {
        int fleet = config.getInt("ruori.master.simulated-nodes");
        Optional<AgentLauncher> launcher = AgentLauncher.find();
        if (config.getBoolean("ruori.master.in-process-agent")) {
            launcher.orElseThrow(() -> new IllegalStateException("no node agent on the class path"))
                    .startInProcess(system, config, master.gate(), config.getString("ruori.node.name"));
        }
        if (fleet > 0) {
            launcher.orElseThrow(() -> new IllegalStateException("no node agent on the class path"))
                    .startFleet(system, config, master.gate(), "sim", fleet);
        }
    }
}
