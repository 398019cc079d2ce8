/**
 * What a node agent and a master say to each other. The same messages travel over direct actor references in one process and
 * as frames of one mutually authenticated stream between machines; an agent is never a cluster member.
 */
@NullMarked
package io.ruori.agent;

import org.jspecify.annotations.NullMarked;
