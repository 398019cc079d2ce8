package io.ruori.members;

import io.ruori.api.Revision;
import java.util.List;
import java.util.Map;

/**
 * What a member tells all others: what it wrote since it last spoke, and how far it has closed. It may be lost or come late;
 * {@code ends} says what must be known for {@code closed} to hold, so whoever missed something reads it from the shards'
 * logs.
 *
 * @param number grows by each announcement of a session
 * @param closed nothing at or below it will still be committed by this member
 * @param clock the last revision it issued or passed
 * @param written neighbouring events of shards' logs
 * @param ends for every shard that this session ever wrote to, the place after its last event
 * @param ceiling what it made durable last in the journal as its clock's {@linkplain io.ruori.core.clock.Ceiling ceiling}: it rises every
 *     two seconds, and only while the journal is in reach. Zero from members that do not tell
 */
public record Announcement(
        Session from,
        long number,
        Revision closed,
        Revision clock,
        List<ShardLog> written,
        Map<Integer, Long> ends,
        Revision ceiling) {
    public Announcement {
        written = List.copyOf(written);
        ends = Map.copyOf(ends);
    }
}
