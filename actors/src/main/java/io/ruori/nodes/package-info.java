/**
 * The master's side of nodes: sessions of their agents, what they are told to run, and noticing when one is lost. A node lives
 * as long as its agent is heard, wherever the agent is.
 */
@NullMarked
package io.ruori.nodes;

import org.jspecify.annotations.NullMarked;
