package io.ruori.node.core;

/** A Kubernetes Event about a Pod. {@code fieldPath} is empty where it concerns the whole Pod. */
public record PodNotice(boolean warning, String reason, String message, String fieldPath) {

    public static PodNotice normal(String reason, String message, ContainerTemplate container) {
        return new PodNotice(false, reason, message, container.fieldPath());
    }

    public static PodNotice warning(String reason, String message, ContainerTemplate container) {
        return new PodNotice(true, reason, message, container.fieldPath());
    }
}
