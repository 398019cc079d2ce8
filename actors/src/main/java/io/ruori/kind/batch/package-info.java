/** Kinds of {@code batch}: work that ends. */
@NullMarked
package io.ruori.kind.batch;

import org.jspecify.annotations.NullMarked;
