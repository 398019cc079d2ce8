/** The command line's own rules. */
@NullMarked
package io.ruori.http.cli;

import org.jspecify.annotations.NullMarked;
