@NullMarked
package io.ruori.persistence.format;

import org.jspecify.annotations.NullMarked;
