package io.ruori.persistence.cassandra;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.journal.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The next events of one object, on their way into a shard's log.
 *
 * @param sequenceNumber of the first event
 * @param values their records
 * @param bytes of all records
 * @param done completes when they are written and told of
 */
record Append(
        ObjectKey key,
        byte[] object,
        long sequenceNumber,
        List<ObjectEvent> events,
        List<byte[]> values,
        long bytes,
        CompletableFuture<Void> done) {

    /** Fails with an {@link IllegalArgumentException} when they cannot be put into the journal's form. */
    static Append of(
            RecordCodec codec,
            long epoch,
            ObjectKey key,
            long sequenceNumber,
            List<ObjectEvent> events,
            CompletableFuture<Void> done) {
        byte[] object = Keys.object(key);
        List<byte[]> values = new ArrayList<>(events.size());
        long bytes = 0;
        for (int i = 0; i < events.size(); i++) {
            ObjectEvent event = events.get(i);
            if (!event.key().equals(key)) {
                throw new IllegalArgumentException("an event of " + event.key());
            }
            byte[] value = codec.encode(object, sequenceNumber + i, epoch, event);
            values.add(value);
            bytes += value.length + object.length;
        }
        return new Append(key, object, sequenceNumber, events, values, bytes, done);
    }

    List<Revision> revisions() {
        return events.stream().map(ObjectEvent::revision).toList();
    }
}
