package io.ruori.node.core;

/** {@code imagePullPolicy}. */
public enum PullPolicy {
    ALWAYS,
    IF_NOT_PRESENT,
    NEVER;

    /** The API server fills the field in; without it the tag decides, as it does there. */
    static PullPolicy parse(String text, String image) {
        return switch (text) {
            case "Always" -> ALWAYS;
            case "IfNotPresent" -> IF_NOT_PRESENT;
            case "Never" -> NEVER;
            default -> isLatest(image) ? ALWAYS : IF_NOT_PRESENT;
        };
    }

    private static boolean isLatest(String image) {
        if (image.indexOf('@') >= 0) {
            return false;
        }
        int colon = image.lastIndexOf(':');
        return colon <= image.lastIndexOf('/') || image.endsWith(":latest");
    }
}
