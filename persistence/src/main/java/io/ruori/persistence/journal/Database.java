package io.ruori.persistence.journal;

import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import io.ruori.persistence.journal.JournalFault.Unreadable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractImmutableNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The RocksDB underneath: its families, its settings, and the guard that keeps native memory alive while anybody reads. A
 * native object used after it was freed takes the whole process down, so closing waits for readers and, if they do not
 * leave, leaks.
 */
final class Database {
    /** The column families, by their names on disk. */
    enum Family {
        RECORDS,
        ENTITIES,
        KINDS,
        TIMES,
        HEADS,
        META,
        WAYPOINTS;

        byte[] id() {
            return name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static final Duration PATIENCE_WITH_READERS = Duration.ofSeconds(5);

    /** Log files kept for reuse: overwriting a file in place costs no file-system metadata at every sync. */
    private static final int RECYCLED_LOGS = 4;

    /** Compacting early costs processor time for nothing while a burst is still being written; filters keep reads cheap. */
    private static final int FRESH_FILES = 8;

    private static final long FIRST_LEVEL_BYTES = 512L << 20;
    private static final int KEY_BITS = 10;
    private static final int READ_AHEAD = 2 << 20;
    private static final Pattern FILE_NAME =
            Pattern.compile("(\\d{6,}\\.(?:sst|log|blob)|MANIFEST-\\d+|CURRENT|IDENTITY)");

    private static final Pattern MISSING_LOG = Pattern.compile("Missing WAL with log number: (\\d+)");

    private final Path directory;
    private final RocksDB db;
    private final Map<Family, ColumnFamilyHandle> families;
    private final List<AbstractImmutableNativeReference> owned;
    private final BackgroundFaults faults;
    private final WriteOptions synced;
    private final ReadOptions point;
    private final ReadOptions scan;
    private final AtomicInteger readers = new AtomicInteger();
    private volatile boolean closed;

    private Database(
            Path directory,
            RocksDB db,
            Map<Family, ColumnFamilyHandle> families,
            List<AbstractImmutableNativeReference> owned,
            BackgroundFaults faults) {
        this.directory = directory;
        this.db = db;
        this.families = families;
        this.owned = owned;
        this.faults = faults;
        this.synced = own(new WriteOptions().setSync(true));
        this.point = own(new ReadOptions());
        this.scan = own(new ReadOptions().setReadaheadSize(READ_AHEAD).setFillCache(false));
    }

    private <T extends RocksObject> T own(T object) {
        owned.add(object);
        return object;
    }

    static Database open(Path directory, JournalOptions options) {
        RocksDB.loadLibrary();
        List<AbstractImmutableNativeReference> owned = new ArrayList<>();
        Cache cache = new LRUCache(options.cacheBytes());
        BloomFilter bloom = new BloomFilter(KEY_BITS);
        owned.add(cache);
        owned.add(bloom);
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(
                RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions(null, options, cache, bloom, owned)));
        for (Family family : Family.values()) {
            descriptors.add(
                    new ColumnFamilyDescriptor(family.id(), familyOptions(family, options, cache, bloom, owned)));
        }
        BackgroundFaults faults = new BackgroundFaults();
        owned.add(faults);
        DBOptions dbOptions = dbOptions(options).setListeners(List.of(faults));
        owned.add(dbOptions);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB db = RocksDB.open(dbOptions, directory.toString(), descriptors, handles);
            Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
            // The first is the default family, which RocksDB insists on and nobody uses. The database closes all of
            // them.
            Iterator<ColumnFamilyHandle> inOrder =
                    handles.subList(1, handles.size()).iterator();
            for (Family family : Family.values()) {
                families.put(family, inOrder.next());
            }
            faults.endWritesOf(db);
            return new Database(directory, db, families, owned, faults);
        } catch (RocksDBException e) {
            owned.forEach(AbstractImmutableNativeReference::close);
            throw cannotOpen(directory, e);
        }
    }

    /**
     * Replay stops at the first record of the log that does not check out, which is how reused files end. That this was no
     * acknowledged record is for {@link LogCheck} to say, before RocksDB sees the files.
     */
    private static DBOptions dbOptions(JournalOptions options) {
        Properties tracked = new Properties();
        tracked.setProperty("track_and_verify_wals_in_manifest", "true"); // there is no method for it
        DBOptions result = DBOptions.getDBOptionsFromProps(tracked);
        if (result == null) {
            throw new IllegalStateException("this RocksDB cannot track its logs");
        }
        return result.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setRecycleLogFileNum(RECYCLED_LOGS)
                .setMaxTotalWalSize(4 * options.writeBufferBytes())
                .setBytesPerSync(1 << 20)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(-1)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(3)
                .setStatsDumpPeriodSec(0);
    }

