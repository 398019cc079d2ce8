/**
 * The container runtime SPI on the Docker Engine API (1.41) over its Unix socket. The client is our own: blocking calls
 * on virtual threads, one connection per call, because exec and attach take over the connection and must be able to
 * close only the sending half of it. Everything made carries labels; Docker is the only memory of what exists.
 */
@NullMarked
package io.ruori.runtime.docker;

import org.jspecify.annotations.NullMarked;
