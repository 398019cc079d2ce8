package io.ruori.kind.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * Indexes of an Indexed Job as its status and its success policy write them: {@code 1,3-5,7}, growing.
 *
 * @param ranges those that could be read, even where another could not
 * @param problem what is wrong, in upstream's words; empty where nothing is
 */
record IndexList(List<Range> ranges, String problem) {

    record Range(long first, long last) {}

    static IndexList of(String text, long completions) {
        List<Range> ranges = new ArrayList<>();
        String problem = "";
        long previous = -1;
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String wrong = read(part, completions, ranges);
            if (wrong.isEmpty()) {
                Range range = ranges.getLast();
                if (range.first <= previous) {
                    wrong = "non-increasing order, previous: " + previous + ", current: " + range.first;
                }
                previous = range.last;
            }
            problem = problem.isEmpty() ? wrong : problem;
        }
        return new IndexList(List.copyOf(ranges), problem);
    }

    private static String read(String part, long completions, List<Range> ranges) {
        String[] limits = part.split("-", -1);
        if (limits.length > 2) {
            return "the fragment \"" + part + "\" violates the requirement that an index interval can have at most two"
                    + " parts separated by '-'";
        }
        for (String limit : limits) {
            if (!limit.matches("[+]?\\d{1,9}")) {
                return "cannot convert string to integer for index: \"" + limit + "\"";
            }
            if (Long.parseLong(limit) >= completions) {
                return "too large index: \"" + limit + "\"";
            }
        }
        long first = Long.parseLong(limits[0]);
        long last = Long.parseLong(limits[limits.length - 1]);
        if (limits.length == 2 && first >= last) {
            return "non-increasing order, previous: " + first + ", current: " + last;
        }
        ranges.add(new Range(first, last));
        return "";
    }

    /** How many indexes; none where something is wrong. */
    long total() {
        return problem.isEmpty()
                ? ranges.stream()
                        .mapToLong(range -> range.last - range.first + 1)
                        .sum()
                : 0;
    }

    /** The first index both have, or -1. */
    long overlap(IndexList other) {
        for (Range mine : ranges) {
            for (Range theirs : other.ranges) {
                if (mine.first <= theirs.last && theirs.first <= mine.last) {
                    return Math.max(mine.first, theirs.first);
                }
            }
        }
        return -1;
    }
}
