package io.ruori.node.runtime;

import org.apache.pekko.util.ByteString;

/** What a user sends into a running command. Completing the stream closes standard input, as {@link Closed} does. */
public sealed interface StreamInput {
    record Stdin(ByteString bytes) implements StreamInput {}

    /** Standard input is at its end; output goes on. */
    record Closed() implements StreamInput {}

    record Resize(int columns, int rows) implements StreamInput {}
}
