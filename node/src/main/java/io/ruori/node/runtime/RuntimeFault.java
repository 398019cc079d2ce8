package io.ruori.node.runtime;

/** Why the runtime could not do what was asked. The message is the runtime's own, fit to be shown in an Event. */
public final class RuntimeFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Told apart because Kubernetes reports them differently. */
    public enum Reason {
        /** The daemon does not answer; try again. */
        UNREACHABLE,
        IMAGE_NOT_FOUND,
        /** The registry refused or could not be reached. */
        IMAGE_PULL_FAILED,
        /** No such sandbox or container. */
        NOT_FOUND,
        /** The command, working directory or mount of the container is unusable: it can never start as specified. */
        CANNOT_START,
        /** Another container or sandbox has that name. */
        CONFLICT,
        OTHER
    }

    private final Reason reason;

    public RuntimeFault(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public RuntimeFault(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
