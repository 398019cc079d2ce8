package io.ruori.node;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A node's credentials from PEM files: certificate chain, PKCS#8 key (EC or RSA), and the authority it trusts. */
final class PemFiles {
    private PemFiles() {}

    static SSLContext tls(Path certificate, Path key, Path authority) {
        try {
            KeyStore own = empty();
            Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
            own.setKeyEntry("node", privateKey(key, chain[0].getPublicKey().getAlgorithm()), new char[0], chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);

            KeyStore trusted = empty();
            for (Certificate ca : certificates(authority)) {
                trusted.setCertificateEntry("authority-" + trusted.size(), ca);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);

            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "ruori.node.tls: cannot use " + certificate + ", " + key + " and " + authority + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> found =
                new ArrayList<>(factory.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))));
        if (found.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no certificate");
        }
        return found;
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(file + " holds no PKCS#8 private key");
        }
        byte[] der =
                Base64.getMimeDecoder().decode(text.substring(begin + 27, end).strip());
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }
}
