package io.ruori.http;

import static java.util.stream.Collectors.joining;

import io.ruori.access.AccountTokens;
import io.ruori.access.AccountTokens.Recognized;
import io.ruori.api.ApiStatus;
import io.ruori.api.User;
import io.ruori.view.View;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.SslSessionInfo;

/**
 * Who is asking: from the client's certificate (the common name is the user, organisations are its groups), else from a bearer
 * token, else nobody in particular. No other header says who somebody is.
 */
final class Authentication {
    /** Upstream adds it to whoever was authenticated. */
    static final String AUTHENTICATED = "system:authenticated";

    static final String UNAUTHENTICATED = "system:unauthenticated";
    static final String ANONYMOUS = "system:anonymous";

    private static final User NOBODY = new User(ANONYMOUS, "", List.of(UNAUTHENTICATED));
    private static final int REMEMBERED = 10_000;

    private final TokenFile file;
    private final AccountTokens accounts;
    private final Supplier<View> view;
    private final InstantSource time;
    private final Map<Principal, Optional<User>> known = new ConcurrentHashMap<>();

    Authentication(TokenFile file, AccountTokens accounts, Supplier<View> view, InstantSource time) {
        this.file = file;
        this.accounts = accounts;
        this.view = view;
        this.time = time;
    }

    /** TLS has already refused certificates that are not the cluster's own; a token that is not good is refused here. */
    User of(HttpRequest request) {
        Optional<User> shown = request.getAttribute(AttributeKeys.sslSession)
                .map(SslSessionInfo::getSession)
                .flatMap(this::user);
        if (shown.isPresent()) {
            return shown.get();
        }
        Optional<String> token = bearer(request);
        return token.isEmpty()
                ? NOBODY
                : recognize(token.get(), accounts.audiences())
                        .map(Recognized::user)
                        .orElseThrow(() -> new Refusal(ApiStatus.unauthorized()));
    }

    private static Optional<String> bearer(HttpRequest request) {
        String[] words = request.getHeader("Authorization")
                .map(HttpHeader::value)
                .orElse("")
                .strip()
                .split(" +", 3);
        return words.length >= 2 && words[0].toLowerCase(Locale.ROOT).equals("bearer")
                ? Optional.of(words[1])
                : Optional.empty();
    }

    List<String> audiences() {
        return accounts.audiences();
    }

    /** A token of the file is good for every audience of the API, as upstream has it. */
    Optional<Recognized> recognize(String token, List<String> audiences) {
        Optional<User> fixed = file.find(token);
        if (fixed.isPresent()) {
            List<String> common =
                    audiences.stream().filter(accounts.audiences()::contains).toList();
            return common.isEmpty() ? Optional.empty() : Optional.of(new Recognized(fixed.get(), common));
        }
        return accounts.recognize(token, audiences, view.get(), time.instant());
    }

    /** Why a token was not recognized, as upstream tells it: only a wrong audience is told apart. */
    String fault(String token, List<String> wanted) {
        String fault = "invalid bearer token";
        List<String> meant = accounts.audiencesOf(token);
        return meant.isEmpty() || meant.stream().anyMatch(wanted::contains)
                ? fault
                : "[" + fault + ", token audiences " + quoted(meant) + " is invalid for the target audiences "
                        + quoted(wanted) + "]";
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> '"' + word + '"').collect(joining(" ", "[", "]"));
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
