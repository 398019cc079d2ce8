/** Where a Pod may run and where it runs best: filters, scores and the sums they need. Pure. */
@NullMarked
package io.ruori.core.scheduling;

import org.jspecify.annotations.NullMarked;
