package io.ruori.persistence.cassandra;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.format.MalformedRecord;
import io.ruori.persistence.journal.Envelope;
import io.ruori.persistence.journal.JournalFault.Corruption;
import io.ruori.persistence.journal.Keys;
import io.ruori.persistence.journal.SecretKeys;
import java.util.Set;

/** The bytes of records, the same as in a RocksDB journal; those of encrypted kinds are sealed. */
record RecordCodec(SecretKeys secrets, Set<KindName> encryptedKinds) {
    byte[] encode(byte[] object, long sequenceNumber, long epoch, ObjectEvent event) {
        return Envelope.write(
                Keys.record(object, event.revision()),
                sequenceNumber,
                epoch,
                event,
                encryptedKinds.contains(event.key().kind()) ? secrets : null);
    }

    /** Fails with {@link Corruption}. */
    Envelope.Entry decode(byte[] object, Revision revision, byte[] value) {
        try {
            return Envelope.read(Keys.record(object, revision), value, secrets);
        } catch (MalformedRecord e) {
            throw new Corruption(key(object), revision, e);
        }
    }

    static ObjectKey key(byte[] object) {
        return Keys.parse(object);
    }
}
