@NullMarked
package io.ruori.kind.scheduling;

import org.jspecify.annotations.NullMarked;
