package io.ruori.http.codec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A body that is made once and sent often, so that its hash and its compressed form are worth keeping. */
public final class Document {
    private final byte[] bytes;
    private final String hash;
    private byte @Nullable [] gzipped;

    public Document(byte[] bytes) {
        this.bytes = bytes;
        this.hash = hash(bytes);
    }

    public byte[] bytes() {
        return bytes;
    }

    /** SHA-512 of the bytes in upper-case hex, by which upstream tells versions of a document apart. */
    public String hash() {
        return hash;
    }

    /** Made when first asked for: clients within a cluster seldom do. */
    public synchronized byte[] gzipped() {
        byte[] made = gzipped;
        if (made == null) {
            made = Gzip.of(bytes);
            gzipped = made;
        }
        return made;
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
