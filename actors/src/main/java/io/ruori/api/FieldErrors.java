package io.ruori.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects every field error of one object, with the wording of Kubernetes' field package. Not thread-safe. */
public final class FieldErrors {
    private final List<FieldError> errors = new ArrayList<>();

    public void required(String path, String detail) {
        add(FieldError.Reason.REQUIRED, path, detail.isEmpty() ? "Required value" : "Required value: " + detail);
    }

    public void invalid(String path, @Nullable Object value, String detail) {
        add(FieldError.Reason.INVALID, path, "Invalid value: " + shown(value) + ": " + detail);
    }

    /** Where the value itself would say nothing. */
    public void invalid(String path, String detail) {
        add(FieldError.Reason.INVALID, path, "Invalid value: " + detail);
    }

    /** Upstream names the values of a list in its own order, and those of a set in alphabetical order. */
    public void notSupported(String path, @Nullable Object value, Collection<String> supported) {
        Stream<String> inOrder = supported instanceof List
                ? supported.stream()
                : supported.stream().sorted();
        String allowed = inOrder.map(v -> "\"" + v + "\"").collect(Collectors.joining(", "));
        add(
                FieldError.Reason.NOT_SUPPORTED,
                path,
                "Unsupported value: " + shown(value) + (allowed.isEmpty() ? "" : ": supported values: " + allowed));
    }

    public void duplicate(String path, @Nullable Object value) {
        add(FieldError.Reason.DUPLICATE, path, "Duplicate value: " + shown(value));
    }

    public void forbidden(String path, String detail) {
        add(FieldError.Reason.FORBIDDEN, path, "Forbidden: " + detail);
    }

    public void notFound(String path, @Nullable Object value) {
        add(FieldError.Reason.NOT_FOUND, path, "Not found: " + shown(value));
    }

    public void tooLong(String path, int maxBytes) {
        add(FieldError.Reason.TOO_LONG, path, "Too long: may not be more than " + maxBytes + " bytes");
    }

    public void tooMany(String path, int actual, int most) {
        add(
                FieldError.Reason.TOO_MANY,
                path,
                "Too many: " + actual + ": must have at most " + most + (most == 1 ? " item" : " items"));
    }

    public void add(FieldError.Reason reason, String path, String detail) {
        errors.add(new FieldError(reason, path, detail));
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    public List<FieldError> all() {
        return List.copyOf(errors);
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case JsonNode node when node.isTextual() -> "\"" + node.textValue() + "\"";
            case CharSequence text -> "\"" + text + "\"";
            default -> value.toString();
        };
    }
}
