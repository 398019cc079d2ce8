package io.ruori.members;

/**
 * Who may append to a shard's log, and where it ends.
 *
 * @param epoch raised by every claim; zero before the first
 * @param owner the id of the session that claimed it; empty when nobody holds it
 * @param end the place the next event takes; all before it are durable and can be read, here and in the past
 */
public record ShardHead(int shard, long epoch, String owner, long end) {}
