@NullMarked
package io.ruori.core.cel;

import org.jspecify.annotations.NullMarked;
