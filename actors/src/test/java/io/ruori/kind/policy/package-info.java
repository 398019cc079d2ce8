@NullMarked
package io.ruori.kind.policy;

import org.jspecify.annotations.NullMarked;
