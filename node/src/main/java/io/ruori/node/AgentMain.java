package io.ruori.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.node.agent.WebSocketLink;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An agent in a process of its own. All settings come from the configuration ({@code ruori.node}), which system properties
 * override, for example {@code -Druori.node.name=worker-1}. It runs until it is told to stop, and leaves its containers
 * running.
 */
public final class AgentMain {
    private AgentMain() {}

    public static void main(String[] args) {
        Config config = ConfigFactory.load();
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "ruori-agent", config);
        try {
            start(system, config);
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            system.terminate();
            System.exit(2);
        }
    }

    /** Starts the configured node on an actor system of the caller's. Returns its name. */
    public static String start(ActorSystem<?> system, Config config) {
        Config node = config.getConfig("ruori.node");
        String name = name(node);
        WebSocketLink link = new WebSocketLink(
                node.getStringList("masters"),
                PemFiles.tls(
                        Path.of(node.getString("tls.certificate")),
                        Path.of(node.getString("tls.key")),
                        Path.of(node.getString("tls.authority"))),
                NodeConfig.nodes(config));
        NodeRole.start(system, config, link, name);
        return name;
    }

    private static String name(Config node) {
        String name = node.getString("name");
        try {
            return name.isEmpty() ? InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT) : name;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "ruori.node.name: this machine has no host name, so one must be given", e);
        }
    }
}
