package io.ruori.http.join;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * What lets new masters in, for a short time: {@code ID.SECRET}. Its secret is twice as long as that of a node's bootstrap
 * token, since it opens more; so one is never taken for the other.
 *
 * @param id six characters, known to whoever may read Secrets of kube-system
 * @param secret 32 characters (165 bits)
 */
public record MasterToken(String id, String secret) {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID = 6;
    private static final int SECRET = 32;
    private static final Pattern FORM = Pattern.compile("[a-z0-9]{" + ID + "}\\.[a-z0-9]{" + SECRET + "}");
    private static final Pattern OF_A_NODE = Pattern.compile("[a-z0-9]{6}\\.[a-z0-9]{16}");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** How to get one; for error messages. */
    public static final String REMEDY = "make one on any master: ./ruori token create --master";

    /** Fails with {@link IllegalArgumentException}, whose message says what is wrong, and never repeats the token. */
    public static MasterToken parse(String text) {
        if (OF_A_NODE.matcher(text).matches()) {
            throw new IllegalArgumentException("that is a node's bootstrap token, which lets no master in; " + REMEDY);
        }
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("that is no master's token, which has " + ID + " characters, a dot and "
                    + SECRET + " characters; " + REMEDY);
        }
        return new MasterToken(text.substring(0, ID), text.substring(ID + 1));
    }

    /** A new one. */
    public static MasterToken random() {
        return new MasterToken(random(ID), random(SECRET));
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** The whole of it, to be shown once. */
    public String text() {
        return id + "." + secret;
    }

    @Override
    public String toString() {
        return "MasterToken[" + id + "]";
    }
}
