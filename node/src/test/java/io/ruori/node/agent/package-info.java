/** The agent's actors against a simulated runtime and a scripted master. */
@NullMarked
package io.ruori.node.agent;

import org.jspecify.annotations.NullMarked;
