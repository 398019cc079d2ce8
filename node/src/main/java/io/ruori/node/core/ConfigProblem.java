package io.ruori.node.core;

/**
 * A container cannot be configured as its Pod says, for now: something it refers to is missing. The message is what the
 * container's {@code waiting.message} shows, in the kubelet's words.
 */
public final class ConfigProblem extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigProblem(String message) {
        super(message);
    }
}
