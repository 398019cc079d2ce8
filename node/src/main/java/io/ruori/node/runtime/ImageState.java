package io.ruori.node.runtime;

/**
 * An image on this node.
 *
 * @param id its digest, as {@code imageID} shows it
 */
public record ImageState(String reference, String id, long sizeBytes) {}
