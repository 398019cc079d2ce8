/**
 * Bodies: between Jackson trees and what travels, in JSON, YAML and protobuf, for every kind of the Kubernetes API, and
 * the choice among them from a request's headers. Pure: bytes in, values out; what a client did wrong is a
 * {@link io.ruori.http.codec.BadBody} worded as Kubernetes words it.
 */
@NullMarked
package io.ruori.http.codec;

import org.jspecify.annotations.NullMarked;
