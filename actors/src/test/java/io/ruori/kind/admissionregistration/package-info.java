@NullMarked
package io.ruori.kind.admissionregistration;

import org.jspecify.annotations.NullMarked;
