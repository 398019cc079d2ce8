package io.ruori.node.core;

/** The three probes of a container. */
public enum ProbeKind {
    STARTUP("startupProbe", "Startup"),
    LIVENESS("livenessProbe", "Liveness"),
    READINESS("readinessProbe", "Readiness");

    private final String field;
    private final String title;

    ProbeKind(String field, String title) {
        this.field = field;
        this.title = title;
    }

    /** The field of the container that holds it. */
    public String field() {
        return field;
    }

    /** As an Event names it. */
    public String title() {
        return title;
    }
}
