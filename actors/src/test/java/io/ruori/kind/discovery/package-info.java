@NullMarked
package io.ruori.kind.discovery;

import org.jspecify.annotations.NullMarked;
