@NullMarked
package io.ruori.kind.custom;

import org.jspecify.annotations.NullMarked;
