/** Proofs that members understand each other, of the same version and of neighbouring ones. */
@NullMarked
package io.ruori.persistence.wire;

import org.jspecify.annotations.NullMarked;
