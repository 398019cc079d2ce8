/** Proofs of who is trusted. */
@NullMarked
package io.ruori.http.pki;

import org.jspecify.annotations.NullMarked;
