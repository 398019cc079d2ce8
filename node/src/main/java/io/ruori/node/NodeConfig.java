package io.ruori.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import io.ruori.node.agent.NodeSettings;
import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.runtime.ContainerRuntimeProvider;
import io.ruori.node.runtime.RuntimeSettings;
import io.ruori.node.simulated.Script;
import io.ruori.node.simulated.SimulatedFleet;
import io.ruori.node.simulated.SimulatedRuntime;
import io.ruori.node.simulated.SimulatedSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code ruori.node} of the configuration, made into what the agent needs. */
final class NodeConfig {
    private static final Logger LOG = LoggerFactory.getLogger(NodeConfig.class);

    private final Config node;
    private final Path directory;

    NodeConfig(Config config, String name) {
        this.node = config.getConfig("ruori.node");
        this.directory = nodes(config).resolve(name).toAbsolutePath().normalize();
    }

    /** Where each node's directory lies. */
    static Path nodes(Config config) {
        String own = config.getString("ruori.node.directory");
        return own.isEmpty() ? Path.of(config.getString("ruori.data-directory"), "nodes") : Path.of(own);
    }

    NodeSettings settings(String name) {
        makePrivate(directory);
        String address = node.getString("address");
        Map<String, String> labels = texts(node.getConfig("labels"));
        return new NodeSettings(
                name,
                directory,
                address.isEmpty() ? ownAddress() : address,
                labels,
                node.getInt("max-pods"),
                node.getDuration("heartbeat"),
                node.getDuration("relist"),
                node.getDuration("batching"),
                node.getDuration("reconnect"),
                node.getInt("max-streams"));
    }

    /** The configured runtime; {@code auto} is Docker where there is one, else the simulated one. */
    ContainerRuntime runtime(String name) {
        String wanted = node.getString("runtime");
        return switch (wanted) {
            case "simulated" -> simulated(name);
            case "auto" -> {
                Optional<ContainerRuntimeProvider> docker =
                        ContainerRuntimeProvider.named("docker").filter(ContainerRuntimeProvider::available);
                if (docker.isEmpty()) {
                    LOG.warn("No Docker Engine answers on this machine: node {} uses the simulated runtime.", name);
                }
                yield docker.map(provider -> open(provider, name)).orElseGet(() -> simulated(name));
            }
            default ->
                ContainerRuntimeProvider.named(wanted)
                        .map(provider -> open(provider, name))
                        .orElseThrow(() -> new IllegalArgumentException(
                                "ruori.node.runtime: there is no runtime \"" + wanted + "\" here"));
        };
    }

    private ContainerRuntime open(ContainerRuntimeProvider provider, String name) {
        Path state = directory.resolve("runtime");
        makePrivate(state);
        Map<String, String> options = node.hasPath(provider.name()) ? texts(node.getConfig(provider.name())) : Map.of();
        return provider.open(new RuntimeSettings(mark(name), state, options));
    }

    /**
     * What marks the containers of this node: its name alone would be the same in every cluster on trial on this machine,
     * and two agents that share an Engine would clear away each other's Pods.
     */
    private String mark(String name) {
        Path file = directory.resolve("runtime-mark");
        try {
            if (Files.notExists(file)) {
                Files.writeString(
                        file, name + "." + UUID.randomUUID().toString().substring(0, 8));
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the mark of node " + name, e);
        }
    }

    private ContainerRuntime simulated(String name) {
        Config simulated = node.getConfig("simulated");
        // Addresses differ between the nodes of one process; nothing routes to them anyway.
        String subnet = "10.244." + Math.floorMod(name.hashCode(), 250);
        return new SimulatedRuntime(new SimulatedSettings(
                simulated.getInt("cpus"),
                simulated.getBytes("memory"),
                simulated.getDuration("start-latency"),
                simulated.getDuration("stop-latency"),
                subnet,
                Script::of));
    }

    SimulatedFleet.Settings fleet(String prefix, int nodes) {
        Config fleet = node.getConfig("fleet");
        return new SimulatedFleet.Settings(
                prefix,
                nodes,
                fleet.getInt("cpus"),
                fleet.getBytes("memory"),
                fleet.getInt("max-pods"),
                fleet.getDuration("start-latency"),
                fleet.getDuration("heartbeat"));
    }

    private static Map<String, String> texts(Config config) {
        Map<String, String> texts = new HashMap<>();
        config.root().forEach((key, value) -> {
            if (value.valueType() != ConfigValueType.OBJECT
                    && !String.valueOf(value.unwrapped()).isEmpty()) {
                texts.put(key, String.valueOf(value.unwrapped()));
            }
        });
        return texts;
    }

    private static void makePrivate(Path directory) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot use " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The first address of this machine that others could reach it by. */
    private static String ownAddress() {
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                boolean virtual = network.getName().startsWith("docker")
                        || network.getName().startsWith("ruori")
                        || network.getName().startsWith("veth");
                if (!network.isUp() || network.isLoopback() || virtual) {
                    continue;
                }
                for (InetAddress address : Collections.list(network.getInetAddresses())) {
                    if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
                        return address.getHostAddress();
                    }
                }
            }
        } catch (SocketException e) {
            LOG.debug("cannot look at the network interfaces", e);
        }
        return "127.0.0.1";
    }
}
