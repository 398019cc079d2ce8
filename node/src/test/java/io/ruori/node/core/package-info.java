/** The pure rules, on virtual time. */
@NullMarked
package io.ruori.node.core;

import org.jspecify.annotations.NullMarked;
