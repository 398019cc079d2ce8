package io.ruori.http.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the admin's kubeconfig. */
@Command(
        name = "kubeconfig",
        mixinStandardHelpOptions = true,
        description = "Prints the administrator's kubeconfig, complete with certificates. It is a secret.",
        footer = {"", "Exit codes: 0 printed, 3 no cluster was started with this data directory."})
final class KubeconfigCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws IOException {
        ClusterDirectory directory = data.directory();
        if (!directory.hasKubeconfig()) {
            throw Problem.notRunning(directory);
        }
        System.out.print(Files.readString(directory.kubeconfigFile()));
        return ExitCode.OK;
    }
}
