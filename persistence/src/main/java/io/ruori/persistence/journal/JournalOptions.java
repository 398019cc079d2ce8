package io.ruori.persistence.journal;

import io.ruori.api.KindName;
import java.util.Set;

/**
 * The limits of a journal.
 *
 * @param batchAppends how many appends one synced batch takes at most
 * @param batchBytes how many bytes of records one synced batch takes at most (it may exceed this by one append)
 * @param queuedAppends more than this waiting, and appends are refused
 * @param queuedBytes the same, in bytes of records
 * @param cacheBytes memory for blocks read from disk
 * @param writeBufferBytes memory for records not yet in sorted files; what a crash leaves to replay is at most four times this
 * @param encryptedKinds kinds whose records are encrypted
 * @param shards the number of shards that epochs are kept for
 */
public record JournalOptions(
        int batchAppends,
        long batchBytes,
        int queuedAppends,
        long queuedBytes,
        long cacheBytes,
        long writeBufferBytes,
        Set<KindName> encryptedKinds,
        int shards) {

    private static final long MIB = 1 << 20;

    public static final JournalOptions DEFAULTS = new JournalOptions(
            4_000, 16 * MIB, 200_000, 512 * MIB, 64 * MIB, 64 * MIB, Set.of(KindName.core("secrets")), 128);
}
