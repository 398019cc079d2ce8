/**
 * The journal as Pekko knows one: a write journal, a snapshot store that serves the newest record, serializers, and the
 * extension that owns the store of an actor system.
 */
@NullMarked
package io.ruori.persistence.pekko;

import org.jspecify.annotations.NullMarked;
