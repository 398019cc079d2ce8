package io.ruori.node.runtime;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which part of a container's output.
 *
 * @param tailLines only the last so many lines
 * @param since only lines written at or after this moment
 */
public record LogQuery(boolean follow, OptionalLong tailLines, Optional<Instant> since) {}
