package io.ruori.http.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/** The key that signs service accounts' tokens, made at the first start beside the authority's: {@code sa.key} and {@code sa.pub}. */
public final class TokenKey {
    private TokenKey() {}

    public static KeyPair open(Path dataDirectory) throws IOException {
        Path directory = ClusterAuthority.privateDirectory(dataDirectory.resolve("pki"));
        Path key = directory.resolve("sa.key");
        Path pub = directory.resolve("sa.pub");
        if (Files.exists(key)) {
            return new KeyPair(Pem.publicKey(pub), Pem.key(key));
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair made = generator.generateKeyPair();
            // The private key last: where it is, both are.
            Pem.writePrivate(pub, Pem.of(made.getPublic()));
            Pem.writePrivate(key, Pem.of(made.getPrivate()));
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no P-256 keys", e);
        }
    }
}
