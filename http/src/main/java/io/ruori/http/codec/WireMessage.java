package io.ruori.http.codec;

import org.jspecify.annotations.Nullable;

/**
 * A message's plan: its fields by number, for reading, and from the highest to the lowest, for writing backwards. Filled
 * in after it is made, since messages refer to each other and to themselves.
 */
final class WireMessage {
    private final String name;
    private @Nullable WireField[] byNumber = new WireField[0];
    private WireField[] descending = new WireField[0];
    private boolean isList;

    WireMessage(String name) {
        this.name = name;
    }

    void fill(WireField[] fields) {
        int highest = 0;
        for (WireField field : fields) {
            highest = Math.max(highest, field.number());
        }
        @Nullable WireField[] numbered = new WireField[highest + 1];
        for (WireField field : fields) {
            numbered[field.number()] = field;
        }
        WireField[] sorted = new WireField[fields.length];
        int next = 0;
        for (int number = highest; number > 0; number--) {
            WireField field = numbered[number];
            if (field != null) {
                sorted[next++] = field;
            }
        }
        isList = fields.length == 1 && fields[0].name().equals("*");
        byNumber = numbered;
        descending = sorted;
    }

    String name() {
        return name;
    }

    @Nullable
    WireField field(int number) {
        @Nullable WireField[] fields = byNumber;
        return number < fields.length ? fields[number] : null;
    }

    @Nullable
    WireField field(String jsonName) {
        for (WireField field : descending) {
            if (field.name().equals(jsonName)) {
                return field;
            }
        }
        return null;
    }

    WireField[] descending() {
        return descending;
    }

    /** Whether JSON shows this message as the list it holds. */
    boolean isList() {
        return isList;
    }

    WireField onlyField() {
        return descending[0];
    }

    @Override
    public String toString() {
        return name;
    }
}
