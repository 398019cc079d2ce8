package io.ruori.http.cli;

import io.ruori.http.RuoriServer;
import io.ruori.http.join.Handover;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One master, in this process. */
@Command(
        name = "master",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a master in the foreground, until it is asked to end.",
            "./ruori up starts one for you; use this under a service manager."
        })
final class MasterCommand implements Callable<Integer> {
    /** Not an exit code: the process goes on when its command has returned. */
    static final int RUNS_ON = -1;

    /** As far above the API's port is where other masters reach one, unless it says otherwise. */
    private static final int PEERS = 100;

    private static final int USUAL_PORT = 6443;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--port", paramLabel = "N", description = "Port of the API. Default: 6443, or what it joined with.")
    private @Nullable Integer port;

    @Option(
            names = "--address",
            paramLabel = "IP",
            description =
                    "Address to listen on, 0.0.0.0 for all of this machine. Default: 127.0.0.1, or what it joined with;"
                            + " with --join this machine's on the way to the other master.")
    private String address = "";

    @Option(
            names = "--advertise-address",
            paramLabel = "IP",
            description = "Where clients, agents and other masters find this one. Default: what --address says.")
    private String advertised = "";

    @Option(
            names = "--join",
            paramLabel = "HOST:PORT",
            description = {
                "A master of the cluster to join. What all masters share comes from it, once, and is kept in the data"
                        + " directory; later starts need neither it nor a token."
            })
    private String join = "";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "With --join: from ./ruori token create --master. Better in the variable RUORI_JOIN_TOKEN, as"
                    + " command lines can be seen by others.",
            defaultValue = "${env:RUORI_JOIN_TOKEN:-}")
    private String token = "";

    @Option(
            names = "--ca-hash",
            paramLabel = "sha256:HEX",
            description =
                    "With --join: of the authority's public key, as kubeadm has it. Who cannot prove to be of it gets"
                            + " no token.")
    private String authorityHash = "";

    @Option(
            names = "--with-node",
            paramLabel = "NAME",
            description = "Also run a node of this name in the same process.")
    private String withNode = "";

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            description = "Of that node: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}",
            defaultValue = "auto")
    private RuntimeName runtime = RuntimeName.AUTO;

    @Option(
            names = "--token-auth-file",
            paramLabel = "FILE",
            description = "Fixed bearer tokens, a line each: token,user,uid,\"group1,group2\".")
    private String tokenFile = "";

    @Option(
            names = "--cassandra",
            paramLabel = "HOST:PORT",
            split = ",",
            description =
                    "Keep the journal there, together with other masters. Without: embedded, for one master; or where"
                            + " the joined cluster keeps it.")
    private List<String> cassandra = List.of();

    @Option(
            names = "--peer-port",
            paramLabel = "N",
            description =
                    "With --cassandra or --join: where other masters reach this one. Default: that of the API and 100,"
                            + " or what it joined with.")
    private @Nullable Integer peerPort;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Where the administrator's kubeconfig is written. Default: admin.kubeconfig in the data"
                    + " directory")
    private String kubeconfig = "";

    @Option(
            names = "--fleet",
            paramLabel = "N",
            description = "So many nodes that only pretend to run Pods, for measurements.")
    private int fleet;

    @Override
    public Integer call() throws IOException {
        Path root = data.directory().root();
        MasterPlace place = place(root);
        if (!join.isEmpty()) {
            join(root, place);
        }
        ServerOptions options = new ServerOptions();
        Map<String, String> shared = new HashMap<>(Handover.kept(root));
        if (!place.cassandra().isEmpty()) {
            shared.keySet().removeIf(key -> key.startsWith(JoinChecks.CONTACT_POINTS));
            shared.put("ruori.persistence.store", "cassandra");
            options.set(JoinChecks.CONTACT_POINTS, place.cassandra());
        }
        shared.forEach(options::set);
        options.set("ruori.data-directory", root)
                .set("ruori.master.port", place.port())
                .set("ruori.master.address", place.address())
                .set("ruori.master.in-process-agent", !withNode.isEmpty())
                .set("ruori.master.simulated-nodes", fleet);
        setIfGiven(options, "ruori.master.advertise-address", place.advertised());
        setIfGiven(options, "ruori.master.token-auth-file", tokenFile);
        setIfGiven(options, "ruori.master.kubeconfig", kubeconfig);
        if (!shared.isEmpty()) {
            options.set("pekko.remote.artery.canonical.hostname", place.found())
                    .set("pekko.remote.artery.canonical.port", place.peerPort())
                    .set("pekko.remote.artery.bind.hostname", place.address())
                    .set("pekko.remote.artery.bind.port", place.peerPort());
            mustBeFree(place.address(), place.peerPort(), "--peer-port");
        }
        mustBeFree(place.address(), place.port(), "--port");
        if (!withNode.isEmpty()) {
            options.set("ruori.node.name", withNode).set("ruori.node.runtime", runtime.word());
        }
        RuoriServer.start(options.load());
        return RUNS_ON;
    }

    private static void setIfGiven(ServerOptions options, String key, String value) {
        if (!value.isEmpty()) {
            options.set(key, value);
        }
    }

    /** What the command line says, else what this master joined with, else what is usual. */
    private MasterPlace place(Path root) throws IOException {
        Optional<MasterPlace> kept = MasterPlace.kept(root);
        String listens =
                !address.isEmpty() ? address : kept.map(MasterPlace::address).orElse("");
        if (listens.isEmpty()) {
            listens = join.isEmpty() ? "127.0.0.1" : joining(root).ownAddress();
        }
        int api = port != null ? port : kept.map(MasterPlace::port).orElse(USUAL_PORT);
        // Another port for clients moves that for masters, unless both are told.
        int peers = peerPort != null
                ? peerPort
                : port != null ? port + PEERS : kept.map(MasterPlace::peerPort).orElse(api + PEERS);
        // The same holds for an address.
        String found = !advertised.isEmpty() || !address.isEmpty()
                ? advertised
                : kept.map(MasterPlace::advertised).orElse("");
        List<String> database = !cassandra.isEmpty()
                ? cassandra
                : kept.map(MasterPlace::cassandra).orElse(List.of());
        return new MasterPlace(listens, found, api, peers, database);
    }

    private MasterJoin joining(Path root) {
        return new MasterJoin(root, join, token, authorityHash);
    }

    /** Joins, where that has not been done in an earlier life. */
    private void join(Path root, MasterPlace place) throws IOException {
        MasterJoin joining = joining(root);
        // Even with the other master gone for good this one must start again.
        if (joining.isDone()) {
            System.out.println("this master has joined before: --join and --token are not needed");
            return;
        }
        mustBeFree(place.address(), place.port(), "--port");
        mustBeFree(place.address(), place.peerPort(), "--peer-port");
        Handover shared = joining.ask(place.found(), place.cassandra());
        place.keep(root);
        shared.write(root);
        System.out.println("joined the cluster of " + join + "; what masters share is in " + root);
    }

    /** Said before anything else begins; what takes the port a moment later is met by the server itself. */
    private static void mustBeFree(String address, int port, String option) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 1);
        } catch (BindException e) {
            throw Problem.failed("cannot listen on " + address + ":" + port + " (" + Problem.line(e)
                    + "): choose another " + option + ", or an --address of this machine");
        } catch (IOException e) {
            throw Problem.failed("cannot listen on " + address + ":" + port + ": " + Problem.line(e));
        }
    }
}
