package io.ruori.http.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.Duration;
import java.util.Map;

/**
 * What a fault did.
 *
 * @param at since the run's beginning
 * @param lost how many shards the victim held
 * @param writable when each of those took a write again, through another master
 * @param neverWritable how many did not while it was waited for
 * @param othersStall the longest time that a write through another master to a shard of another master took meanwhile
 * @param othersWrites how many such writes there were
 * @param othersFailed how many of them failed or had no known outcome
 * @param whole until every master served, counted all, and all shards were held again
 */
record Impact(
        Fault fault,
        Duration at,
        int lost,
        Map<Integer, Duration> writable,
        int neverWritable,
        Duration othersStall,
        int othersWrites,
        int othersFailed,
        Duration whole,
        boolean isWhole) {
    Duration slowest() {
        return writable.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("fault", fault.number())
                .put("at_s", seconds(at))
                .put("kind", fault.kind().name())
                .put("master", fault.victim())
                .put("lasted_s", seconds(fault.lasts()))
                .put("shards", lost)
                .put("never_writable", neverWritable)
                .put("slowest_writable_s", seconds(slowest()))
                .put("others_stall_s", seconds(othersStall))
                .put("others_writes", othersWrites)
                .put("others_failed", othersFailed)
                .put("whole_s", seconds(whole))
                .put("is_whole", isWhole);
        ObjectNode by = Json.child(json, "writable_s");
        writable.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> by.put("" + entry.getKey(), seconds(entry.getValue())));
        return json;
    }

    static double seconds(Duration time) {
        return Math.round(time.toNanos() / 1e7) / 100.0;
    }
}
