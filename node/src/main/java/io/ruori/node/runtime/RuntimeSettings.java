package io.ruori.node.runtime;

import java.nio.file.Path;
import java.util.Map;

/**
 * What every runtime needs to know about the node it serves.
 *
 * @param nodeName marks everything the runtime makes, so that several agents can share one daemon
 * @param stateDirectory a private directory of this node for what must outlive the agent's process
 * @param options the runtime's own settings by name; a provider refuses a name it does not know
 */
public record RuntimeSettings(String nodeName, Path stateDirectory, Map<String, String> options) {
    public RuntimeSettings {
        options = Map.copyOf(options);
    }
}
