package io.ruori.entity;

import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import java.util.concurrent.CompletionStage;

/** Asks a Node for room for a Pod, where several schedulers choose nodes; see {@link ResourceEntity.Reserve}. */
@FunctionalInterface
public interface NodeRoom {
    CompletionStage<ResourceEntity.Reserved> reserve(ObjectKey node, StoredObject pod);
}
