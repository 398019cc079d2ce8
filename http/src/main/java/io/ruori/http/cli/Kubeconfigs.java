package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.http.codec.BadBody;
import io.ruori.http.codec.YamlCodec;
import io.ruori.http.pki.Identity;
import io.ruori.http.pki.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Reads the kubeconfig that a master writes: one cluster, one user, everything inline. */
final class Kubeconfigs {
    /** Where a cluster answers, and how to be let in. */
    record Access(URI server, SSLContext tls) {}

    private Kubeconfigs() {}

    static Access read(Path file) throws IOException {
        try {
            JsonNode config = YamlCodec.read(Files.readAllBytes(file)).tree();
            JsonNode cluster = config.path("clusters").path(0).path("cluster");
            JsonNode user = config.path("users").path(0).path("user");
            X509Certificate authority = certificate(decoded(cluster, "certificate-authority-data"));
            Identity identity = new Identity(
                    certificate(decoded(user, "client-certificate-data")), key(decoded(user, "client-key-data")));
            return new Access(
                    URI.create(cluster.path("server").asText()), Tls.context(Optional.of(identity), authority));
        } catch (BadBody | GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " is not a kubeconfig of ours: " + Problem.line(e), e);
        }
    }

    private static byte[] decoded(JsonNode parent, String field) {
        return Base64.getDecoder().decode(parent.path(field).asText());
    }

    private static X509Certificate certificate(byte[] pem) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }

    /** An RSA key; clusters made by earlier builds have elliptic ones. */
    private static PrivateKey key(byte[] pem) throws GeneralSecurityException {
        String text = new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----", "");
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text));
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(encoded);
        } catch (InvalidKeySpecException notRsa) {
            return KeyFactory.getInstance("EC").generatePrivate(encoded);
        }
    }
}
