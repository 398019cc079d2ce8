/**
 * Several masters as one: who counts, how far each has closed, and how every view hears of what the others wrote. The rules
 * ({@link io.ruori.members.Incoming}) are pure; actors carry their messages. See {@code docs/architecture/members.md}.
 */
@NullMarked
package io.ruori.members;

import org.jspecify.annotations.NullMarked;
