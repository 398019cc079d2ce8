/** Several masters as one, on one thread. */
@NullMarked
package io.ruori.members;

import org.jspecify.annotations.NullMarked;
