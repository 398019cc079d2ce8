package io.ruori.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.Optional;

/**
 * Signs and verifies JSON web tokens of one key and one algorithm, ES256. The key says how a token is verified, never the
 * token: {@code none} and every other algorithm are as wrong as a bad signature (ADR 0011).
 */
final class Jwt {
    private static final String ALGORITHM = "ES256";

    /** The signature as JWS has it, two numbers side by side, not as ASN.1. */
    private static final String SIGNATURE = "SHA256withECDSAinP1363Format";

    private static final int COORDINATE_BYTES = 32;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final KeyPair key;
    private final String keyId;

    /**
     * @param key on the curve P-256
     */
    Jwt(KeyPair key) {
        this.key = key;
        this.keyId = ENCODER.encodeToString(sha256(key.getPublic().getEncoded()));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    String sign(ObjectNode claims) {
        ObjectNode header = Json.object().put("alg", ALGORITHM).put("kid", keyId);
        String signed = ENCODER.encodeToString(Json.write(header)) + "." + ENCODER.encodeToString(Json.write(claims));
        try {
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + ENCODER.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the cluster's token key does not sign", e);
        }
    }

    /** The claims, when this key signed them; nothing is said of their meaning or time. */
    Optional<JsonNode> verify(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
            return Optional.empty();
        }
        try {
            JsonNode header = Json.read(DECODER.decode(token.substring(0, first)));
            if (!Json.text(header, "alg").equals(ALGORITHM)
                    || !Json.text(header, "kid").equals(keyId)
                    || header.has("crit")
                    || !isSigned(token.substring(0, second), DECODER.decode(token.substring(second + 1)))) {
                return Optional.empty();
            }
            return Optional.of(Json.read(DECODER.decode(token.substring(first + 1, second))));
        } catch (RuntimeException malformed) {
            // Whatever is wrong with it, it is no token of ours.
            return Optional.empty();
        }
    }

    private boolean isSigned(String signed, byte[] signature) {
        try {
            Signature check = Signature.getInstance(SIGNATURE);
            check.initVerify(key.getPublic());
            check.update(signed.getBytes(StandardCharsets.US_ASCII));
            return check.verify(signature);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("the cluster's token key does not verify", e);
        } catch (GeneralSecurityException bad) {
            return false;
        }
    }

    /** The public key as a JSON web key set. */
    ObjectNode keySet() {
        ECPublicKey point = (ECPublicKey) key.getPublic();
        ObjectNode set = Json.object();
        set.putArray("keys")
                .addObject()
                .put("use", "sig")
                .put("kty", "EC")
                .put("kid", keyId)
                .put("crv", "P-256")
                .put("alg", ALGORITHM)
                .put("x", coordinate(point.getW().getAffineX()))
                .put("y", coordinate(point.getW().getAffineY()));
        return set;
    }

    private static String coordinate(java.math.BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[COORDINATE_BYTES];
        int length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE_BYTES - length, length);
        return ENCODER.encodeToString(fixed);
    }
}
