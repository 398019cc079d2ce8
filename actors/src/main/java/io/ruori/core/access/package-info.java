/**
 * Who may do what: role-based access control and the rights of nodes, as pure functions over an index of roles and bindings.
 */
@NullMarked
package io.ruori.core.access;

import org.jspecify.annotations.NullMarked;
