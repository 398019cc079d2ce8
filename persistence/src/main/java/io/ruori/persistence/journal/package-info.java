/**
 * The journal on RocksDB: every change of every object, durable before it is acknowledged, fenced by epoch and sequence number,
 * and readable by object, by kind and by time. Nothing here knows Pekko. See ADR 0002.
 */
@NullMarked
package io.ruori.persistence.journal;

import org.jspecify.annotations.NullMarked;
