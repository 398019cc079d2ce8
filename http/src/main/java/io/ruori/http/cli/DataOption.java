package io.ruori.http.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --data}, which every command about one cluster takes. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The cluster's data directory. Default: ${DEFAULT-VALUE}",
            defaultValue = "${env:RUORI_DATA:-.ruori}")
    private Path data = Path.of(".ruori");

    ClusterDirectory directory() {
        return new ClusterDirectory(data);
    }
}
