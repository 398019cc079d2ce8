@NullMarked
package io.ruori.kind.autoscaling;

import org.jspecify.annotations.NullMarked;
