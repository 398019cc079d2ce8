package io.ruori.http.join;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How masters' tokens are kept: a Secret each, in kube-system, that holds a seal instead of the token. The seal is a MAC over id,
 * secret and end, under a key that only masters have. So who reads the Secret learns no token, and who may write Secrets can
 * neither make a token nor prolong one. See docs/adr/0016.
 */
public final class TokenSeal {
    /** Of the Secrets. */
    public static final String TYPE = "ruori.io/master-token";

    public static final String NAMESPACE = "kube-system";

    private static final String NAME = "master-token-";
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    /** What a token opens. */
    public sealed interface Verdict {
        record Good(Instant until) implements Verdict {}

        /** There is none of this id, it has another secret, or somebody changed what is kept of it. */
        record Unknown() implements Verdict {}

        record Expired(Instant since) implements Verdict {}
    }

    /** @param key known to masters only, the same for all of them */
    public TokenSeal(byte[] key) {
        this.key = key.clone();
    }

    public static ObjectKey key(MasterToken token) {
        return new ObjectKey(KindName.core("secrets"), NAMESPACE, NAME + token.id());
    }

    /** The Secret that is kept of a token. */
    public ObjectNode secret(MasterToken token, Instant until) {
        ObjectNode body = Json.object().put("type", TYPE).put("immutable", true);
        body.putObject("data")
                .put("token-id", base64(token.id()))
                .put("expiration", base64(until.toString()))
                .put("seal", Base64.getEncoder().encodeToString(seal(token, until.toString())));
        return body;
    }

    /** When a Secret's token ends, as the Secret says; the end of all time where it says nothing readable. */
    public static Instant end(JsonNode secret) {
        try {
            return Instant.parse(text(secret, "expiration"));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            return Instant.MAX;
        }
    }

    /** @param secret what is kept under {@link #key}; a missing node where there is nothing */
    public Verdict judge(MasterToken token, JsonNode secret, Instant now) {
        String end = text(secret, "expiration");
        byte[] kept = decoded(Json.text(secret, "data", "seal"));
        if (!Json.text(secret, "type").equals(TYPE) || !MessageDigest.isEqual(kept, seal(token, end))) {
            return new Verdict.Unknown();
        }
        Instant until = Instant.parse(end);
        return now.isBefore(until) ? new Verdict.Good(until) : new Verdict.Expired(until);
    }

    private byte[] seal(MasterToken token, String end) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal((token.id() + "\n" + token.secret() + "\n" + end).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(JsonNode secret, String field) {
        return new String(decoded(Json.text(secret, "data", field)), StandardCharsets.UTF_8);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
