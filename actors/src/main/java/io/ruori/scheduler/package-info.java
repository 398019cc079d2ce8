/** Finds a node for every Pod that has none, as soon as it appears and as soon as room appears. */
@NullMarked
package io.ruori.scheduler;

import org.jspecify.annotations.NullMarked;
