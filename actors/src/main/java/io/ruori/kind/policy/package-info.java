/** The kinds of policy: how much disruption an application bears. */
@NullMarked
package io.ruori.kind.policy;

import org.jspecify.annotations.NullMarked;
