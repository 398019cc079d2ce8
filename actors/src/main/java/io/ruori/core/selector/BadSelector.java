package io.ruori.core.selector;

import io.ruori.api.ApiStatus;

/** A selector that cannot be read; the message is what a client is told. */
public final class BadSelector extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    BadSelector(String message) {
        super(message);
    }

    /** 400. */
    public ApiStatus status() {
        return ApiStatus.badRequest(String.valueOf(getMessage()));
    }
}
