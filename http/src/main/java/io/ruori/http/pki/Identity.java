package io.ruori.http.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate and its key. Never logged. */
public record Identity(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
        return "Identity[" + certificate.getSubjectX500Principal() + "]";
    }
}
