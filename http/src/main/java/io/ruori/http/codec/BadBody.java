package io.ruori.http.codec;

import io.ruori.api.ApiStatus;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A body that cannot be read: the client's mistake, answered with 400. The message is the decoder's, worded as
 * Kubernetes' decoders word it; {@link #toStatus} says what was expected instead, as its handlers do.
 */
public final class BadBody extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 30;

    private final String apiVersion;
    private final String kind;

    public BadBody(String message) {
        this(message, "", "");
    }

    /**
     * @param apiVersion what the body says it is, where that much could be read; else empty
     */
    public BadBody(String message, String apiVersion, String kind) {
        super(message, null, false, false);
        this.apiVersion = apiVersion;
        this.kind = kind;
    }

    public String message() {
        String text = getMessage();
        return text == null ? "" : text;
    }

    /**
     * The answer.
     *
     * @param expectedKind the kind the path asks for, such as {@code Pod}
     * @param body what was sent, of which the beginning is quoted back
     */
    public ApiStatus toStatus(String expectedKind, byte[] body) {
        if (!kind.isEmpty()) {
            String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
            return ApiStatus.badRequest(kind + " in version " + GoText.quote(version) + " cannot be handled as a "
                    + expectedKind + ": " + message());
        }
        return ApiStatus.badRequest("the object provided is unrecognized (must be of type " + expectedKind + "): "
                + message() + " (" + summary(body) + ")");
    }

    private static String summary(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        int shown = Math.min(SHOWN, body.length);
        String text = body[0] == '{'
                ? new String(body, 0, shown, StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(body, 0, shown);
        return shown < body.length ? text + " ..." : text;
    }
}
