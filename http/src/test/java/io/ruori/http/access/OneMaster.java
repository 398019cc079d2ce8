package io.ruori.http.access;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A master of its own for the tests of one class. */
abstract class OneMaster {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    static GuardedMaster master;

    @SuppressWarnings("NullAway.Init")
    static Client admin;

    @BeforeAll
    static void startMaster() throws IOException {
        master = GuardedMaster.start(directory);
        admin = master.admin();
    }

    @AfterAll
    static void stopMaster() {
        master.close();
    }
}
