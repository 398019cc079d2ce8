package io.ruori.node.runtime;

import java.util.List;

/** A command to run in a container and the streams the caller wants. With {@code tty} there is no separate stderr. */
public record ExecSpec(List<String> command, boolean stdin, boolean stdout, boolean stderr, boolean tty) {}
