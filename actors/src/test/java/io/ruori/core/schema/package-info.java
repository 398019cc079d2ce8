/** Checking and rewriting objects by their schema. */
@NullMarked
package io.ruori.core.schema;

import org.jspecify.annotations.NullMarked;
