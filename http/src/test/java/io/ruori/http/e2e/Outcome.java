package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** What a command answered. */
record Outcome(String command, int code, String output) {
    Outcome succeeded() {
        assertThat(code).as("exit code of: %s%n%s", command, output).isZero();
        return this;
    }

    Outcome failed() {
        assertThat(code).as("exit code of: %s%n%s", command, output).isNotZero();
        return this;
    }

    Outcome says(String... texts) {
        assertThat(output).as(command).contains(texts);
        return this;
    }

    Outcome saysNot(String text) {
        assertThat(output).as(command).doesNotContain(text);
        return this;
    }

    String text() {
        return output.strip();
    }
}
