package io.ruori.http.chaos.core;

/**
 * What an object was from a revision on.
 *
 * @param isLive false for the change that deleted it
 * @param uid of the object that came, or went
 * @param value what its writer put in, no two writes the same; of a deletion what was there last, or empty where nobody was told
 */
public record Change(String key, long revision, boolean isLive, String uid, String value) {
    /** As the checker of watches wants it. */
    WatchChecker.Version version() {
        return new WatchChecker.Version(key, revision, isLive ? content() : null);
    }

    public String content() {
        return uid + " " + value;
    }

    boolean agreesWith(Change other) {
        return isLive == other.isLive
                && uid.equals(other.uid)
                && (value.equals(other.value) || (!isLive && (value.isEmpty() || other.value.isEmpty())));
    }
}
