package io.ruori.runtime.docker;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** The bridge that all Pods of the machine share, made when the first Pod needs it. */
final class PodNetwork {
    private final EngineClient engine;
    private final DockerSettings settings;
    private final ReentrantLock making = new ReentrantLock();
    private volatile boolean present;

    PodNetwork(EngineClient engine, DockerSettings settings) {
        this.engine = engine;
        this.settings = settings;
    }

    void ensure() throws IOException {
        if (present) {
            return;
        }
        making.lock();
        try {
            if (!present) {
                make();
                present = true;
            }
        } finally {
            making.unlock();
        }
    }

    /** Somebody removed it behind our back: look again next time. */
    void forget() {
        present = false;
    }

    private void make() throws IOException {
        if (exists()) {
            return;
        }
        try {
            engine.post("/networks/create", CreateRequests.network(settings.network(), settings.subnet()));
        } catch (EngineRefusal refusal) {
            // Another agent on this machine may have been faster.
            if (!exists()) {
                throw refusal;
            }
        }
    }

    private boolean exists() throws IOException {
        try {
            engine.get("/networks/" + settings.network());
            return true;
        } catch (EngineRefusal refusal) {
            if (refusal.status() == 404) {
                return false;
            }
            throw refusal;
        }
    }
}
