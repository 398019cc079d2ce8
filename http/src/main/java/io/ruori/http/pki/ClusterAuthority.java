package io.ruori.http.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The cluster's own certificate authority, made at the first start under {@code pki/} of the data directory. Elliptic-curve
 * keys (P-256): a handshake costs a tenth of RSA's, and every client since TLS 1.2 takes them.
 */
public final class ClusterAuthority {
    private static final Duration CA_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE_END = Duration.ofDays(30);
    private static final int RSA_BITS = 2048;

    /**
     * What a certificate must be for, beside TLS, to be a master's. An object identifier made from a UUID, as X.667 has it.
     * Subjects can be asked for in signing requests; this cannot.
     */
    private static final KeyPurposeId MASTER =
            KeyPurposeId.getInstance(new ASN1ObjectIdentifier("2.25.102311983349936042559385343320364899413"));

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final Identity authority;

    private ClusterAuthority(Path directory, Identity authority) {
        this.directory = directory;
        this.authority = authority;
    }

    /** Opens the authority of a data directory, making it when there is none. */
    public static ClusterAuthority open(Path dataDirectory, Instant now) throws IOException {
        Path directory = privateDirectory(dataDirectory.resolve("pki"));
        Path certificate = directory.resolve("ca.crt");
        if (Files.exists(certificate)) {
            return new ClusterAuthority(
                    directory, new Identity(Pem.certificate(certificate), Pem.key(directory.resolve("ca.key"))));
        }
        KeyPair pair = newKey();
        X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, "ruori").build();
        Identity made = sign(subject, pair, subject, pair, now, CA_LIFE, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
        });
        ClusterAuthority authority = new ClusterAuthority(directory, made);
        authority.store("ca", made);
        return authority;
    }

    /** A directory that only its owner may enter. */
    public static Path privateDirectory(Path directory) throws IOException {
        return Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    public X509Certificate certificate() {
        return authority.certificate();
    }

    /** The authority's certificate as clients want it. */
    public String bundle() {
        return Pem.of(authority.certificate());
    }

    /** A secret that only masters know, each the same: it follows from the authority's key. Of no use for any other purpose. */
    public byte[] secretFor(String purpose) {
        if (!(authority.key() instanceof ECPrivateKey key)) {
            throw new IllegalStateException("the authority has no elliptic key");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getS().toByteArray(), "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }

    /** The API server's identity, issued anew when it is missing, near its end, or lacks one of these names. */
    public Identity server(List<String> dnsNames, List<String> addresses, Instant now) throws IOException {
        return stored(
                "apiserver",
                now,
                found -> hasNames(found, dnsNames, addresses),
                () -> issue(
                        "kube-apiserver",
                        List.of(),
                        dnsNames,
                        addresses,
                        List.of(KeyPurposeId.id_kp_serverAuth),
                        newKey(),
                        now));
    }

    /** A client's identity: the common name is the user, organisations are its groups. */
    public Identity client(String file, String user, List<String> groups, Instant now) throws IOException {
        return stored(
                file,
                now,
                () -> issue(user, groups, List.of(), List.of(), List.of(KeyPurposeId.id_kp_clientAuth), newKey(), now));
    }

    /**
     * The administrator's identity, for the kubeconfig. Other clients read that: the most used ones take an RSA key in PKCS#8
     * without a word more, and not all of them an elliptic one.
     */
    public Identity administrator(Instant now) throws IOException {
        return stored(
                "admin",
                now,
                () -> issue(
                        "kubernetes-admin",
                        List.of("system:masters"),
                        List.of(),
                        List.of(),
                        List.of(KeyPurposeId.id_kp_clientAuth),
                        newRsaKey(),
                        now));
    }

    /** This master's identity among masters, on either side of a connection. Other clients and servers do not have such. */
    public Identity master(Instant now) throws IOException {
        return stored(
                "master",
                now,
                () -> issue(
                        "ruori:master",
                        List.of("ruori:masters"),
                        List.of(),
                        List.of(),
                        List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth, MASTER),
                        newKey(),
                        now));
    }

    /** Whether it says of its owner to be a master. Who signed it is another question. */
    public static boolean isMaster(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes != null && purposes.contains(MASTER.getId());
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** From when on another is issued in its place. */
    static Instant renewal(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().minus(RENEW_BEFORE_END);
    }

    private interface Issue {
        Identity get() throws IOException;
    }

    private static boolean hasNames(X509Certificate found, List<String> dnsNames, List<String> addresses) {
        try {
            Set<Object> names = new HashSet<>();
            Collection<List<?>> shown = found.getSubjectAlternativeNames();
            if (shown != null) {
                shown.forEach(name -> names.add(name.get(1)));
            }
            return names.containsAll(dnsNames) && names.containsAll(addresses);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private Identity stored(String name, Instant now, Issue issue) throws IOException {
        return stored(name, now, found -> true, issue);
    }

    private Identity stored(String name, Instant now, Predicate<X509Certificate> fits, Issue issue) throws IOException {
        Path certificate = directory.resolve(name + ".crt");
        if (Files.exists(certificate)) {
            Identity found = new Identity(Pem.certificate(certificate), Pem.key(directory.resolve(name + ".key")));
            if (now.isBefore(renewal(found.certificate())) && fits.test(found.certificate())) {
                return found;
            }
        }
        Identity made = issue.get();
        store(name, made);
        return made;
    }

    private void store(String name, Identity identity) throws IOException {
        Pem.writePrivate(directory.resolve(name + ".key"), Pem.of(identity.key()));
        Pem.writePrivate(directory.resolve(name + ".crt"), Pem.of(identity.certificate()));
    }

    private Identity issue(
            String user,
            List<String> groups,
            List<String> dnsNames,
            List<String> addresses,
            List<KeyPurposeId> purposes,
            KeyPair pair,
            Instant now)
            throws IOException {
        X500NameBuilder subject = new X500NameBuilder();
        groups.forEach(group -> subject.addRDN(BCStyle.O, group));
        subject.addRDN(BCStyle.CN, user);
        X500Name issuer = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        KeyPair authorityPair = new KeyPair(authority.certificate().getPublicKey(), authority.key());
        return sign(subject.build(), pair, issuer, authorityPair, now, LEAF_LIFE, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
            if (!dnsNames.isEmpty() || !addresses.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, names(dnsNames, addresses));
            }
        });
    }

    private static GeneralNames names(List<String> dnsNames, List<String> addresses) {
        List<GeneralName> names = new java.util.ArrayList<>();
        dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private interface Extensions {
        void add(X509v3CertificateBuilder builder) throws IOException;
    }

    private static Identity sign(
            X500Name subject,
            KeyPair pair,
            X500Name issuer,
            KeyPair signer,
            Instant now,
            Duration life,
            Extensions extensions)
            throws IOException {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(127, RANDOM),
                    Date.from(now.minus(Duration.ofMinutes(5))),
                    Date.from(now.plus(life)),
                    subject,
                    pair.getPublic());
            extensions.add(builder);
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
            return new Identity(certificate, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot issue a certificate for " + subject, e);
        }
    }

    private static KeyPair newKey() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no P-256 keys", e);
        }
    }

    private static KeyPair newRsaKey() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no RSA keys", e);
        }
    }
}
