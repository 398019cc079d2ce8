package io.ruori.http.pki;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A cluster's authority by the SHA-256 of its public key, as kubeadm writes it: {@code sha256:} and 64 hexadecimal digits. Who has
 * it by a safe way can tell the right server from any other.
 *
 * @param hex 64 digits, in lower case
 */
public record AuthorityPin(String hex) {
    private static final String SCHEME = "sha256:";

    public AuthorityPin {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("must be " + SCHEME + " and 64 hexadecimal digits");
        }
    }

    /** Fails with {@link IllegalArgumentException}, whose message says how it must look. */
    public static AuthorityPin parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return new AuthorityPin(lower.startsWith(SCHEME) ? lower.substring(SCHEME.length()) : "");
    }

    public static AuthorityPin of(X509Certificate authority) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return new AuthorityPin(HexFormat.of()
                    .formatHex(digest.digest(authority.getPublicKey().getEncoded())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return SCHEME + hex;
    }
}
