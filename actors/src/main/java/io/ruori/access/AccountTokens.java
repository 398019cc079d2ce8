package io.ruori.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.view.View;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of service accounts: signed by the cluster's own key, for a time and an audience, and good only while the account,
 * and the Pod, Secret or Node they are bound to, are still the same objects. A signature is checked once; the rest each time.
 */
public final class AccountTokens {
    private static final String OURS = "kubernetes.io";
    private static final String USER_PREFIX = "system:serviceaccount:";
    private static final String EXTRA = "authentication.kubernetes.io/";
    private static final KindName ACCOUNTS = KindName.core("serviceaccounts");
    private static final KindName NODES = KindName.core("nodes");
    private static final int REMEMBERED = 10_000;

    /** A Pod that is being deleted may need its token for its last words; upstream's number. */
    private static final Duration AFTER_DELETION = Duration.ofSeconds(60);

    /** What a token may be bound to. */
    private static final Map<String, KindName> BOUND =
            Map.of("pod", KindName.core("pods"), "secret", KindName.core("secrets"), "node", NODES);

    private final Jwt jwt;
    private final String issuer;
    private final Map<String, JsonNode> verified = new ConcurrentHashMap<>();

    /** A token and the moment it ends. */
    public record Issued(String token, Instant expires) {}

    /** Who a token stands for, and which of the wanted audiences it is for. */
    public record Recognized(User user, List<String> audiences) {}

    public AccountTokens(KeyPair key, String issuer) {
        this.jwt = new Jwt(key);
        this.issuer = issuer;
    }

    public String issuer() {
        return issuer;
    }

    /** The audience of tokens for the API itself. */
    public List<String> audiences() {
        return List.of(issuer);
    }

    public ObjectNode keySet() {
        return jwt.keySet();
    }

    // ---- issuing

    /**
     * @param bound a Pod, Secret or Node of which the token's life depends; null for none
     * @param node the Node a bound Pod is on, as far as known
     */
    public Issued issue(
            StoredObject account,
            List<String> audiences,
            Duration life,
            @Nullable StoredObject bound,
            @Nullable StoredObject node,
            Instant now) {
        long issued = now.getEpochSecond();
        ObjectNode claims = Json.object();
        ArrayNode audience = claims.putArray("aud");
        audiences.forEach(audience::add);
        claims.put("exp", issued + life.toSeconds())
                .put("iat", issued)
                .put("iss", issuer)
                .put("jti", UUID.randomUUID().toString());
        ObjectNode ours = claims.putObject(OURS).put("namespace", account.key().namespace());
        if (node != null) {
            reference(ours, "node", node);
        }
        if (bound != null) {
            reference(ours, boundName(bound), bound);
        }
        reference(ours, "serviceaccount", account);
        claims.put("nbf", issued)
                .put("sub", userName(account.key().namespace(), account.key().name()));
        return new Issued(jwt.sign(claims), Instant.ofEpochSecond(issued).plus(life));
    }

    private static String boundName(StoredObject bound) {
        return BOUND.entrySet().stream()
                .filter(e -> e.getValue().equals(bound.key().kind()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no token is bound to " + bound.key()))
                .getKey();
    }

    private static void reference(ObjectNode claims, String name, StoredObject object) {
        claims.putObject(name)
                .put("name", object.key().name())
                .put("uid", object.uid().value());
    }

    private static String userName(String namespace, String name) {
        return USER_PREFIX + namespace + ":" + name;
    }

    // ---- recognizing

    /**
     * @param wanted one of these audiences must be among the token's
     */
    public Optional<Recognized> recognize(String token, List<String> wanted, View view, Instant now) {
        return signed(token).flatMap(claims -> {
            List<String> audiences = common(claims.path("aud"), wanted);
            return audiences.isEmpty() || !isGood(claims, view, now)
                    ? Optional.empty()
                    : Optional.of(new Recognized(user(claims), audiences));
        });
    }

    /** Whom a token of ours is for, whether or not it is still good; empty for one that we did not sign. */
    public List<String> audiencesOf(String token) {
        List<String> audiences = new ArrayList<>();
        signed(token).ifPresent(claims -> claims.path("aud").forEach(audience -> audiences.add(audience.asText())));
        return audiences;
    }

    private Optional<JsonNode> signed(String token) {
        JsonNode known = verified.get(token);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<JsonNode> signed = jwt.verify(token);
        signed.ifPresent(claims -> remember(token, claims));
        return signed;
    }

    private void remember(String token, JsonNode claims) {
        if (verified.size() >= REMEMBERED) {
            verified.clear();
        }
        verified.put(token, claims);
    }

    private static List<String> common(JsonNode audiences, List<String> wanted) {
        List<String> common = new ArrayList<>();
        audiences.forEach(audience -> {
            if (wanted.contains(audience.asText())) {
                common.add(audience.asText());
            }
        });
        return common;
    }

    private boolean isGood(JsonNode claims, View view, Instant now) {
        JsonNode ours = claims.path(OURS);
        String namespace = Json.text(ours, "namespace");
        String account = Json.text(ours, "serviceaccount", "name");
        if (!Json.text(claims, "iss").equals(issuer)
                || !Json.text(claims, "sub").equals(userName(namespace, account))
                || now.getEpochSecond() >= Json.number(claims, 0, "exp")
                || now.getEpochSecond() < Json.number(claims, Long.MAX_VALUE, "nbf")) {
            return false;
        }
        return lives(ACCOUNTS, namespace, ours.path("serviceaccount"), view, now)
                && BOUND.entrySet().stream()
                        .filter(bound -> ours.has(bound.getKey()))
                        // The Node of a Pod is only told, not depended on.
                        .filter(bound -> !bound.getKey().equals("node") || !ours.has("pod"))
                        .allMatch(bound -> lives(bound.getValue(), namespace, ours.path(bound.getKey()), view, now));
    }

    /** The very object that was meant, and not deleted for long. */
    private static boolean lives(KindName kind, String namespace, JsonNode meant, View view, Instant now) {
        ObjectKey key = new ObjectKey(kind, kind.equals(NODES) ? "" : namespace, Json.text(meant, "name"));
        StoredObject found = view.get(key);
        if (found == null || !found.uid().value().equals(Json.text(meant, "uid"))) {
            return false;
        }
        Instant deleted = found.deletedAt();
        return deleted == null || deleted.isAfter(now.minus(AFTER_DELETION));
    }

    private static User user(JsonNode claims) {
        JsonNode ours = claims.path(OURS);
        String namespace = Json.text(ours, "namespace");
        Map<String, List<String>> extra = new LinkedHashMap<>();
        extra.put(EXTRA + "credential-id", List.of("JTI=" + Json.text(claims, "jti")));
        for (String bound : List.of("node", "pod")) {
            if (ours.has(bound)) {
                extra.put(EXTRA + bound + "-name", List.of(Json.text(ours, bound, "name")));
                extra.put(EXTRA + bound + "-uid", List.of(Json.text(ours, bound, "uid")));
            }
        }
        return new User(
                Json.text(claims, "sub"),
                Json.text(ours, "serviceaccount", "uid"),
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"),
                extra);
    }
}
