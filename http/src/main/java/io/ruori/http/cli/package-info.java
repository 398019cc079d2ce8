/**
 * The command line behind {@code ./ruori}: starts, watches and stops the processes of a cluster on this machine, shows
 * what it does, and measures it. Commands that talk to a cluster use the Kubernetes API like any other client; nothing here
 * reaches into a server.
 */
@NullMarked
package io.ruori.http.cli;

import org.jspecify.annotations.NullMarked;
