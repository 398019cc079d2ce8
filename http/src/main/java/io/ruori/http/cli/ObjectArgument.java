package io.ruori.http.cli;

import io.ruori.http.cli.HistoryClient.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code KIND/NAME [-n NAMESPACE]}, and the past that belongs to it. */
final class ObjectArgument {
    /** Where the changes are found that lead to others, or that others lead to. */
    private static final List<String> RELATED = List.of("deployments.apps", "replicasets.apps", "pods");

    @Parameters(paramLabel = "KIND/NAME", description = "The object, for example deploy/web.")
    private String object = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Its namespace. Default: ${DEFAULT-VALUE}",
            defaultValue = "default")
    private String namespace = "default";

    /**
     * @param own changes of the object itself, oldest first
     * @param all these and those of related objects
     */
    record Past(String title, List<Change> own, List<Change> all) {}

    Past read(ApiClient client) throws IOException {
        int slash = object.indexOf('/');
        if (slash < 1 || slash == object.length() - 1) {
            throw new Problem(ExitCode.USAGE, "\"" + object + "\" is not KIND/NAME, as in deploy/web");
        }
        String name = object.substring(slash + 1);
        ApiNames.Resource resource = new ApiNames(client).find(object.substring(0, slash));
        String in = resource.namespaced() ? namespace : "";
        HistoryClient history = new HistoryClient(client);
        List<Change> own = history.ofObject(resource.qualified(), in, name);
        if (own.isEmpty()) {
            throw Problem.failed("nothing is known of " + resource.qualified() + "/" + name
                    + (in.isEmpty() ? "" : " in the namespace " + in));
        }
        Set<Change> all = new LinkedHashSet<>(own);
        if (resource.namespaced()) {
            for (String kind : RELATED) {
                all.addAll(history.ofKind(kind, in));
            }
        }
        return new Past(
                resource.qualified() + "/" + name + (in.isEmpty() ? "" : " in " + in), own, new ArrayList<>(all));
    }
}
