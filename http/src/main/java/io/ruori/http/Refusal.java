package io.ruori.http;

import io.ruori.api.ApiStatus;

/** Carries an error body from where it was found to where it is answered, inside this package only. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ApiStatus status;

    Refusal(ApiStatus status) {
        super(status.message(), null, false, false);
        this.status = status;
    }

    ApiStatus status() {
        return status;
    }
}
