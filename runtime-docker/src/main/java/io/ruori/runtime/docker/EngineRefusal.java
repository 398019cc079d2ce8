package io.ruori.runtime.docker;

/** The Engine answered a call with an error. The message is its own. */
final class EngineRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    EngineRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }

    /** For refusals that carry no status of their own, or whose status says too little. */
    boolean says(String part) {
        String message = getMessage();
        return message != null && message.contains(part);
    }
}
