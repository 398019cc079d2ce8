package io.ruori.entity;

/**
 * Published to the actor system when this member has taken a shard and its view shows all that was written there before: what
 * work the shard's objects have is this member's from now on.
 */
public record ShardTaken(int shard) {}
