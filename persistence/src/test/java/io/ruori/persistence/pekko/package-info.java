@NullMarked
package io.ruori.persistence.pekko;

import org.jspecify.annotations.NullMarked;
