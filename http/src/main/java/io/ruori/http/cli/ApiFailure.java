package io.ruori.http.cli;

/** The server answered with an error. */
final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    ApiFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }

    boolean isNotFound() {
        return status == 404;
    }

    boolean isConflict() {
        return status == 409;
    }
}
