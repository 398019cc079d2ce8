@NullMarked
package io.ruori.kind.rbac;

import org.jspecify.annotations.NullMarked;
