package io.ruori.runtime.docker;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Something that is read by blocking and can be closed from another thread, which ends the wait. As a Pekko source it is
 * read only on demand, on a virtual thread, so any number of idle ones cost no platform threads.
 */
interface Feed<T> {
    /** The next elements, at least one; nothing at the end. */
    List<T> next() throws IOException;

    void close();

    static <T> Source<T, NotUsed> source(VirtualThreads threads, Callable<Feed<T>> open) {
        return Source.<List<T>, Feed<T>>unfoldResourceAsync(
                        () -> threads.call(open),
                        feed -> threads.call(() -> Optional.of(feed.next()).filter(some -> !some.isEmpty())),
                        feed -> threads.call(() -> {
                            feed.close();
                            return Done.getInstance();
                        }))
                .mapConcat(elements -> elements);
    }
}
