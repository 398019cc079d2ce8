package io.ruori.http;

import io.ruori.config.MasterSettings;
import io.ruori.entity.Member;
import io.ruori.guardian.KindCatalog;
import io.ruori.guardian.Master;
import io.ruori.view.History;
import io.ruori.view.MissedChanges;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/** Binds the routes to a TLS port, HTTP/1.1 and HTTP/2 by the client's choice. */
public final class ApiServer {
    private final ActorSystem<?> system;
    private final MasterSettings settings;
    private final ApiRoutes routes;
    private final Drain drain;

    ApiServer(
            ActorSystem<?> system,
            Member member,
            Master master,
            KindCatalog kinds,
            History history,
            MasterSettings settings,
            RuoriServer.Identities identities,
            RuoriServer.Joining joining,
            Health health,
            Drain drain) {
        this.system = system;
        this.settings = settings;
        this.drain = drain;
        Materializer materializer = SystemMaterializer.get(system).materializer();
        Bodies bodies = new Bodies(materializer, member.edits(), settings.maxBodyBytes());
        Metrics metrics = Metrics.start(system, member);
        PinnedViews pinned = new PinnedViews();
        PastReads past = new PastReads(
                member.index(), history, new PastKinds(kinds, history), settings.eventRetention(), pinned);
        MissedChanges missed = new MissedChanges(history, member::kinds, settings.eventRetention());
        String address = RuoriServer.hostPort(settings);
        Access access = new Access(master.access());
        Authentication authentication =
                new Authentication(identities.fixed(), identities.accounts(), member.index()::view, member.time());
        TokenRoutes tokens = new TokenRoutes(bodies, member.index(), identities.accounts(), member.time(), address);
        this.routes = new ApiRoutes(
                member::kinds,
                authentication,
                access,
                new Flights(settings.maxReadsInFlight(), settings.maxWritesInFlight()),
                metrics,
                new OtherRoutes(
                        new DiscoveryRoutes(address),
                        new OpenApiRoutes(),
                        new AgentRoute(system, master.gate()),
                        tokens,
                        new JoinRoutes(joining.config(), joining.authority(), address, bodies, member, master.door()),
                        health,
                        metrics::text),
                new RequestKinds(member::kinds, member.index(), past),
                new ReadRoutes(member.index(), pinned, past, member.time()),
                new WriteRoutes(master.door(), member.index(), bodies, member.time()),
                new WatchRoute(member.index(), member.watches(), past, missed, drain, member.time()),
                new StreamRoutes(system, member.index(), master.agents(), member.time()),
                new ReviewRoutes(bodies, access, authentication),
                new HistoryGroup(
                        member::kinds,
                        member.index(),
                        past,
                        new HistoryReader(member::kinds, history, member.edits(), access),
                        member.time()),
                new MetricsGroup(member.time()),
                tokens,
                member.time());
    }

    public CompletionStage<ServerBinding> bind(SSLContext tls) {
        HttpsConnectionContext context = ConnectionContext.httpsServer(() -> engine(tls));
        Function<HttpRequest, CompletionStage<HttpResponse>> handler = request -> drain.within(request, routes::handle);
        return Http.get(system.classicSystem())
                .newServerAt(settings.address(), settings.port())
                .enableHttps(context)
                .bind(handler);
    }

    /** A client may show a certificate; one that is not the cluster's own ends the handshake. */
    private static SSLEngine engine(SSLContext tls) {
        SSLEngine engine = tls.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setWantClientAuth(true);
        return engine;
    }
}
