package io.ruori.entity;

import io.ruori.view.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells when this member has taken a shard and its view shows all that was written there before: what work the shard's
 * objects have is this member's from now on.
 */
public final class TakenShards {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public Subscription subscribe(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void taken() {
        listeners.forEach(Runnable::run);
    }
}
