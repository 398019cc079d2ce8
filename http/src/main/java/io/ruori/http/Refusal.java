package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.kind.Kind;
import java.util.function.Consumer;

/** Carries an error body from where it was found to where it is answered, inside this package only. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ApiStatus status;

    Refusal(ApiStatus status) {
        super(status.message(), null, false, false);
        this.status = status;
    }

    /** 422 for the options of a request, such as {@code PatchOptions}. */
    static Refusal invalidOptions(String options, Consumer<FieldErrors> what) {
        return invalid("meta.k8s.io", options, "", what);
    }

    /** 422 for an object that cannot even be named. */
    static Refusal invalid(Kind kind, String name, Consumer<FieldErrors> what) {
        return invalid(kind.group(), kind.kind(), name, what);
    }

    static Refusal invalid(String group, String kind, String name, Consumer<FieldErrors> what) {
        FieldErrors errors = new FieldErrors();
        what.accept(errors);
        return new Refusal(ApiStatus.invalid(group, kind, name, errors.all()));
    }

    ApiStatus status() {
        return status;
    }
}
