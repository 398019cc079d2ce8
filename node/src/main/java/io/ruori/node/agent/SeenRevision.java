package io.ruori.node.agent;

import io.ruori.api.Revision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The highest revision of an assignment this node ever acted upon, in a small file that outlives the agent. It is written
 * before the assignment is acted upon, so that an older one can never be obeyed afterwards.
 */
final class SeenRevision {
    private final Path file;

    SeenRevision(Path directory) {
        this.file = directory.resolve("seen-revision");
    }

    /** {@link Revision#ZERO} on a node that has seen none. */
    Revision read() {
        try {
            return Files.exists(file)
                    ? new Revision(Long.parseLong(Files.readString(file).strip()))
                    : Revision.ZERO;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Durable when it returns. Blocks. */
    void write(Revision revision) {
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling("seen-revision.next");
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                channel.write(ByteBuffer.wrap(revision.toString().getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
