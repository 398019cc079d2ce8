package io.ruori.core.patch;

import java.time.Instant;

/**
 * Who writes, as ownership of fields sees it.
 *
 * @param name the field manager; {@code unknown} where the client gave none and has no user agent
 * @param apiVersion the version the client wrote in, such as {@code apps/v1}
 * @param subresource such as {@code status}; empty for the object itself
 * @param now when; kept to the second
 */
public record Manager(String name, Operation operation, String apiVersion, String subresource, Instant now) {

    /** Kubernetes' words, which are also their order in managedFields. */
    public enum Operation {
        APPLY("Apply"),
        UPDATE("Update");

        private final String wire;

        Operation(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    public Manager {
        name = name.isEmpty() ? "unknown" : name;
    }

    /** A create, update or patch of the object itself. */
    public static Manager update(String name, String apiVersion, Instant now) {
        return new Manager(name, Operation.UPDATE, apiVersion, "", now);
    }

    /** A server-side apply of the object itself. */
    public static Manager apply(String name, String apiVersion, Instant now) {
        return new Manager(name, Operation.APPLY, apiVersion, "", now);
    }
}
