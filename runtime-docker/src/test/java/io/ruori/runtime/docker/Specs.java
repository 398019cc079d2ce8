package io.ruori.runtime.docker;

import io.ruori.node.runtime.ContainerSpec;
import io.ruori.node.runtime.SandboxSpec;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Specifications for tests: the plainest that work, and ways to differ from them. */
final class Specs {
    static final ContainerSpec.Limits NO_LIMITS = new ContainerSpec.Limits(0, 0, 0, 0, OptionalInt.empty());
    static final SandboxSpec.Dns NO_DNS = new SandboxSpec.Dns(List.of(), List.of(), List.of());

    private Specs() {}

    static SandboxSpec sandbox(String uid) {
        return new SandboxSpec("default", "pod-" + uid, uid, 0, "pod-" + uid, false, NO_DNS, Map.of("app", "test"));
    }

    static Container shell(String name, String script) {
        return new Container(name).command("/bin/sh", "-c", script);
    }

    static final class Container {
        private final String name;
        String image = BusyboxImages.WEB_REPOSITORY + ":1";
        int attempt;
        List<String> command = List.of();
        List<String> args = List.of();
        Map<String, String> env = Map.of();
        String workingDir = "";
        String user = "";
        ContainerSpec.Limits limits = NO_LIMITS;
        List<ContainerSpec.Mount> mounts = List.of();
        boolean privileged;
        boolean readOnlyRoot;
        List<String> add = List.of();
        List<String> drop = List.of();
        boolean stdin;
        boolean stdinOnce;
        boolean tty;
        String terminationMessagePath = "/dev/termination-log";

        Container(String name) {
            this.name = name;
        }

        Container command(String... words) {
            command = List.of(words);
            return this;
        }

        ContainerSpec build() {
            return new ContainerSpec(
                    name,
                    image,
                    attempt,
                    "hash-" + name,
                    command,
                    args,
                    env,
                    workingDir,
                    user,
                    limits,
                    mounts,
                    privileged,
                    readOnlyRoot,
                    add,
                    drop,
                    stdin,
                    stdinOnce,
                    tty,
                    terminationMessagePath);
        }
    }
}
