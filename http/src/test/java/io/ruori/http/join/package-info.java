/** Proofs of who is trusted. */
@NullMarked
package io.ruori.http.join;

import org.jspecify.annotations.NullMarked;
