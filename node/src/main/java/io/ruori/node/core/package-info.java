/**
 * What a node does with a Pod, decided without doing it: state in, steps and timers out. No I/O, no clock, no threads; the
 * actors in {@code io.ruori.node.agent} feed it and carry its steps out.
 */
@NullMarked
package io.ruori.node.core;

import org.jspecify.annotations.NullMarked;
