package io.ruori.http.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * TLS between masters, on both sides the same: each shows a certificate that the cluster's authority issued to a master
 * ({@link ClusterAuthority#isMaster}), and hangs up on whoever shows another, be it the administrator's. Names of hosts say
 * nothing here: masters move, and whoever holds such a certificate is one wherever it is.
 *
 * <p>Nothing is read or issued before the first connection, so a master that is alone pays nothing.
 */
public final class ArteryTls implements SSLEngineProvider {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final Path dataDirectory;
    private final InstantSource time;
    private @Nullable Held held;

    /** What connections are made with until it has to be issued anew. */
    private record Held(SSLContext context, Instant until) {}

    /** As Pekko makes it: {@code pekko.remote.artery.ssl.ssl-engine-provider}. */
    public ArteryTls(ActorSystem system) {
        this(Path.of(system.settings().config().getString("ruori.data-directory")), Instant::now);
    }

    ArteryTls(Path dataDirectory, InstantSource time) {
        this.dataDirectory = dataDirectory;
        this.time = time;
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        SSLEngine engine = engine(hostname, port);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return engine;
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        SSLEngine engine = engine(hostname, port);
        engine.setUseClientMode(true);
        return engine;
    }

    private SSLEngine engine(String hostname, int port) {
        SSLEngine engine = context().createSSLEngine(hostname, port);
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }

    private synchronized SSLContext context() {
        Instant now = time.instant();
        if (held == null || !now.isBefore(held.until())) {
            held = open(now);
        }
        return held.context();
    }

    private Held open(Instant now) {
        try {
            ClusterAuthority authority = ClusterAuthority.open(dataDirectory, now);
            Identity master = authority.master(now);
            return new Held(
                    Tls.context(Optional.of(master), authority.certificate()),
                    ClusterAuthority.renewal(master.certificate()));
        } catch (IOException e) {
            throw new UncheckedIOException("no certificate for speaking to other masters", e);
        }
    }

    /** What the side that connected asks of the other. */
    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return refusal(session);
    }

    /** What the side that was connected to asks of the other. */
    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return refusal(session);
    }

    private static Option<Throwable> refusal(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate shown && ClusterAuthority.isMaster(shown)
                    ? Option.empty()
                    : Option.apply(new SSLPeerUnverifiedException(session.getPeerPrincipal() + " is no master"));
        } catch (SSLPeerUnverifiedException nothingShown) {
            return Option.apply(nothingShown);
        }
    }
}
