/** The hybrid logical clock that revisions come from, and the durable ceiling that keeps a restart above it. Pure. */
@NullMarked
package io.ruori.core.clock;

import org.jspecify.annotations.NullMarked;
