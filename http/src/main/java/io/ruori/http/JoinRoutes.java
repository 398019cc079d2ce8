package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.core.access.Authorizer;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.Outcome;
import io.ruori.http.codec.BadBody;
import io.ruori.http.codec.JsonCodec;
import io.ruori.http.join.Handover;
import io.ruori.http.join.MasterToken;
import io.ruori.http.join.TokenSeal;
import io.ruori.http.join.TokenSeal.Verdict;
import io.ruori.http.pki.AuthorityPin;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a new master gets in: the administrator makes a token, and who shows it gets what all masters share. Both answers hold
 * secrets and are never logged. See docs/adr/0016.
 */
final class JoinRoutes {
    /** POST by the administrator: a token. */
    static final String TOKENS = "/ruori/join/v1/tokens";

    /** POST by whoever has a token: the {@link Handover}. The token is all that opens it. */
    static final String MASTERS = "/ruori/join/v1/masters";

    private static final Logger LOG = LoggerFactory.getLogger(JoinRoutes.class);
    private static final Duration USUAL_LIFE = Duration.ofHours(1);

    /** What opens the authority should not lie about for longer than a working day. */
    private static final Duration LONGEST_LIFE = Duration.ofHours(24);

    private final Config config;
    private final ClusterAuthority authority;
    private final String address;
    private final TokenSeal seal;
    private final Bodies bodies;
    private final Member member;
    private final ObjectDoor door;

    JoinRoutes(
            Config config, ClusterAuthority authority, String address, Bodies bodies, Member member, ObjectDoor door) {
        this.config = config;
        this.authority = authority;
        this.address = address;
        this.seal = new TokenSeal(authority.secretFor("ruori master tokens, version 1"));
        this.bodies = bodies;
        this.member = member;
        this.door = door;
    }

    static boolean serves(String path) {
        return path.equals(TOKENS) || path.equals(MASTERS);
    }

    CompletionStage<HttpResponse> handle(HttpRequest request, String path, User user) {
        if (!request.method().equals(HttpMethods.POST)) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        if (path.equals(TOKENS) && !user.groups().contains(Authorizer.PRIVILEGED)) {
            throw new Refusal(ApiStatus.forbidden(
                    "",
                    "",
                    "",
                    "only the group " + Authorizer.PRIVILEGED
                            + " may make masters' tokens, since they open the cluster's" + " authority"));
        }
        if (!config.getString("ruori.persistence.store").equals("cassandra")) {
            throw new Refusal(status(
                    409,
                    "Conflict",
                    "this master keeps the journal itself, so there can be no other; a cluster of several is begun with"
                            + " ./ruori master --cassandra HOST:PORT"));
        }
        return bodies.bytes(request)
                .thenApply(JoinRoutes::tree)
                .thenCompose(body -> path.equals(TOKENS) ? create(body, user) : admit(body));
    }

    private static ObjectNode tree(byte[] body) {
        try {
            return JsonCodec.read(body).tree();
        } catch (BadBody bad) {
            throw new Refusal(ApiStatus.badRequest("the body must be a JSON object: " + bad.message()));
        }
    }

    // ---- tokens

    private CompletionStage<HttpResponse> create(ObjectNode body, User user) {
        Duration life = life(body);
        Instant until = member.time().instant().plus(life).truncatedTo(ChronoUnit.SECONDS);
        MasterToken token = MasterToken.random();
        Origin origin = new Origin(user, "ruori", "ruori", "a token for new masters", Revision.ZERO);
        return sweep(origin)
                .thenCompose(swept -> door.write(
                        TokenSeal.key(token),
                        new Write.Create(seal.secret(token, until), Write.FieldValidation.IGNORE),
                        origin,
                        List.of()))
                .thenApply(outcome -> switch (outcome) {
                    case Outcome.Stored stored -> Replies.json(201, issued(token, until));
                    case Outcome.Refused refused -> throw new Refusal(refused.status());
                    case Outcome.Gone gone -> throw new IllegalStateException("a creation deletes nothing");
                });
    }

    private ObjectNode issued(MasterToken token, Instant until) {
        return Json.object()
                .put("apiVersion", "join.ruori.io/v1")
                .put("kind", "MasterToken")
                .put("token", token.text())
                .put("expiration", until.toString())
                .put("authority", AuthorityPin.of(authority.certificate()).toString())
                .put("address", address);
    }

    private static Duration life(ObjectNode body) {
        long seconds = Json.number(body, USUAL_LIFE.toSeconds(), "ttlSeconds");
        if (seconds < 1 || seconds > LONGEST_LIFE.toSeconds()) {
            throw new Refusal(ApiStatus.badRequest(
                    "ttlSeconds: " + seconds + " is not between 1 second and " + LONGEST_LIFE.toHours() + " hours"));
        }
        return Duration.ofSeconds(seconds);
    }

    /** Tokens are of no use after their end, but for a day they let it be told that they have ended. */
    private CompletionStage<?> sweep(Origin origin) {
        Instant before = member.time().instant().minus(LONGEST_LIFE);
        CompletionStage<?> all = CompletableFuture.completedFuture("");
        for (StoredObject secret : member.index().view().list(KindName.core("secrets"), TokenSeal.NAMESPACE)) {
            if (Json.text(secret.tree(), "type").equals(TokenSeal.TYPE)
                    && TokenSeal.end(secret.tree()).isBefore(before)) {
                all = all.thenCompose(done ->
                        door.write(secret.key(), new Write.Delete(0, "", Write.Precondition.NONE), origin, List.of()));
            }
        }
        return all;
    }

    // ---- new masters

    private CompletionStage<HttpResponse> admit(ObjectNode body) {
        MasterToken token;
        try {
            token = MasterToken.parse(Json.text(body, "token"));
        } catch (IllegalArgumentException e) {
            throw new Refusal(status(401, "Unauthorized", String.valueOf(e.getMessage())));
        }
        ObjectKey key = TokenSeal.key(token);
        // The token may be a moment old and made by another master.
        return member.index().consistent(ReadRoutes.CONSISTENT_WAIT).thenApply(view -> {
            Instant now = member.time().instant();
            switch (verdict(token, key, view, now)) {
                case Verdict.Good good ->
                    LOG.info(
                            "a new master at \"{}\" gets what masters share, by the token {}",
                            told(Json.text(body, "address")),
                            token.id());
                case Verdict.Unknown unknown ->
                    throw new Refusal(status(
                            401,
                            "Unauthorized",
                            "the token is none of this cluster's, or was deleted; " + MasterToken.REMEDY));
                case Verdict.Expired expired ->
                    throw new Refusal(status(
                            401,
                            "Unauthorized",
                            "the token expired at " + expired.since() + "; " + MasterToken.REMEDY));
            }
            return handover(now);
        });
    }

    /** What a stranger says of itself goes into a log. */
    private static String told(String address) {
        String clean = address.replaceAll("[^0-9A-Za-z.:_-]", "?");
        return clean.substring(0, Math.min(clean.length(), 100));
    }

    private Verdict verdict(MasterToken token, ObjectKey key, View view, Instant now) {
        StoredObject secret = view.get(key);
        return seal.judge(token, secret == null ? Json.object() : secret.tree(), now);
    }

    private HttpResponse handover(Instant now) {
        try {
            return Replies.json(200, Handover.of(config, now).json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ApiStatus status(int code, String reason, String message) {
        return new ApiStatus(code, reason, message, "", "", "", "", List.of(), 0, "");
    }
}
