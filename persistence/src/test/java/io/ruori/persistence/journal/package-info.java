@NullMarked
package io.ruori.persistence.journal;

import org.jspecify.annotations.NullMarked;
