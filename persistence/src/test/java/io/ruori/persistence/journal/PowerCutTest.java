package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ruori.persistence.journal.FileTrace.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power fails at any moment: whatever the disk then holds, the journal opens, everything acknowledged is there, and nothing is
 * there by half. Every call the journal made to the disk is recorded; between any two the power is cut, and {@link Disk} says
 * what may be left. Two lives are recorded, the second of a journal that has been through a cut.
 *
 * <p>{@code -Dpowercut.states=N} tries more states than the everyday eighty (0: each kind of cut at each place),
 * {@code -Dpowercut.seed=N} others, {@code -Dpowercut.report=FILE} appends a line for each.
 */
class PowerCutTest {
    private static final long SEED = Long.getLong("powercut.seed", 1);
    private static final int STATES = Integer.getInteger("powercut.states", 80);
    private static final int APPENDS = Integer.getInteger("powercut.appends", 150);

    /** Where syncing costs nothing, if there is such a place: what the power leaves is for {@link Disk} to say. */
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    Path temporary;

    private Path scratch;

    @BeforeEach
    void recordable() throws IOException {
        assumeTrue(FileTrace.isPossible(), "needs strace");
        scratch = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "powercut") : temporary;
    }

    @AfterEach
    void clean() throws IOException {
        if (scratch != null) {
            delete(scratch);
        }
    }

    /** Where a cut falls: after so many steps. */
    private record Place(int step, Disk.Cut cut) {}

    /** One life of a journal: what it began with, and what was done to it. */
    private record Life(Map<String, byte[]> before, Promises promises, List<Step> steps) {}

    private interface Opening {
        RocksJournalStore open(Path directory, JournalOptions options);
    }

    @Test
    void whateverAPowerCutLeavesEverythingAcknowledgedIsBack() throws Exception {
        Life first = live(Map.of(), new Promises(), SEED);
        Tally tally = tryCuts("first", first, STATES / 2, RocksJournalStore::open);
        Life second = live(afterACut(first), settled(first), SEED + 1);
        tally.add(tryCuts("second", second, STATES - STATES / 2, RocksJournalStore::open));
        assertThat(tally.amiss).isEmpty();
        assertThat(tally.refused).as("refusals that are known").allMatch(PowerCutTest::isRefusedByRocks);
        assertThat(tally.held).isGreaterThanOrEqualTo(STATES / 2);
    }

    /**
     * RocksDB forgives its list of tables a missing end, not sectors that are missing before others that got there, while an
     * addition was being written. Nothing is lost then; but whether it is this or later damage, nobody can tell.
     */
    private static boolean isRefusedByRocks(String refusal) {
        boolean torn = refusal.startsWith("LOSES_")
                && refusal.contains("/db/MANIFEST-")
                && refusal.contains("checksum mismatch");
        // Changed names that got to the disk in no order at all, which file systems with a journal do not do.
        boolean shuffled = refusal.startsWith("SHUFFLES_NAMES") && refusal.contains("Column family inconsistency");
        return torn || shuffled;
    }

    /** Planted: a journal that answers before it has synced. */
    @Test
    void promisesMadeTooEarlyAreFound() throws Exception {
        Life early = live(Map.of(), new Promises(), SEED, "early");
        assertThat(tryCuts("early", early, STATES / 4, RocksJournalStore::open).amiss)
                .isNotEmpty();
    }

    /** Planted: a disk that says it has synced the logs, and has not. */
    @Test
    void syncsThatDoNothingAreFound() throws Exception {
        Life honest = live(Map.of(), new Promises(), SEED);
        Set<Integer> logs = new HashSet<>();
        List<Step> steps = new ArrayList<>();
        for (Step step : honest.steps()) {
            if (step instanceof Step.Open open && open.name().endsWith(".log")) {
                logs.add(open.handle());
            }
            steps.add(
                    step instanceof Step.Sync(int handle, int covers) && logs.contains(handle)
                            ? new Step.Sync(handle, 0)
                            : step);
        }
        Life lying = new Life(honest.before(), honest.promises(), steps);
        // What is lost shows only between two syncs that lie, so more cuts are needed than for a disk that loses what
        // it says.
        assertThat(tryCuts("lying disk", lying, 2 * STATES, RocksJournalStore::open).amiss)
                .isNotEmpty();
    }

    private Life live(Map<String, byte[]> before, Promises promises, long seed, String... more) throws Exception {
        Path directory = scratch.resolve("life");
        delete(directory);
        Disk.lay(before, directory);
        List<Object> arguments = new ArrayList<>(List.of(seed, APPENDS));
        arguments.addAll(List.of(more));
        List<Step> steps = FileTrace.of(directory, scratch, arguments.toArray());
        Disk disk = Disk.holding(before);
        steps.forEach(disk::take);
        sameFiles(disk.after(Disk.Cut.KEEPS_ALL, new Random(0)), Disk.read(directory));
        return new Life(before, promises, steps);
    }

    /** The record is whole: laid out again it is what the process left. */
    private static void sameFiles(Map<String, byte[]> replayed, Map<String, byte[]> left) {
        assertThat(replayed.keySet()).isEqualTo(left.keySet());
        left.forEach((name, bytes) ->
                assertThat(Arrays.equals(replayed.get(name), bytes)).as(name).isTrue());
    }

    private static List<Place> places(Life life) {
        List<Place> places = new ArrayList<>();
        Disk disk = Disk.holding(life.before());
        for (int step = 0; step < life.steps().size(); step++) {
            disk.take(life.steps().get(step));
            if (life.steps().get(step) instanceof Step.Said said && !said.line().startsWith("kept")) {
                continue;
            }
            for (Disk.Cut cut : disk.atRisk() == 0 ? new Disk.Cut[] {Disk.Cut.KEEPS_ALL} : Disk.Cut.values()) {
                places.add(new Place(step, cut));
            }
        }
        return places;
    }

    private interface Each {
        void at(Place place, Map<String, byte[]> files, Promises promises) throws IOException;
    }

    private static void visit(Life life, List<Place> places, Each each) throws IOException {
        Disk disk = Disk.holding(life.before());
        Promises promises = life.promises().copy();
        Iterator<Place> next = places.iterator();
        Place place = next.hasNext() ? next.next() : null;
        for (int step = 0; step < life.steps().size() && place != null; step++) {
            disk.take(life.steps().get(step));
            if (life.steps().get(step) instanceof Step.Said(String line)) {
                promises.hear(line);
            }
            while (place != null && place.step() == step) {
                each.at(place, disk.after(place.cut(), new Random(SEED * 1_000_003 + step)), promises);
                place = next.hasNext() ? next.next() : null;
            }
        }
    }

    private Tally tryCuts(String name, Life life, int states, Opening opening) throws IOException {
        List<Place> places = places(life);
        int all = places.size();
        if (states > 0 && states < all) {
            Collections.shuffle(places, new Random(SEED));
            places = new ArrayList<>(places.subList(0, states));
            places.sort(Comparator.comparing(Place::step));
        }
        Tally tally = new Tally(name);
        Set<Integer> seen = new HashSet<>();
        visit(life, places, (place, files, promises) -> {
            if (!seen.add(fingerprint(files, promises))) {
                return;
            }
            Path directory = scratch.resolve("state");
            delete(directory);
            Disk.lay(files, directory);
            tally.count(place.cut(), "step " + place.step(), () -> check(directory, promises, opening));
        });
        tally.report(describe(life.steps()) + ", " + all + " cuts, " + places.size() + " tried, " + seen.size()
                + " different states");
        return tally;
    }

    /** RocksDB's own diary, LOG, makes no difference. */
    private static int fingerprint(Map<String, byte[]> files, Promises promises) {
        int mark = promises.kept();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!file.getKey().startsWith("db/LOG")) {
                mark = 31 * (31 * mark + file.getKey().hashCode()) + Arrays.hashCode(file.getValue());
            }
        }
        return mark;
    }

    private static String describe(List<Step> steps) {
        long kept = steps.stream()
                .filter(step -> step instanceof Step.Said said && said.line().startsWith("kept"))
                .count();
        long syncs = steps.stream().filter(step -> step instanceof Step.Sync).count();
        long reused = steps.stream()
                .filter(step -> step instanceof Step.Rename move && move.to().endsWith(".log"))
                .count();
        long made = steps.stream()
                .filter(step -> step instanceof Step.Open open
                        && open.create()
                        && open.name().endsWith(".sst"))
                .count();
        long merged = steps.stream()
                .filter(step -> step instanceof Step.Remove gone && gone.name().endsWith(".sst"))
                .count();
        return "%d steps (%d syncs, %d acknowledged, %d logs reused, %d tables made, %d merged away)"
                .formatted(steps.size(), syncs, kept, reused, made, merged);
    }

    /** Opens and reads everything; writes on what it found, and reads everything again after another start. */
    private static void check(Path directory, Promises promises, Opening opening) {
        try (RocksJournalStore store = opening.open(directory, ScriptedWriter.SMALL)) {
            promises.check(store);
        }
        try (RocksJournalStore store = opening.open(directory, ScriptedWriter.SMALL)) {
            promises.check(store);
        }
    }

    private static List<Place> lateCut(Life life) {
        List<Place> places = new ArrayList<>(places(life));
        places.removeIf(place -> place.cut() != Disk.Cut.LOSES_PAGES);
        return List.of(places.get(places.size() * 4 / 5));
    }

    private static Map<String, byte[]> afterACut(Life life) throws IOException {
        Map<String, byte[]> left = new TreeMap<>();
        visit(life, lateCut(life), (place, files, promises) -> left.putAll(files));
        return left;
    }

    private Promises settled(Life life) throws IOException {
        List<Promises> settled = new ArrayList<>();
        visit(life, lateCut(life), (place, files, promises) -> {
            Path directory = scratch.resolve("state");
            delete(directory);
            Disk.lay(files, directory);
            try (RocksJournalStore store = RocksJournalStore.open(directory, ScriptedWriter.SMALL)) {
                settled.add(promises.settled(store));
            }
        });
        return settled.getFirst();
    }

    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
