/** What becomes of a node that is not heard, and of the Pods on it: pure rules. */
@NullMarked
package io.ruori.core.node;

import org.jspecify.annotations.NullMarked;
