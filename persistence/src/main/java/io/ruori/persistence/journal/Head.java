package io.ruori.persistence.journal;

import io.ruori.api.Revision;
import io.ruori.persistence.format.ByteReader;
import io.ruori.persistence.format.ByteWriter;

/**
 * Where an object's history stands.
 *
 * @param exists false after a deletion, and before the first creation
 */
record Head(boolean exists, Revision revision, long sequenceNumber) {
    static final Head NEVER = new Head(false, Revision.ZERO, 0);

    byte[] toBytes() {
        return new ByteWriter(2 * Long.BYTES)
                .i64(revision.value())
                .i64(sequenceNumber)
                .toByteArray();
    }

    static Head read(boolean exists, byte[] value) {
        ByteReader in = new ByteReader(value);
        return new Head(exists, new Revision(in.i64()), in.i64());
    }
}
