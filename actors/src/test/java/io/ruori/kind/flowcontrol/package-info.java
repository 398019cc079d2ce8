@NullMarked
package io.ruori.kind.flowcontrol;

import org.jspecify.annotations.NullMarked;
