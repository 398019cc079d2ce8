package io.ruori.node.runtime;

import org.apache.pekko.util.ByteString;

/** What a running command sends back. */
public sealed interface StreamOutput {
    record Stdout(ByteString bytes) implements StreamOutput {}

    record Stderr(ByteString bytes) implements StreamOutput {}

    /** The command ended; nothing follows. */
    record Exited(int code) implements StreamOutput {}

    /** The command could not be run at all (no such executable, no such container); nothing follows. */
    record Failed(String message) implements StreamOutput {}
}
