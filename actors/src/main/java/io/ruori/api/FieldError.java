package io.ruori.api;

/**
 * One thing wrong with one field, worded as Kubernetes words it.
 *
 * @param path such as {@code spec.template.spec.containers[0].name}
 * @param detail the whole text after the path, for example {@code Required value} or
 *     {@code Invalid value: "Foo": a lowercase RFC 1123 label must consist of …}
 */
public record FieldError(Reason reason, String path, String detail) {

    /** The {@code reason} of the cause in the Status body. */
    public enum Reason {
        REQUIRED("FieldValueRequired"),
        INVALID("FieldValueInvalid"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        DUPLICATE("FieldValueDuplicate"),
        FORBIDDEN("FieldValueForbidden"),
        NOT_FOUND("FieldValueNotFound"),
        TOO_LONG("FieldValueTooLong"),
        TOO_MANY("FieldValueTooMany"),
        TYPE_INVALID("FieldValueTypeInvalid");

        private final String wire;

        Reason(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    /** {@code path: detail}, as in the message of an Invalid status. */
    public String message() {
        return path + ": " + detail;
    }
}
