package io.ruori.http.cli;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One node agent, in this process. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a node agent in the foreground, until it is asked to end. Its containers stay when it ends.",
            "Its certificate is pki/NAME.crt of the data directory."
        })
final class AgentCommand implements Callable<Integer> {
    /** By name: nodes are on the class path only when running. */
    private static final String AGENT_MAIN = "io.ruori.node.AgentMain";

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "Of the Node object.")
    private String name = "";

    @Option(
            names = "--join",
            paramLabel = "HOST:PORT",
            required = true,
            split = ",",
            description = "Masters: the agent is with one of them, and goes to another when it is lost.")
    private List<String> masters = List.of();

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}",
            defaultValue = "auto")
    private RuntimeName runtime = RuntimeName.AUTO;

    @Override
    public Integer call() throws Exception {
        Path pki = data.directory().pki();
        if (!Files.isReadable(pki.resolve(name + ".crt"))) {
            throw Problem.failed("no certificate for the node " + name + " in " + pki);
        }
        ServerOptions options = new ServerOptions();
        for (int i = 0; i < masters.size(); i++) {
            options.set("ruori.node.masters." + i, masters.get(i));
        }
        options.set("ruori.data-directory", data.directory().root())
                .set("ruori.node.name", name)
                .set("ruori.node.runtime", runtime.word())
                .set("ruori.node.tls.certificate", pki.resolve(name + ".crt"))
                .set("ruori.node.tls.key", pki.resolve(name + ".key"))
                .set("ruori.node.tls.authority", pki.resolve("ca.crt"))
                .load();
        try {
            Class.forName(AGENT_MAIN).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (ClassNotFoundException e) {
            throw Problem.failed("this build has no node agent");
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return MasterCommand.RUNS_ON;
    }
}
