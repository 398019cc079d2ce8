package io.ruori.persistence.journal;

import io.ruori.persistence.journal.FileTrace.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk that knows what it has promised: contents that were synced, names that were synced, and the changes since, which a
 * power cut may keep, tear, reorder or lose. It promises no more than POSIX does: syncing a file says nothing of its name,
 * syncing a directory says nothing of what its files hold.
 */
final class Disk {
    /** What a power cut does to what was not synced. */
    enum Cut {
        /** Nothing: what a killed process leaves. */
        KEEPS_ALL,
        /** All of it goes. */
        LOSES_ALL,
        /** Each file keeps the beginning of what was written, down to a byte; names the same, in order. */
        TEARS,
        /** Pages of 4 KiB in any order; files may have grown around those that are missing. */
        LOSES_PAGES,
        /** The same in sectors of 512 bytes. */
        LOSES_SECTORS,
        /** Files have grown, but hold zeros. */
        LEAVES_ZEROS,
        /** Names changed, contents did not get there. */
        LOSES_CONTENTS,
        /** Contents got there, names did not. */
        LOSES_NAMES,
        /** Any of the changed names, whatever their order. */
        SHUFFLES_NAMES
    }

    private static final int PAGE = 4096;
    private static final int SECTOR = 512;

    private sealed interface Change {
        record Bytes(long offset, byte[] bytes) implements Change {}

        record Size(long size) implements Change {}
    }

    private record Dated<T>(int at, T what) {}

    /** A file, whatever its name. Not a record: its identity counts. */
    private static final class Inode {
        private byte[] synced = new byte[0];
        private final List<Dated<Change>> pending = new ArrayList<>();
    }

    private sealed interface Naming {
        record Put(String name, Inode inode) implements Naming {}

        record Move(String from, String to) implements Naming {}

        record Drop(String name) implements Naming {}
    }

    private final Map<String, Inode> names = new TreeMap<>();
    private final Map<String, Inode> syncedNames = new TreeMap<>();
    private final List<Dated<Naming>> pendingNames = new ArrayList<>();
    private final Map<Integer, Inode> handles = new HashMap<>();
    private final Map<Integer, String> directories = new HashMap<>();
    private int step;

    /** A disk on which all of this is synced. */
    static Disk holding(Map<String, byte[]> files) {
        Disk disk = new Disk();
        files.forEach((name, bytes) -> {
            Inode inode = new Inode();
            inode.synced = bytes;
            disk.names.put(name, inode);
            disk.syncedNames.put(name, inode);
        });
        return disk;
    }

    static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    void take(Step next) {
        switch (next) {
            case Step.Open open -> open(open);
            case Step.Write write -> {
                long offset = write.offset() == Step.Write.AT_THE_END ? size(write.handle()) : write.offset();
                change(write.handle(), new Change.Bytes(offset, write.bytes()));
            }
            case Step.Resize resize -> change(resize.handle(), new Change.Size(resize.size()));
            case Step.Rename rename -> {
                Inode moved = names.remove(rename.from());
                if (moved != null) { // not a directory
                    names.put(rename.to(), moved);
                    name(new Naming.Move(rename.from(), rename.to()));
                }
            }
            case Step.Remove remove -> {
                if (names.remove(remove.name()) != null) {
                    name(new Naming.Drop(remove.name()));
                }
            }
            case Step.Sync sync -> sync(sync);
            case Step.MakeDirectory made -> {} // they are made again when the disk is laid out
            case Step.Said said -> {}
        }
        step++;
    }

    private void open(Step.Open open) {
        Inode inode = names.get(open.name());
        if (inode == null && !open.create()) {
            directories.put(open.handle(), open.name());
            return;
        }
        if (inode == null) {
            inode = new Inode();
            names.put(open.name(), inode);
            name(new Naming.Put(open.name(), inode));
        } else if (open.truncate()) {
            inode.pending.add(new Dated<>(step, new Change.Size(0)));
        }
        handles.put(open.handle(), inode);
    }

    private long size(int handle) {
        Inode inode = handles.get(handle);
        if (inode == null) {
            throw new IllegalStateException("the size of what was never opened");
        }
        return apply(inode.synced, inode.pending.stream().map(Dated::what).toList()).length;
    }

    private void change(int handle, Change change) {
        Inode inode = handles.get(handle);
        if (inode == null) {
            throw new IllegalStateException("a change of what was never opened");
        }
        inode.pending.add(new Dated<>(step, change));
    }

    private void name(Naming naming) {
        pendingNames.add(new Dated<>(step, naming));
    }

    private void sync(Step.Sync sync) {
        Inode inode = handles.get(sync.handle());
        if (inode != null) {
            List<Change> covered = new ArrayList<>();
            inode.pending.removeIf(change -> change.at() < sync.covers() && covered.add(change.what()));
            inode.synced = apply(inode.synced, covered);
            return;
        }
        String directory = directories.get(sync.handle());
        pendingNames.removeIf(naming ->
                naming.at() < sync.covers() && isIn(directory, naming.what()) && apply(syncedNames, naming.what()));
    }

