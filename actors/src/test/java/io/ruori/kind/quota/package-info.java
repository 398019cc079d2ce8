@NullMarked
package io.ruori.kind.quota;

import org.jspecify.annotations.NullMarked;
