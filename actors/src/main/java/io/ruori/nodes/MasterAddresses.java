package io.ruori.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where masters serve the API, as they tell each other every second. Safe for all threads. */
public final class MasterAddresses {
    /** A master that nobody heard for so long is not told of any longer. It may be back: agents remember it all the same. */
    private static final Duration FORGET = Duration.ofSeconds(15);

    private final String own;
    private final Map<String, Long> heardAt = new HashMap<>();

    /** @param own this master's, {@code host:port} */
    public MasterAddresses(String own) {
        this.own = own;
    }

    String own() {
        return own;
    }

    /** All that are known, in a fixed order. */
    public synchronized List<String> all() {
        List<String> all = new ArrayList<>(heardAt.keySet());
        all.remove(own);
        all.add(own);
        all.sort(null);
        return List.copyOf(all);
    }

    /** @return whether it is a new one */
    synchronized boolean heard(String address, long nanos) {
        return heardAt.put(address, nanos) == null && !address.equals(own);
    }

    /** @return whether one is gone */
    synchronized boolean forget(long nanos) {
        return heardAt.values().removeIf(heard -> nanos - heard > FORGET.toNanos());
    }
}
