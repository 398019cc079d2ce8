/**
 * Nodes that only pretend. {@link io.ruori.node.simulated.SimulatedRuntime} is a container runtime without containers, for
 * machines without Docker and for tests; {@link io.ruori.node.simulated.SimulatedFleet} plays thousands of nodes for
 * benches, one light actor each.
 */
@NullMarked
package io.ruori.node.simulated;

import org.jspecify.annotations.NullMarked;
