package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/**
 * How one master of several stands among them, as its {@code /metrics} tell.
 *
 * @param members how many count for it, itself included
 * @param shards how many it holds
 * @param closedLagMillis how long ago the moment was that its consistent reads show at least
 */
record MasterStanding(int members, int shards, long closedLagMillis) {
    private static final String MEMBERS = "ruori_members_active";
    private static final String SHARDS = "ruori_shards_held";
    private static final String LAG_SECONDS = "ruori_members_closed_lag_seconds";

    /** Empty for the only master there is, and for one that has just started. */
    static Optional<MasterStanding> of(ApiClient master) throws IOException {
        String metrics = master.text("/metrics");
        return metrics.contains(MEMBERS)
                ? Optional.of(new MasterStanding(
                        (int) value(metrics, MEMBERS),
                        (int) value(metrics, SHARDS),
                        Math.round(value(metrics, LAG_SECONDS) * 1_000)))
                : Optional.empty();
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    void describe(ObjectNode process) {
        process.put("members", members).put("shards", shards).put("closedLagMillis", closedLagMillis);
    }

    static String words(int members, int shards, long closedLagMillis) {
        return shards + " shards, " + members + " members, " + closedLagMillis + " ms behind";
    }
}
