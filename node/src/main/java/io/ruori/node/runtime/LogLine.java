package io.ruori.node.runtime;

import java.time.Instant;
import org.apache.pekko.util.ByteString;

/**
 * A line of output, or a piece of a long one.
 *
 * @param bytes with its line end, if it has one
 */
public record LogLine(Instant at, boolean stderr, ByteString bytes) {}
