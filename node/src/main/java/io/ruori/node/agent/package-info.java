/**
 * The node agent: one actor for the node, one for each Pod, and the link to a master. They carry out what
 * {@code io.ruori.node.core} decides, on a {@code ContainerRuntime}, and report what came of it.
 */
@NullMarked
package io.ruori.node.agent;

import org.jspecify.annotations.NullMarked;
