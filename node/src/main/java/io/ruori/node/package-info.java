/** The way in: how a process becomes a node. */
@NullMarked
package io.ruori.node;

import org.jspecify.annotations.NullMarked;
