/** The pure middle: deciding writes and applying events. Time, ids and facts come in as arguments. */
@NullMarked
package io.ruori.core;

import org.jspecify.annotations.NullMarked;
