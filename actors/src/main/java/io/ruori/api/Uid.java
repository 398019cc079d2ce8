package io.ruori.api;

/** {@code metadata.uid}: tells two lives of the same name apart. */
public record Uid(String value) {
    public static final Uid NONE = new Uid("");

    @Override
    public String toString() {
        return value;
    }
}
