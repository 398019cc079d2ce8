/** Framing without Docker, and everything else against a real Engine. */
@NullMarked
package io.ruori.runtime.docker;

import org.jspecify.annotations.NullMarked;
