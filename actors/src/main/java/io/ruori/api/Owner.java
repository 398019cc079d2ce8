package io.ruori.api;

/** An entry of {@code metadata.ownerReferences}. */
public record Owner(String apiVersion, String kind, String name, Uid uid, boolean controller, boolean blockDeletion) {}
