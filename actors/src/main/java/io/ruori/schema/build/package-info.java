/**
 * Runs while building only: joins what the Java model classes of Kubernetes tell (fields, types, descriptions) with our own
 * table of facts (how lists merge, defaults, kinds), and writes the resources that {@link io.ruori.schema} reads. Not part
 * of the jar.
 */
@NullMarked
package io.ruori.schema.build;

import org.jspecify.annotations.NullMarked;
