@NullMarked
package io.ruori.kind.runtimeclass;

import org.jspecify.annotations.NullMarked;
