/** The journal on a real Cassandra. */
@NullMarked
package io.ruori.persistence.cassandra;

import org.jspecify.annotations.NullMarked;
