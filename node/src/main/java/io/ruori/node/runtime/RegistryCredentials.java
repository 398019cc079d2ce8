package io.ruori.node.runtime;

/** A login for one registry. Never logged. */
public record RegistryCredentials(String username, String password, String server) {
    @Override
    public String toString() {
        return "RegistryCredentials[" + server + "]";
    }
}