    private static ColumnFamilyOptions familyOptions(
            @Nullable Family family,
            JournalOptions options,
            Cache cache,
            BloomFilter bloom,
            List<AbstractImmutableNativeReference> owned) {
        boolean records = family == Family.RECORDS;
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(bloom)
                .setBlockSize(records ? 32 << 10 : 8 << 10)
                .setFormatVersion(6);
        CompressionType none = CompressionType.NO_COMPRESSION;
        CompressionType fast = CompressionType.LZ4_COMPRESSION;
        // Fresh files are rewritten soon, so they are not worth compressing; versions of one object lie side by side,
        // so in the
        // last level a good compressor stores little more than what changed.
        ColumnFamilyOptions result = new ColumnFamilyOptions()
                .setTableFormatConfig(table)
                .setWriteBufferSize(records ? options.writeBufferBytes() : options.writeBufferBytes() / 4)
                .setLevelCompactionDynamicLevelBytes(false)
                .setLevel0FileNumCompactionTrigger(FRESH_FILES)
                .setMaxBytesForLevelBase(FIRST_LEVEL_BYTES)
                .setCompressionPerLevel(List.of(none, none, fast, fast, fast, fast, fast))
                .setBottommostCompressionType(
                        records ? CompressionType.ZSTD_COMPRESSION : CompressionType.LZ4_COMPRESSION)
                .setParanoidFileChecks(false)
                .setForceConsistencyChecks(true);
        owned.add(result);
        return result;
    }

    /**
     * Reads every table from beginning to end. RocksDB itself would find a damaged block when somebody asks for what is in it; by then
     * the master serves. A gigabyte takes 0.15 s from memory and 0.9 s from a disk, and what is read next at start is there then.
     */
    void verifyTables() throws RocksDBException {
        db.verifyChecksum();
    }

    /** Names the file that RocksDB names. */
    static CannotOpen cannotOpen(Path directory, RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        Matcher named = FILE_NAME.matcher(message);
        Matcher untracked = MISSING_LOG.matcher(message);
        Path file = named.find()
                ? directory.resolve(named.group(1))
                : untracked.find()
                        ? directory.resolve("%06d.log".formatted(Long.parseLong(untracked.group(1))))
                        : directory;
        Status status = e.getStatus();
        boolean corrupt = status != null && status.getCode() == Status.Code.Corruption;
        boolean locked = !corrupt && (message.contains("lock ") || message.contains("LOCK"));
        Reason reason = locked ? Reason.IN_USE : corrupt ? Reason.DAMAGED : Reason.IO;
        return new CannotOpen(reason, file, locked ? "another process has it open" : message, e);
    }

    /** Every use lies between this and {@link #leave}. */
    void enter() {
        readers.incrementAndGet();
        if (closed) {
            readers.decrementAndGet();
            throw new Unreadable("the journal is closed", null);
        }
    }

    void leave() {
        readers.decrementAndGet();
    }

    byte @Nullable [] get(Family family, byte[] key) throws RocksDBException {
        return db.get(handle(family), point, key);
    }

    /**
     * @param wholeRange reads ahead and leaves the cache alone
     */
    RocksIterator iterator(Family family, boolean wholeRange) {
        return db.newIterator(handle(family), wholeRange ? scan : point);
    }

    ColumnFamilyHandle handle(Family family) {
        ColumnFamilyHandle handle = families.get(family);
        if (handle == null) {
            throw new IllegalStateException("no family " + family);
        }
        return handle;
    }

    /** Durable when it returns. */
    void write(WriteBatch batch) throws RocksDBException {
        faults.check();
        try {
            db.write(synced, batch);
        } catch (RocksDBException e) {
            faults.check();
            throw e;
        }
    }

    /** Notes outside the database how far it has come. */
    void mark() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            String newest = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .max(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                    .orElse("-");
            new Mark(db.getLatestSequenceNumber(), newest).write(directory);
        }
    }

    /** Reads every file and compares its checksums. */
    void verify() throws RocksDBException {
        db.verifyChecksum();
    }

    /** Moves what is in memory into files, so that the next start has no log to replay. */
    void flush() throws RocksDBException {
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            db.flush(wait, List.copyOf(families.values()));
        }
    }

    /** False when readers would not leave, and the native memory with them. */
    boolean close() {
        closed = true;
        long deadline = System.nanoTime() + PATIENCE_WITH_READERS.toNanos();
        while (readers.get() > 0) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        db.close();
        owned.forEach(AbstractImmutableNativeReference::close);
        return true;
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
