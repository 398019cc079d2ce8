@NullMarked
package io.ruori.kind.certificates;

import org.jspecify.annotations.NullMarked;
