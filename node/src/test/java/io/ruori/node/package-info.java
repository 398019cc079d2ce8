/** A node as a master's process starts it. */
@NullMarked
package io.ruori.node;

import org.jspecify.annotations.NullMarked;
