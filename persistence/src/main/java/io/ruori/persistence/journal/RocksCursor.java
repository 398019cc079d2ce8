package io.ruori.persistence.journal;

import io.ruori.persistence.journal.JournalFault.Unreadable;
import io.ruori.persistence.journal.RocksJournalStore.Cursor;
import io.ruori.persistence.journal.RocksJournalStore.CursorOver;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A RocksDB iterator as a stream. An iterator that ends early because a block is damaged says so, and so does the stream. */
final class RocksCursor<T> implements Iterator<T> {
    private final Database database;
    private final RocksIterator iterator;
    private final Cursor<T> cursor;
    private @Nullable T next;
    private boolean isClosed;

    RocksCursor(Database database, RocksIterator iterator, CursorOver<T> over) {
        this.database = database;
        this.iterator = iterator;
        this.cursor = over.start(iterator);
    }

    Stream<T> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(this::close);
    }

    @Override
    public boolean hasNext() {
        if (next == null && !isClosed) {
            next = advance();
        }
        return next != null;
    }

    @Override
    public T next() {
        T item = hasNext() ? next : null;
        if (item == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return item;
    }

    private @Nullable T advance() {
        try {
            T found = cursor.next();
            if (found == null) {
                iterator.status();
            }
            return found;
        } catch (RocksDBException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    private void close() {
        if (!isClosed) {
            isClosed = true;
            iterator.close();
            database.leave();
        }
    }
}
