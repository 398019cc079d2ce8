/** The pure middle, tested as plain functions. */
@NullMarked
package io.ruori.core;

import org.jspecify.annotations.NullMarked;
