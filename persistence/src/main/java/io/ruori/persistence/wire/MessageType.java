package io.ruori.persistence.wire;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One kind of message. Its version is raised only by a change that older readers cannot pass over (a field that means something
 * else, a variant they do not know); such a change takes two releases: the first reads both and writes the old one, the second
 * writes the new one. So neighbouring releases always understand each other.
 *
 * @param name part of the format, like the versions: never used for anything else
 * @param write writes version {@code written}
 * @param oldest the version that the first of {@code readers} reads
 */
record MessageType<M>(
        String name,
        Class<M> type,
        int written,
        BiConsumer<WireWriter, M> write,
        int oldest,
        List<Function<WireReader, M>> readers) {

    /** A message in its first version. */
    MessageType(String name, Class<M> type, BiConsumer<WireWriter, M> write, Function<WireReader, M> read) {
        this(name, type, 1, write, 1, List.of(read));
    }

    String manifest() {
        return name + '.' + written;
    }

    int newest() {
        return oldest + readers.size() - 1;
    }

    void write(WireWriter out, Object message) {
        write.accept(out, type.cast(message));
    }

    /**
     * @param version between {@code oldest} and {@link #newest}
     */
    M read(WireReader in, int version) {
        return readers.get(version - oldest).apply(in);
    }
}
