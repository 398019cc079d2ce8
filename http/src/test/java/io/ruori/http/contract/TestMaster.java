package io.ruori.http.contract;

import static org.awaitility.Awaitility.await;

import io.ruori.http.fixture.InProcessMaster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A master and its administrator, as contracts are checked. */
public final class TestMaster implements AutoCloseable {
    private final InProcessMaster master;
    private final Api api;

    private TestMaster(InProcessMaster master, Api api) {
        this.master = master;
        this.api = api;
    }

    public static TestMaster start(Path data) throws IOException {
        InProcessMaster master = InProcessMaster.start(data);
        Api api = new Api(master.address(), master.administrator());
        await("the master is ready")
                .atMost(InProcessMaster.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(api::isReady);
        return new TestMaster(master, api);
    }

    Api api() {
        return api;
    }

    /** The administrator's, as clients read it. */
    public Path kubeconfig() {
        return master.kubeconfig();
    }

    @Override
    public void close() {
        master.close();
    }
}
