@NullMarked
package io.ruori.kind.batch;

import org.jspecify.annotations.NullMarked;
