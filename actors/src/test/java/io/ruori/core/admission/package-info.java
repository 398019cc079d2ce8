/** Tables of what admission makes of objects, and what it refuses. */
@NullMarked
package io.ruori.core.admission;

import org.jspecify.annotations.NullMarked;
