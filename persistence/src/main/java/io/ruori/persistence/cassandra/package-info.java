/**
 * The journal of several masters, on Cassandra: one log for each shard, which only the holder of the shard's epoch appends to, and
 * rows derived from it, which the past is read from. See ADR 0015.
 */
@NullMarked
package io.ruori.persistence.cassandra;

import org.jspecify.annotations.NullMarked;
