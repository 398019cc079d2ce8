/** Typed settings over HOCON; every default with its reason stands in {@code reference.conf}. */
@NullMarked
package io.ruori.config;

import org.jspecify.annotations.NullMarked;
