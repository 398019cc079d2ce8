package io.ruori.node.runtime;

import java.util.Optional;
import java.util.ServiceLoader;

/** Makes one sort of runtime. Found by {@link ServiceLoader}, so that an agent needs to know only its name. */
public interface ContainerRuntimeProvider {

    /** The name it is chosen by, for example {@code docker}. */
    String name();

    /** Whether it could work on this machine now, with its default settings. Never throws; may wait a moment. */
    boolean available();

    /** Does not fail because a daemon is away: the runtime's calls do. */
    ContainerRuntime open(RuntimeSettings settings);

    /** The provider of that name on the class path. */
    static Optional<ContainerRuntimeProvider> named(String name) {
        return ServiceLoader.load(ContainerRuntimeProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(name))
                .findFirst();
    }
}
