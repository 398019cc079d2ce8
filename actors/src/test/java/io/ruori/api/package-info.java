/** The API's words, as values. */
@NullMarked
package io.ruori.api;

import org.jspecify.annotations.NullMarked;
