@NullMarked
package io.ruori.kind.apps;

import org.jspecify.annotations.NullMarked;
