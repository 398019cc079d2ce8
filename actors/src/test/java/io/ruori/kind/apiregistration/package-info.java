@NullMarked
package io.ruori.kind.apiregistration;

import org.jspecify.annotations.NullMarked;
