/** Persistent collections: a snapshot costs nothing and a batch of changes copies only the nodes it touches. Pure. */
@NullMarked
package io.ruori.core.collection;

import org.jspecify.annotations.NullMarked;
