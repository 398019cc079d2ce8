package io.ruori.http.cli;

import io.ruori.http.RuoriServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the API. Default: ${DEFAULT-VALUE}",
            defaultValue = "6443")
    private int port;

    @Option(
            names = "--address",
            paramLabel = "IP",
            description = "Address of the API. Default: ${DEFAULT-VALUE}",
            defaultValue = "127.0.0.1")
    private String address = "127.0.0.1";

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
            paramLabel = "HOST:PORT[,...]",
            description = "Keep the journal there, together with other masters. Without: embedded, for one master.")
    private String cassandra = "";

    @Option(
            names = "--peer-port",
            paramLabel = "N",
            description = "With --cassandra: where other masters reach this one, at --address.")
    private int peerPort;

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
        ServerOptions options = new ServerOptions()
                .set("ruori.data-directory", data.directory().root())
                .set("ruori.master.port", port)
                .set("ruori.master.address", address)
                .set("ruori.master.in-process-agent", !withNode.isEmpty())
                .set("ruori.master.simulated-nodes", fleet);
        if (!tokenFile.isEmpty()) {
            options.set("ruori.master.token-auth-file", tokenFile);
        }
        if (!kubeconfig.isEmpty()) {
            options.set("ruori.master.kubeconfig", kubeconfig);
        }
        if (!cassandra.isEmpty()) {
            options.set("ruori.persistence.store", "cassandra")
                    .set("ruori.persistence.cassandra.contact-points", List.of(cassandra.split(",")))
                    .set("pekko.remote.artery.canonical.hostname", address)
                    .set("pekko.remote.artery.canonical.port", peerPort);
        }
        if (!withNode.isEmpty()) {
            options.set("ruori.node.name", withNode).set("ruori.node.runtime", runtime.word());
        }
        RuoriServer.start(options.load());
        return RUNS_ON;
    }
}
