package io.ruori.core.access;

/**
 * What authorizers say.
 *
 * @param reason why, for whoever asks through a review; of a refusal only what adds to "no rule allows it"
 */
public record Verdict(boolean allowed, String reason) {
    static Verdict allowed(String reason) {
        return new Verdict(true, reason);
    }

    static Verdict refused(String reason) {
        return new Verdict(false, reason);
    }
}
