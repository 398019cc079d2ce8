package io.ruori.persistence.journal;

import java.util.concurrent.atomic.AtomicReference;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Hears when RocksDB cannot write its tables. It would hope for better times by itself (more space on a full disk) and let
 * writes wait until then, without end and without a word; here they fail, and the journal stops and says why.
 */
final class BackgroundFaults extends AbstractEventListener {
    private final AtomicReference<String> fault = new AtomicReference<>("");
    private final AtomicReference<RocksDB> database = new AtomicReference<>();

    BackgroundFaults() {
        super(EnabledEventCallback.ON_BACKGROUND_ERROR, EnabledEventCallback.ON_ERROR_RECOVERY_BEGIN);
    }

    /** From now on a fault ends the writes that wait. */
    void endWritesOf(RocksDB opened) {
        database.set(opened);
    }

    @Override
    public void onBackgroundError(BackgroundErrorReason reason, Status status) {
        String what = reason + ": " + (status.getState() == null ? status.getCodeString() : status.getState());
        RocksDB opened = database.get();
        if (fault.compareAndSet("", what) && opened != null) {
            // Not on this thread, which is one of those that are to end.
            Thread.ofPlatform().daemon().name("ruori-journal-fault").start(() -> opened.cancelAllBackgroundWork(false));
        }
    }

    /** None: RocksDB's own attempt waits for the writer, and the writer for it (seen in 11.8.1). */
    @Override
    public boolean onErrorRecoveryBegin(BackgroundErrorReason reason, Status status) {
        return false;
    }

    /** Fails once there was a fault. */
    void check() throws RocksDBException {
        String what = String.valueOf(fault.get());
        if (!what.isEmpty()) {
            throw new RocksDBException(what);
        }
    }
}
