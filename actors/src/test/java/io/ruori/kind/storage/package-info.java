@NullMarked
package io.ruori.kind.storage;

import org.jspecify.annotations.NullMarked;
