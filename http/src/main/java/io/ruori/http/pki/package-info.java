/** The cluster's certificate authority and what it issues. */
@NullMarked
package io.ruori.http.pki;

import org.jspecify.annotations.NullMarked;
