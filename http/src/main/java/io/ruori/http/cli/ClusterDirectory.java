package io.ruori.http.cli;

import io.ruori.http.pki.ClusterAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a cluster of this machine keeps everything. Private to its owner. */
record ClusterDirectory(Path root) {
    ClusterDirectory {
        root = root.toAbsolutePath().normalize();
    }

    ClusterDirectory make() throws IOException {
        ClusterAuthority.privateDirectory(root);
        ClusterAuthority.privateDirectory(run());
        ClusterAuthority.privateDirectory(logs());
        return this;
    }

    /** What a command needs to be told to work here: nothing, or {@code --data} with a space before it. */
    String option() {
        boolean usual = System.getenv("RUORI_DATA") == null && equals(new ClusterDirectory(Path.of(".ruori")));
        return usual ? "" : " --data " + root;
    }

    /** One file per process, see {@link ProcessRecord}, and the cluster's {@link ClusterShape}. */
    Path run() {
        return root.resolve("run");
    }

    Path logs() {
        return root.resolve("log");
    }

    Path log(String process) {
        return logs().resolve(process + ".log");
    }

    Path kubeconfigFile() {
        return root.resolve("admin.kubeconfig");
    }

    /** The administrator's way to one master of several: the first one's is what everybody uses. */
    Path kubeconfigFile(int master) {
        return master == 1 ? kubeconfigFile() : root.resolve("admin-" + master + ".kubeconfig");
    }

    /** The same for the master of a record. */
    Path kubeconfigOf(ProcessRecord master) {
        String name = master.name();
        return kubeconfigFile(name.startsWith("master-") ? Integer.parseInt(name.substring("master-".length())) : 1);
    }

    /** Of a database that was started with the cluster. */
    Path cassandra() {
        return root.resolve("cassandra");
    }

    /** One directory per node of this machine. */
    Path nodes() {
        return root.resolve("nodes");
    }

    Path pki() {
        return root.resolve("pki");
    }

    boolean hasKubeconfig() {
        return Files.isReadable(kubeconfigFile());
    }

    /** @throws Problem when nothing was ever started here */
    ApiClient client() throws IOException {
        if (!hasKubeconfig()) {
            throw Problem.notRunning(this);
        }
        return ApiClient.of(kubeconfigFile());
    }
}
