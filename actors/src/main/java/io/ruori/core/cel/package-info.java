/** Rules in CEL, the expression language of {@code x-kubernetes-validations}, over values that structural schemas describe. */
@NullMarked
package io.ruori.core.cel;

import org.jspecify.annotations.NullMarked;
