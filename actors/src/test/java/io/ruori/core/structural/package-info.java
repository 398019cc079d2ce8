@NullMarked
package io.ruori.core.structural;

import org.jspecify.annotations.NullMarked;
