@NullMarked
package io.ruori.kind.resource;

import org.jspecify.annotations.NullMarked;
