package io.ruori.http.codec;

/** How a field's value travels in protobuf and what it is in JSON. */
enum WireType {
    STRING('s'),
    BOOL('b'),
    INT32('i'),
    INT64('l'),
    DOUBLE('d'),
    BYTES('y'),
    TIME('T'),
    MICRO_TIME('M'),
    DURATION('D'),
    QUANTITY('Q'),
    INT_OR_STRING('I'),
    /** RawExtension, FieldsV1 and apiextensions' JSON: a message whose only field holds JSON text. */
    EMBEDDED('J'),
    SCHEMA_OR_LIST('A'),
    SCHEMA_OR_BOOL('B'),
    SCHEMA_OR_STRINGS('P'),
    MESSAGE('(');

    private final char letter;

    WireType(char letter) {
        this.letter = letter;
    }

    static WireType of(char letter) {
        for (WireType type : values()) {
            if (type.letter == letter) {
                return type;
            }
        }
        throw new IllegalStateException("no wire type " + letter);
    }

    /** The low three bits of the tag. */
    int wire() {
        return switch (this) {
            case BOOL, INT32, INT64 -> Wire.VARINT;
            case DOUBLE -> Wire.FIXED64;
            case STRING,
                    BYTES,
                    TIME,
                    MICRO_TIME,
                    DURATION,
                    QUANTITY,
                    INT_OR_STRING,
                    EMBEDDED,
                    SCHEMA_OR_LIST,
                    SCHEMA_OR_BOOL,
                    SCHEMA_OR_STRINGS,
                    MESSAGE -> Wire.BYTES;
        };
    }
}
