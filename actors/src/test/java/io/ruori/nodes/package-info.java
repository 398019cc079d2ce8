/** Tests of nodes' agents at the master. */
@NullMarked
package io.ruori.nodes;

import org.jspecify.annotations.NullMarked;
