/**
 * One Cassandra on this machine, for trying several masters out and for tests: a process of its own, on Java 17 and on its own
 * class path, since it runs on no newer Java and brings its own versions of our libraries.
 */
@NullMarked
package io.ruori.persistence.cassandra.local;

import org.jspecify.annotations.NullMarked;
