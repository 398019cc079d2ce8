package io.ruori.http.codec;

/** Protobuf's wire types, as far as Kubernetes uses them. */
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private Wire() {}

    static int tag(int number, int wire) {
        return (number << 3) | wire;
    }
}
