/** One descriptor per kind: all that the rest of the system needs to know of it. */
@NullMarked
package io.ruori.kind;

import org.jspecify.annotations.NullMarked;
