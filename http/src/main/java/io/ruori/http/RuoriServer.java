package io.ruori.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.ruori.access.AccountTokens;
import io.ruori.agent.AgentLauncher;
import io.ruori.config.MasterSettings;
import io.ruori.entity.Journal;
import io.ruori.entity.Member;
import io.ruori.guardian.KindCatalog;
import io.ruori.guardian.Master;
import io.ruori.guardian.MemberStart;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Identity;
import io.ruori.http.pki.Kubeconfig;
import io.ruori.http.pki.Pem;
import io.ruori.http.pki.Tls;
import io.ruori.http.pki.TokenKey;
import io.ruori.kind.IpAddress;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import io.ruori.kind.networking.WayToTheApi;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A master process, with the agent of this machine in it when asked for. */
public final class RuoriServer {
    private static final Logger LOG = LoggerFactory.getLogger(RuoriServer.class);
    /** A write that takes so long says that the disk does not answer. */
    private static final Duration STUCK = Duration.ofSeconds(30);

    /** How often the Service of the API is looked after, as upstream does. */
    private static final Duration KEEP_EVERY = Duration.ofSeconds(10);

    private RuoriServer() {}

    public static void main(String[] arguments) throws IOException {
        Config config = ConfigFactory.load();
        start(config);
    }

    /** Returns when the API is being served. */
    public static ActorSystem<Void> start(Config given) throws IOException {
        MasterSettings settings = MasterSettings.from(given);
        // Members compare this one, and to them a number that came as text is another.
        Config config = given.withValue(
                "pekko.cluster.sharding.number-of-shards", ConfigValueFactory.fromAnyRef(settings.shards()));
        ClusterAuthority.privateDirectory(settings.dataDirectory());
        Instant now = Instant.now();
        ClusterAuthority authority = ClusterAuthority.open(settings.dataDirectory(), now);
        SSLContext tls = serverTls(settings, authority, now);
        Identity admin = authority.administrator(now);
        Pem.writePrivate(
                settings.dataDirectory().resolve(settings.kubeconfig()),
                Kubeconfig.of(address(settings), authority.bundle(), "kubernetes-admin", admin));
        Identities identities = new Identities(
                new AccountTokens(TokenKey.open(settings.dataDirectory()), settings.tokenIssuer()),
                settings.tokenFile().isPresent()
                        ? TokenFile.read(settings.tokenFile().get())
                        : TokenFile.NONE);
        return ActorSystem.create(guardian(config, settings, authority, tls, identities), "ruori", config);
    }

    /** What bearer tokens are known by. */
    record Identities(AccountTokens accounts, TokenFile fixed) {}

    /** What a new master is given from. */
    record Joining(Config config, ClusterAuthority authority) {}

    private static String address(MasterSettings settings) {
        return "https://" + hostPort(settings);
    }

    /** Where others find this master. */
    static String hostPort(MasterSettings settings) {
        String host = AdvertisedAddress.of(settings);
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + settings.port();
    }

    /** How far the start has come, and what health checks tell of it. */
    private record Start(Health health, Drain drain, AtomicBoolean serving, AtomicBoolean roles) {
        Start(Member member, Drain drain) {
            this(new Health(), drain, new AtomicBoolean(), new AtomicBoolean());
            health.check("journal", () -> member.revisions().oldestInFlight().compareTo(STUCK) < 0)
                    .check("poststarthook/rbac/bootstrap-roles", roles::get)
                    .readiness("informer-sync", serving::get)
                    .readiness("shutdown", () -> !drain.hasBegun());
        }
    }

    private static SSLContext serverTls(MasterSettings settings, ClusterAuthority authority, Instant now)
            throws IOException {
        List<String> names = new ArrayList<>(List.of(
                "localhost",
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local"));
        List<String> addresses = new ArrayList<>(List.of("127.0.0.1", "10.96.0.1"));
        for (String own :
                List.of(settings.address(), AdvertisedAddress.of(settings.address()), AdvertisedAddress.of(settings))) {
            (IpAddress.parse(own).isPresent() ? addresses : names).add(own);
        }
        Identity server = authority.server(
                names.stream().distinct().toList(),
                addresses.stream().distinct().toList(),
                now);
        return Tls.context(Optional.of(server), authority.certificate());
    }

    private static Behavior<Void> guardian(
            Config config, MasterSettings settings, ClusterAuthority authority, SSLContext tls, Identities identities) {
        return Behaviors.setup(context -> {
            ActorSystem<?> system = context.getSystem();
            KindCatalog kinds =
                    new KindCatalog(described -> new KindRegistry(Kinds.all(authority.bundle(), described)));
            Journal journal = Journal.open(system);
            Member member = MemberStart.start(system, journal, settings, kinds);
            Master master = Master.start(context, member, settings, hostPort(settings));
            Start start = new Start(member, new Drain(member.isOnly()));
            ApiServer server = new ApiServer(
                    system,
                    member,
                    master,
                    kinds,
                    journal.history(),
                    settings,
                    identities,
                    new Joining(config, authority),
                    start.health(),
                    start.drain());
            FirstObjects first = new FirstObjects(member, master.door());
            first.ofKinds()
                    .thenCompose(done -> server.bind(tls))
                    .thenAccept(binding -> {
                        start.drain().onShutdown(system, binding, settings.drainTime());
                        start.serving().set(true);
                        LOG.info("serving on https://{}:{}", settings.address(), settings.port());
                        startAgents(config, system, master);
                        furnish(first, start, Kubeconfig.withoutUser(address(settings), authority.bundle()));
                        keepWayToTheApi(system, first, wayToTheApi(settings, master));
                    })
                    .exceptionally(error -> {
                        LOG.error("cannot start on {}:{}", settings.address(), settings.port(), error);
                        system.terminate();
                        return null;
                    });
            return Behaviors.empty();
        });
    }

    private static void furnish(FirstObjects first, Start start, String clusterInfo) {
        first.roles()
                .thenCompose(done -> {
                    start.roles().set(true);
                    return first.clusterInfo(clusterInfo);
                })
                .exceptionally(error -> {
                    LOG.error("the roles every cluster has could not be made; the next start tries again", error);
                    return null;
                });
    }

    /** To all masters that use the same port, as endpoints have one for all addresses. */
    private static Supplier<WayToTheApi> wayToTheApi(MasterSettings settings, Master master) {
        String port = ":" + settings.port();
        Supplier<WayToTheApi> way = () -> new WayToTheApi(
                master.masters().all().stream()
                        .filter(address -> address.endsWith(port))
                        .map(address -> address.substring(0, address.length() - port.length()))
                        .toList(),
                settings.port());
        if (!way.get().isReachable()) {
            LOG.info(
                    "Pods cannot get to the API at {}: the Service kubernetes has no endpoints unless"
                        + " ruori.master.address is an IPv4 address of this machine that is not loopback, or 0.0.0.0"
                        + " for all",
                    AdvertisedAddress.of(settings));
        }
        return way;
    }

    /** Nobody is kept from deleting it, and Pods would be lost without. */
    private static void keepWayToTheApi(ActorSystem<?> system, FirstObjects first, Supplier<WayToTheApi> way) {
        system.scheduler()
                .scheduleWithFixedDelay(
                        Duration.ZERO,
                        KEEP_EVERY,
                        () -> first.wayToTheApi(way.get()).exceptionally(error -> {
                            LOG.warn("the Service kubernetes could not be made; the next look tries again", error);
                            return Done.getInstance();
                        }),
                        system.executionContext());
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