    private static boolean isIn(@Nullable String directory, Naming naming) {
        String name = switch (naming) {
            case Naming.Put put -> put.name();
            case Naming.Move move -> move.to();
            case Naming.Drop drop -> drop.name();
        };
        int slash = name.lastIndexOf('/');
        return (slash < 0 ? "" : name.substring(0, slash)).equals(directory);
    }

    private static boolean apply(Map<String, Inode> names, Naming naming) {
        switch (naming) {
            case Naming.Put put -> names.put(put.name(), put.inode());
            case Naming.Move move -> {
                Inode moved = names.remove(move.from());
                if (moved != null) {
                    names.put(move.to(), moved);
                }
            }
            case Naming.Drop drop -> names.remove(drop.name());
        }
        return true;
    }

    private static byte[] apply(byte[] before, List<Change> changes) {
        byte[] bytes = before;
        for (Change change : changes) {
            switch (change) {
                case Change.Size size -> bytes = Arrays.copyOf(bytes, (int) size.size());
                case Change.Bytes written -> {
                    int end = (int) written.offset() + written.bytes().length;
                    bytes = Arrays.copyOf(bytes, Math.max(bytes.length, end));
                    System.arraycopy(written.bytes(), 0, bytes, (int) written.offset(), written.bytes().length);
                }
            }
        }
        return bytes;
    }

    /** How many changes a cut could lose now: with none, all cuts leave the same. */
    int atRisk() {
        return pendingNames.size()
                + names.values().stream()
                        .mapToInt(inode -> inode.pending.size())
                        .sum();
    }

    /** The files a cut leaves. */
    Map<String, byte[]> after(Cut cut, Random random) {
        Map<String, byte[]> files = new TreeMap<>();
        namesAfter(cut, random).forEach((name, inode) -> files.put(name, contentAfter(inode, cut, random)));
        return files;
    }

    private Map<String, Inode> namesAfter(Cut cut, Random random) {
        Map<String, Inode> left = new TreeMap<>(syncedNames);
        List<Naming> changes = pendingNames.stream().map(Dated::what).toList();
        switch (cut) {
            case KEEPS_ALL, LOSES_CONTENTS, LEAVES_ZEROS -> changes.forEach(naming -> apply(left, naming));
            case LOSES_ALL, LOSES_NAMES -> {}
            case TEARS, LOSES_PAGES, LOSES_SECTORS ->
                changes.subList(0, random.nextInt(changes.size() + 1)).forEach(naming -> apply(left, naming));
            case SHUFFLES_NAMES ->
                changes.stream().filter(naming -> random.nextBoolean()).forEach(naming -> apply(left, naming));
        }
        return left;
    }

    private static byte[] contentAfter(Inode inode, Cut cut, Random random) {
        List<Change> changes = inode.pending.stream().map(Dated::what).toList();
        return switch (cut) {
            case KEEPS_ALL, LOSES_NAMES -> apply(inode.synced, changes);
            case LOSES_ALL, LOSES_CONTENTS -> inode.synced;
            case TEARS -> torn(inode.synced, changes, random);
            case LOSES_PAGES -> inPieces(inode.synced, apply(inode.synced, changes), PAGE, random);
            case LOSES_SECTORS -> inPieces(inode.synced, apply(inode.synced, changes), SECTOR, random);
            case LEAVES_ZEROS -> Arrays.copyOf(inode.synced, apply(inode.synced, changes).length);
            case SHUFFLES_NAMES -> random.nextBoolean() ? inode.synced : apply(inode.synced, changes);
        };
    }

    private static byte[] torn(byte[] synced, List<Change> changes, Random random) {
        if (changes.isEmpty()) {
            return synced;
        }
        int whole = random.nextInt(changes.size());
        byte[] bytes = apply(synced, changes.subList(0, whole));
        if (changes.get(whole) instanceof Change.Bytes(long offset, byte[] written) && written.length > 0) {
            byte[] some = Arrays.copyOf(written, random.nextInt(written.length));
            return apply(bytes, List.of(new Change.Bytes(offset, some)));
        }
        return bytes;
    }

    private static byte[] inPieces(byte[] before, byte[] after, int piece, Random random) {
        byte[] bytes = Arrays.copyOf(before, after.length);
        for (int at = 0; at < after.length; at += piece) {
            if (random.nextBoolean()) {
                int end = Math.min(at + piece, after.length);
                System.arraycopy(after, at, bytes, at, end - at);
            }
        }
        boolean hasGrown = after.length > before.length;
        return hasGrown && random.nextInt(3) == 0
                ? Arrays.copyOf(bytes, before.length + random.nextInt(after.length - before.length))
                : bytes;
    }

    static void lay(Map<String, byte[]> files, Path directory) throws IOException {
        Files.createDirectories(directory.resolve("db"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        Path keys = directory.resolve("secrets.keys");
        if (Files.exists(keys)) {
            Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        }
    }
}
