package io.ruori.http.chaos.core;

/**
 * A promise that was broken.
 *
 * @param rule a word for the promise
 * @param key the object, or empty where it is about several
 */
public record Violation(String rule, String key, String what) {
    @Override
    public String toString() {
        return rule + (key.isEmpty() ? "" : " " + key) + ": " + what;
    }
}
