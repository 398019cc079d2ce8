package io.ruori.node.runtime;

/** The streams of a running container that the caller wants to join. */
public record AttachSpec(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}
