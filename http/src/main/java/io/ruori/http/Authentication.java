package io.ruori.http;

import io.ruori.api.User;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.SslSessionInfo;

/** Who is asking, from the client's certificate: the common name is the user, organisations are its groups. */
final class Authentication {
    /** Upstream adds it to whoever was authenticated. */
    private static final String AUTHENTICATED = "system:authenticated";

    private static final int REMEMBERED = 10_000;

    private final Map<Principal, Optional<User>> known = new ConcurrentHashMap<>();

    /** Empty for an anonymous request. TLS has already refused certificates that are not the cluster's own. */
    Optional<User> of(HttpRequest request) {
        return request.getAttribute(AttributeKeys.sslSession)
                .map(SslSessionInfo::getSession)
                .flatMap(this::user);
    }

    private Optional<User> user(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? user(certificate.getSubjectX500Principal())
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException anonymous) {
            return Optional.empty();
        }
    }

    private Optional<User> user(Principal subject) {
        if (known.size() > REMEMBERED) {
            known.clear();
        }
        return known.computeIfAbsent(subject, Authentication::parse);
    }

    private static Optional<User> parse(Principal subject) {
        String name = "";
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn part : new LdapName(subject.getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    name = part.getValue().toString();
                } else if (part.getType().equalsIgnoreCase("O")) {
                    groups.add(part.getValue().toString());
                }
            }
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
        groups.add(AUTHENTICATED);
        return name.isEmpty() ? Optional.empty() : Optional.of(new User(name, "", List.copyOf(groups)));
    }
}
