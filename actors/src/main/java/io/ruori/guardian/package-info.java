/** Puts the parts of a master together and keeps them running. */
@NullMarked
package io.ruori.guardian;

import org.jspecify.annotations.NullMarked;
