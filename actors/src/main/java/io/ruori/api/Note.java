package io.ruori.api;

/**
 * What a Kubernetes Event says. Attached to a write it costs no write of its own: the view shows it as an Event of the same
 * revision.
 *
 * @param warning type {@code Warning} rather than {@code Normal}
 * @param reason CamelCase, for machines
 * @param regarding the object it is about, with its uid
 * @param fieldPath such as {@code spec.containers{web}}; empty where it concerns the whole object
 * @param component the reporting component
 */
public record Note(
        boolean warning,
        String reason,
        String message,
        ObjectKey regarding,
        Uid regardingUid,
        String fieldPath,
        String component) {}
