package io.ruori.http;

/** The process's metrics in Prometheus' text form. */
final class Metrics {
    private Metrics() {}

    static String text() {
        return "";
    }
}
