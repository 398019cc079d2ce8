package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one master stands, alone or among others.
 *
 * @param members how many count for it, itself included
 * @param shards how many it holds; empty where it is alone and holds all
 * @param closed its view is complete up to this revision
 * @param lag how long ago the moment of that revision was; where a master is alone it only says that nobody has asked since
 */
record MasterStanding(int members, Optional<Integer> shards, Revision closed, Duration lag) {
    private static final String MEMBERS = "ruori_members_active";
    private static final String HELD = "ruori_shard_held";
    private static final String VIEW = "/api/v1/namespaces?limit=1&resourceVersion=0";

    static MasterStanding of(ApiClient master) throws IOException {
        String metrics = master.text("/metrics");
        Revision closed = new Revision(Long.parseLong(Json.text(master.get(VIEW), "metadata", "resourceVersion")));
        Duration lag = Duration.between(closed.instant(), Instant.now());
        Optional<String> members =
                metrics.lines().filter(line -> line.startsWith(MEMBERS + " ")).findFirst();
        return new MasterStanding(
                members.map(MasterStanding::value).orElse(1),
                members.map(several -> (int) metrics.lines()
                        .filter(line -> line.startsWith(HELD + "{"))
                        .count()),
                closed,
                lag.isNegative() ? Duration.ZERO : lag);
    }

    private static int value(String line) {
        return (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** Masters that hold their shards each share a database; one alone has its own. */
    private String journal() {
        return shards.isPresent() ? "cassandra" : "rocksdb";
    }

    void describe(ObjectNode process) {
        process.put("members", members);
        shards.ifPresent(held -> process.put("shards", held).put("closedLagMillis", lag.toMillis()));
        process.put("closedRevision", closed.toString()).put("journal", journal());
    }

    @Override
    public String toString() {
        List<String> words = new ArrayList<>();
        words.add("journal " + journal());
        words.add("closed at " + closed);
        shards.ifPresent(
                held -> words.addAll(List.of(lag.toMillis() + " ms behind", held + " shards", members + " members")));
        return String.join(", ", words);
    }
}
