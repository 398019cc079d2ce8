/**
 * Whole masters on one thread and one clock, from a seed: the actors that ship, over a journal, a network and a cluster of
 * actors that fail as real ones do. See docs/architecture/simulation.md.
 */
@NullMarked
package io.ruori.simulation;

import org.jspecify.annotations.NullMarked;
