package io.ruori.persistence.journal;

import io.ruori.persistence.format.ByteReader;
import io.ruori.persistence.format.ByteWriter;
import io.ruori.persistence.format.MalformedRecord;
import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys that Secrets are encrypted with (AES-256-GCM). They lie beside the journal in a private file of lines "number
 * base64"; the highest number encrypts, all decrypt. Taking a line out destroys what was encrypted with it. The record's key and
 * header are authenticated with it, so nobody can pass one record off as another.
 */
public final class SecretKeys {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private final NavigableMap<Integer, SecretKeySpec> keys;
    private final SecureRandom random = new SecureRandom();

    private SecretKeys(NavigableMap<Integer, SecretKeySpec> keys) {
        this.keys = keys;
    }

    /**
     * Reads the file.
     *
     * @param mayCreate whether the journal is new; otherwise a missing file means that Secrets could not be read
     */
    public static SecretKeys open(Path file, boolean mayCreate) {
        try {
            if (!Files.exists(file)) {
                if (!mayCreate) {
                    throw new CannotOpen(
                            Reason.KEYS,
                            file,
                            "is missing, and the Secrets in this journal are encrypted with it",
                            null);
                }
                create(file);
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!PRIVATE.containsAll(permissions)) {
                throw new CannotOpen(Reason.KEYS, file, "must be private (mode 0600)", null);
            }
            return new SecretKeys(parse(file));
        } catch (IOException e) {
            throw new CannotOpen(Reason.KEYS, file, String.valueOf(e.getMessage()), e);
        }
    }

    private static void create(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String line = "1 " + Base64.getEncoder().encodeToString(key) + "\n";
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PRIVATE))) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static NavigableMap<Integer, SecretKeySpec> parse(Path file) throws IOException {
        NavigableMap<Integer, SecretKeySpec> keys = new TreeMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.strip().split(" ", 2);
            try {
                byte[] key = Base64.getDecoder().decode(parts[1]);
                if (key.length != KEY_BYTES) {
                    throw new IllegalArgumentException("a key of " + key.length + " bytes");
                }
                keys.put(Integer.valueOf(parts[0]), new SecretKeySpec(key, "AES"));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new CannotOpen(Reason.KEYS, file, "has a line that is no key", e);
            }
        }
        if (keys.isEmpty()) {
            throw new CannotOpen(Reason.KEYS, file, "holds no key", null);
        }
        return keys;
    }

    /** A mark of each key by its number, which tells keys apart and gives nothing away of them. */
    public Map<Integer, String> fingerprints() {
        Map<Integer, String> marks = new TreeMap<>();
        keys.forEach((number, key) -> marks.put(number, fingerprint(key)));
        return marks;
    }

    private static String fingerprint(SecretKeySpec key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("ruori key".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(key.getEncoded()), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Appends the key's number, a nonce and the sealed bytes. */
    void seal(byte[] recordKey, byte[] header, byte[] plain, ByteWriter out) {
        Map.Entry<Integer, SecretKeySpec> newest = keys.lastEntry();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        out.i32(newest.getKey()).raw(nonce);
        try {
            out.raw(cipher(Cipher.ENCRYPT_MODE, newest.getValue(), nonce, recordKey, header)
                    .doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The reverse. Fails with {@link MalformedRecord}, also when the key was destroyed. */
    byte[] open(byte[] recordKey, byte[] header, ByteReader in) {
        int number = in.i32();
        SecretKeySpec key = keys.get(number);
        if (key == null) {
            throw new MalformedRecord("key " + number + ", which it was encrypted with, is not there");
        }
        byte[] nonce = in.raw(NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, recordKey, header).doFinal(in.raw(in.remaining()));
        } catch (GeneralSecurityException e) {
            throw new MalformedRecord("it does not decrypt with key " + number);
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, byte[] recordKey, byte[] header)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(recordKey);
        cipher.updateAAD(header);
        return cipher;
    }
}
