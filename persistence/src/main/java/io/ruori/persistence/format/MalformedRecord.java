package io.ruori.persistence.format;

/** Bytes that are no record of ours, or of a schema this version does not know. */
public final class MalformedRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedRecord(String message) {
        super(message);
    }
}
