package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.AdvertisedAddress;
import io.ruori.http.join.Handover;
import io.ruori.http.join.MasterToken;
import io.ruori.http.pki.AuthorityPin;
import io.ruori.http.pki.Pem;
import io.ruori.http.pki.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Gets from a running master what all masters share, once in a master's life. First it looks at the certificate that the other
 * side shows, and compares its authority with the hash; then it connects again, trusting that authority alone, and only then
 * shows its token.
 */
final class MasterJoin {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int DATABASE_PORT = 9042;
    private static final int DATABASE_PATIENCE_MILLIS = 3000;

    private final Path dataDirectory;
    private final String master;
    private final String token;
    private final String hash;

    /**
     * @param master {@code HOST:PORT}
     * @param token empty where none was given: only a master that has joined before needs none
     */
    MasterJoin(Path dataDirectory, String master, String token, String hash) {
        if (!master.matches(".+:[0-9]{1,5}")) {
            throw new Problem(ExitCode.USAGE, "--join " + master + " is not HOST:PORT");
        }
        this.dataDirectory = dataDirectory;
        this.master = master;
        this.token = token;
        this.hash = hash;
    }

    /** Whether this data directory is of a master of that cluster already. */
    boolean isDone() throws IOException {
        Path authority = dataDirectory.resolve("pki").resolve("ca.crt");
        if (!Files.exists(authority)) {
            return false;
        }
        AuthorityPin own = AuthorityPin.of(Pem.certificate(authority));
        if (!hash.isEmpty() && !own.equals(pin())) {
            throw Problem.failed(dataDirectory + " is of another cluster, whose authority is " + own
                    + ": give an empty directory, --data DIR");
        }
        if (Handover.kept(dataDirectory).isEmpty()) {
            throw Problem.failed(
                    dataDirectory + " is of a master that did not join: give an empty directory, --data DIR, or start"
                            + " it as before, without --join");
        }
        return true;
    }

    /** This machine's address on the way to the other master. */
    String ownAddress() throws IOException {
        try {
            return AdvertisedAddress.towards(new InetSocketAddress(resolved(host(master)), port(master)))
                    .getHostAddress();
        } catch (UnknownHostException e) {
            throw Problem.failed("--join " + master + ": there is no host of this name");
        }
    }

    /**
     * Asks for what masters share, and checks whether this one can live with it. Writes nothing.
     *
     * @param advertised where the others are to find this master
     * @param contactPoints where this one finds the database; empty for where the other does
     */
    Handover ask(String advertised, List<String> contactPoints) throws IOException {
        if (token.isEmpty() || hash.isEmpty()) {
            throw new Problem(
                    ExitCode.USAGE,
                    "--join needs --token and --ca-hash for a master that has not joined yet; print both on a master"
                            + " that runs: ./ruori token create --master");
        }
        AuthorityPin pin = pin();
        try {
            MasterToken.parse(token);
        } catch (IllegalArgumentException e) {
            throw Problem.failed("--token: " + e.getMessage());
        }
        JoinChecks.advertised(advertised, host(master));
        X509Certificate authority = authority(pin);
        ObjectNode body = Json.object().put("token", token).put("address", advertised);
        Handover cluster = Handover.read(post(authority, body));
        JoinChecks.clock(Instant.now(), cluster.time());
        JoinChecks.shards(cluster, System.getProperty("ruori.master.shards", ""));
        boolean given = !contactPoints.isEmpty();
        List<String> points = given ? contactPoints : cluster.list(JoinChecks.CONTACT_POINTS);
        JoinChecks.database(points, given, host(master), MasterJoin::answers);
        return cluster;
    }

    private AuthorityPin pin() {
        try {
            return AuthorityPin.parse(hash);
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, "--ca-hash " + e.getMessage());
        }
    }

    /** What the other side says its authority is, where that is the expected one. It has proved nothing yet. */
    private X509Certificate authority(AuthorityPin expected) throws IOException {
        X509Certificate[] shown = shown();
        for (X509Certificate certificate : shown) {
            if (AuthorityPin.of(certificate).equals(expected)) {
                return certificate;
            }
        }
        throw Problem.failed("the authority of " + master + " is "
                + (shown.length == 0
                        ? "unknown"
                        : AuthorityPin.of(shown[shown.length - 1]).toString())
                + " and not the expected " + expected
                + ": this is another cluster, or somebody in between; the token was not shown to it. Print the right"
                + " command on a master that runs: ./ruori token create --master");
    }

    private X509Certificate[] shown() throws IOException {
        Seen seen = new Seen();
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(resolved(host(master)), port(master)), (int) PATIENCE.toMillis());
            plain.setSoTimeout((int) PATIENCE.toMillis());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {seen}, null);
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(plain, host(master), port(master), true)) {
                socket.startHandshake();
            }
        } catch (SSLException e) {
            if (seen.chain.length == 0) {
                throw Problem.failed("what answers at " + master + " is no master: " + Problem.line(e));
            }
        } catch (UnknownHostException e) {
            throw Problem.failed("--join " + master + ": there is no host of this name");
        } catch (IOException e) {
            throw Problem.failed("no master answers at " + master + " (" + Problem.line(e)
                    + "): is it running, does it listen at that address (--address), is its port open?");
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot set up TLS", e);
        }
        return seen.chain;
    }

    /** Keeps what is shown; nothing is sent over such a connection. */
    private static final class Seen implements X509TrustManager {
        private X509Certificate[] chain = {};

        @Override
        public void checkServerTrusted(X509Certificate[] shown, String type) {
            chain = shown.clone();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] shown, String type) {
            throw new IllegalStateException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private ObjectNode post(X509Certificate authority, ObjectNode body) throws IOException {
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(Tls.context(Optional.empty(), authority))
                .connectTimeout(PATIENCE)
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create("https://" + master + "/ruori/join/v1/masters"))
                            .timeout(PATIENCE)
                            .header("Content-Type", "application/json")
                            .header("User-Agent", "ruori")
                            .POST(BodyPublishers.ofByteArray(Json.write(body)))
                            .build(),
                    BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw Problem.failed(master + ": " + message(answer));
            }
            return Json.read(answer.body());
        } catch (SSLHandshakeException e) {
            throw Problem.failed("what answers at " + master + " shows the cluster's authority and cannot prove to be a"
                    + " server of it by that name (" + Problem.line(e) + "); the token was not shown to it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String message(HttpResponse<byte[]> answer) {
        try {
            String message = Json.text(Json.read(answer.body()), "message");
            return message.isEmpty() ? "answered " + answer.statusCode() : message;
        } catch (RuntimeException noJson) {
            return "answered " + answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8).strip();
        }
    }

    // ---- addresses

    private static InetAddress resolved(String host) throws UnknownHostException {
        return InetAddress.getByName(host);
    }

    /** Of {@code HOST:PORT}, {@code [IPv6]:PORT}, or a host alone. */
    static String host(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 || address.endsWith("]") ? address : address.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Whether only this machine is meant. */
    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean answers(String point) {
        int port = point.matches(".*:[0-9]+") ? port(point) : DATABASE_PORT;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(resolved(host(point)), port), DATABASE_PATIENCE_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
