/** Tests of the kinds: tables of rules, and stories of reconcilers on virtual time. */
@NullMarked
package io.ruori.kind;

import org.jspecify.annotations.NullMarked;
