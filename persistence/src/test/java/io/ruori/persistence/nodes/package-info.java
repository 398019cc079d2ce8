/** Nodes' agents with several masters. */
@NullMarked
package io.ruori.persistence.nodes;

import org.jspecify.annotations.NullMarked;
