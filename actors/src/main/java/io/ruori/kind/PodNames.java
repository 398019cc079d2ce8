package io.ruori.kind;

import io.ruori.api.Revision;
import io.ruori.api.Uid;

/**
 * The names of a ReplicaSet's Pods: an endless sequence that depends on the set's uid and revision alone. A plan made again
 * from the same revision names the same Pods, so it collides with its own work instead of doubling it; and since the set's
 * status is brought up to date whenever a Pod is lost, before it is replaced, a replacement never has the name of the lost.
 */
final class PodNames {
    private static final int SUFFIX = 5;

    /** Names are at most 63 long, so that they can be host names. */
    private static final int LONGEST_BASE = 63 - SUFFIX;

    private final String base;
    private final long seed;

    PodNames(String setName, Uid uid, Revision revision) {
        this.base = base(setName);
        this.seed = mix(fnv64(uid.value()) ^ mix(revision.value()));
    }

    /** What {@code metadata.generateName} says. */
    static String base(String setName) {
        String base = setName + "-";
        return base.length() > LONGEST_BASE ? base.substring(0, LONGEST_BASE) : base;
    }

    /** The name at a place of the sequence. */
    String at(int place) {
        long number = mix(seed + place * 0x9e3779b97f4a7c15L);
        String alphabet = TemplateHash.SAFE_ALPHABET;
        StringBuilder name = new StringBuilder(base.length() + SUFFIX).append(base);
        for (int i = 0; i < SUFFIX; i++) {
            name.append(alphabet.charAt((int) Long.remainderUnsigned(number, alphabet.length())));
            number = Long.divideUnsigned(number, alphabet.length());
        }
        return name.toString();
    }

    private static long fnv64(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finalizer of SplitMix64: every input bit reaches every output bit. */
    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
