package io.ruori.node.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The masters an agent knows, as {@code host:port}. What masters say is believed first; whom they do not name any longer is
 * tried last and not forgotten, since a master that was cut off from the others names itself alone.
 *
 * @param present whom the last master named
 * @param former all others: named before, or given at the start
 */
record KnownMasters(List<String> present, List<String> former) {
    /** More than a cluster ever has; addresses that change must not pile up. */
    private static final int MOST = 16;

    private static final String FILE = "masters";

    KnownMasters {
        present = List.copyOf(present);
        former = List.copyOf(former);
    }

    static KnownMasters given(List<String> masters) {
        return new KnownMasters(masters, List.of());
    }

    KnownMasters told(List<String> now) {
        return now.isEmpty() ? this : new KnownMasters(now, others(now, present, former));
    }

    /** Whom a start is given, beside those known from before. */
    KnownMasters alsoGiven(List<String> masters) {
        return new KnownMasters(present, others(present, masters, former));
    }

    @SafeVarargs
    private static List<String> others(Collection<String> without, List<String>... from) {
        List<String> others = new ArrayList<>();
        for (List<String> some : from) {
            some.stream()
                    .filter(master -> !without.contains(master) && !others.contains(master))
                    .forEach(others::add);
        }
        return others.subList(0, Math.min(others.size(), MOST));
    }

    int size() {
        return present.size() + former.size();
    }

    // ---- on disk: two lines of addresses

    /** Those known from before, if any, and those given. */
    static KnownMasters read(Path node, List<String> given) throws IOException {
        Path file = node.resolve(FILE);
        if (!Files.exists(file)) {
            return given(given);
        }
        List<String> lines = Files.readAllLines(file);
        List<String> present = lines.isEmpty() ? List.of() : addresses(lines.getFirst());
        List<String> former = lines.size() < 2 ? List.of() : addresses(lines.get(1));
        return present.isEmpty() ? given(given) : new KnownMasters(present, former).alsoGiven(given);
    }

    private static List<String> addresses(String line) {
        return line.isBlank() ? List.of() : List.of(line.strip().split(" +"));
    }

    /** Whole or not at all. */
    void write(Path node) throws IOException {
        Files.createDirectories(node);
        Path next = node.resolve(FILE + ".next");
        Files.writeString(next, String.join(" ", present) + "\n" + String.join(" ", former) + "\n");
        Files.move(next, node.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
