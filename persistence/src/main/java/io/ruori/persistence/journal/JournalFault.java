package io.ruori.persistence.journal;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What can go wrong with the journal. The type says whether an append is certainly not in it. */
public abstract sealed class JournalFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private JournalFault(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Another member has claimed the shard, or this one never did. Certainly not written. */
    public static final class Fenced extends JournalFault {
        private static final long serialVersionUID = 1L;
        private final int shard;

        public Fenced(int shard, long held, long current) {
            super("shard " + shard + " is at epoch " + current + ", this member holds " + held, null);
            this.shard = shard;
        }

        public int shard() {
            return shard;
        }
    }

    /** Not the entity's next sequence number, or not a later revision: two writers, or one that missed something. Certainly not written. */
    public static final class OutOfOrder extends JournalFault {
        private static final long serialVersionUID = 1L;

        public OutOfOrder(ObjectKey key, String what) {
            super(key + ": " + what, null);
        }
    }

    /** The event cannot be put into the journal's form. Certainly not written. */
    public static final class Unwritable extends JournalFault {
        private static final long serialVersionUID = 1L;

        public Unwritable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** More is queued than the limits allow. Certainly not written. */
    public static final class Overloaded extends JournalFault {
        private static final long serialVersionUID = 1L;

        public Overloaded(int appends, long bytes) {
            super("the journal's queue is full: " + appends + " appends, " + bytes + " bytes", null);
        }
    }

    /** The journal accepts nothing more. Appends that were under way are unknown until it is opened again. */
    public static final class Stopped extends JournalFault {
        private static final long serialVersionUID = 1L;

        public Stopped(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A record that is there cannot be read. */
    public static final class Corruption extends JournalFault {
        private static final long serialVersionUID = 1L;
        private final transient ObjectKey key;
        private final transient Revision revision;

        public Corruption(ObjectKey key, Revision revision, Throwable cause) {
            super(
                    "the record of " + key + " at revision " + revision + " cannot be read: " + cause.getMessage(),
                    cause);
            this.key = key;
            this.revision = revision;
        }

        public ObjectKey key() {
            return key;
        }

        public Revision revision() {
            return revision;
        }
    }

    /** Reading failed for a reason that is not tied to one record. */
    public static final class Unreadable extends JournalFault {
        private static final long serialVersionUID = 1L;

        public Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The journal was not opened; nothing was changed. */
    public static final class CannotOpen extends JournalFault {
        private static final long serialVersionUID = 1L;
        private final Reason reason;
        private final transient @Nullable Path file;

        /** Why. */
        public enum Reason {
            /** Another process has it open. */
            IN_USE,
            /** Acknowledged data is missing or changed. */
            DAMAGED,
            /** The keys that Secrets are encrypted with are missing or not private. */
            KEYS,
            /** Written by a version this one does not know. */
            FORMAT,
            /** The disk or its permissions; or the database does not answer. */
            IO
        }

        CannotOpen(Reason reason, Path file, String message, @Nullable Throwable cause) {
            super("cannot open the journal: " + file + ": " + message, cause);
            this.reason = reason;
            this.file = file;
        }

        /** Of a journal that lies in no file. */
        public CannotOpen(Reason reason, String message, @Nullable Throwable cause) {
            super("cannot open the journal: " + message, cause);
            this.reason = reason;
            this.file = null;
        }

        public Reason reason() {
            return reason;
        }

        /** The file at fault, or the directory when it cannot be narrowed down; null when it lies in another's keeping. */
        public @Nullable Path file() {
            return file;
        }
    }
}
