package io.ruori.http.codec;

import org.jspecify.annotations.Nullable;

/**
 * One field of a message: the plan for reading and writing it.
 *
 * @param name its JSON name; empty when JSON shows the nested message's fields in the outer object
 * @param tag number and wire type as they stand before the value
 * @param shape one value, a list or a map from string
 * @param zeroIsValue whether a zero was meant; otherwise it is what writers send for a field nobody set
 */
record WireField(
        String name,
        int number,
        int tag,
        WireType type,
        Shape shape,
        boolean zeroIsValue,
        @Nullable WireMessage nested) {

    enum Shape {
        ONE,
        LIST,
        MAP
    }

    boolean isEmbedded() {
        return name.isEmpty();
    }

    WireMessage message() {
        if (nested == null) {
            throw new IllegalStateException(name + " is not a message");
        }
        return nested;
    }
}
