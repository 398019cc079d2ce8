package io.ruori.http.cli;

/** What a running step is at, in a few words; set by the step, shown beside its title. */
final class Progress {
    private volatile String text = "";

    void set(String now) {
        text = now;
    }

    String get() {
        return text;
    }
}
