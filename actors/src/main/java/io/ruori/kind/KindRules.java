package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * How objects of a kind are completed and checked; the counterpart of upstream's registry strategy. Trees passed as
 * {@link ObjectNode} may be changed, the others not. Metadata common to all kinds is handled elsewhere.
 */
public interface KindRules {
    /** All of metadata that clients write: where a status is only a status, as upstream's ResetObjectMetaForStatus has it. */
    Set<String> WRITABLE_METADATA = Set.of("labels", "annotations", "finalizers", "ownerReferences");

    /** Fills defaults, on write and on read of older objects. Must be idempotent. */
    default void applyDefaults(ObjectNode object) {}

    /** Whether whoever creates an object may give its status too. */
    default boolean createdWithStatus() {
        return false;
    }

    /** Before defaults on create: drops or sets what a client has no say in (status is already gone where the kind has one). */
    default void prepareCreate(ObjectNode object) {}

    /** As {@link #prepareCreate(ObjectNode)}, for kinds that note who asked or when. */
    default void prepareCreate(ObjectNode object, Origin by, Instant now) {
        prepareCreate(object);
    }

    /** Before defaults on an update of the status: what follows from its change. */
    default void prepareStatus(ObjectNode updated, JsonNode old, Instant now) {}

    /**
     * Fields of metadata that a write of the status leaves as they are; the others it takes from the body, as upstream's status
     * strategies do unless they say otherwise. What only the server sets is out of reach either way.
     */
    default Set<String> metadataOutsideStatus() {
        return Set.of();
    }

    /** Before validation on update of the main resource: restores what an update must not touch (status is already restored). */
    default void prepareUpdate(ObjectNode updated, JsonNode old) {}

    default void validateCreate(JsonNode object, FieldErrors errors) {}

    /** All checks of an update of the main resource, including those of create that still apply. */
    default void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
        validateCreate(updated, errors);
    }

    default void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {}

    /** Texts for {@code Warning} headers, of an object that is created. */
    default List<String> warnings(JsonNode object) {
        return List.of();
    }

    /** The same of one that is updated; generation is that of the update. */
    default List<String> warnings(JsonNode updated, JsonNode old) {
        return warnings(updated);
    }

    /** Whether an update changed what generation counts: only then upstream looks at a template again. */
    static boolean isNewGeneration(JsonNode updated, JsonNode old) {
        return !Checks.same(
                updated.path("metadata").path("generation"),
                old.path("metadata").path("generation"));
    }

    /** Whether metadata.generation counts changes: of everything but metadata and status. */
    default boolean hasGeneration() {
        return false;
    }

    /** Whether what is written through a sub-resource counts for metadata.generation too, as a scale does. */
    default boolean countsForGeneration(String subresource) {
        return true;
    }

    /**
     * Seconds an object waits after a delete for something to confirm it, given what the client asked for (-1: nothing). Zero
     * means it goes at once (finalizers permitting).
     */
    default long gracePeriodSeconds(JsonNode object, long asked) {
        return 0;
    }

    /** Whether deleted objects of the kind wait for something to confirm it, be it for no time. */
    default boolean isDeletedGracefully() {
        return false;
    }

    /** Something besides finalizers and grace keeps a terminating object alive, such as a namespace's own finalizers. */
    default boolean holdsDeletion(JsonNode object) {
        return false;
    }

    /** What else changes in an object when it gets its deletion time, such as a namespace's phase. */
    default void onTerminating(ObjectNode object) {}

    /** How names are checked: a DNS subdomain unless a kind says otherwise. */
    default NameRule nameRule() {
        return NameRule.DNS_SUBDOMAIN;
    }

    /** The rules of {@code metadata.name}. */
    enum NameRule {
        DNS_SUBDOMAIN,
        DNS_LABEL,
        /** The canonical form of an IP address. */
        IP_ADDRESS,
        /** Any segment of a path: RBAC and the like. */
        PATH_SEGMENT
    }
}
