package io.ruori.runtime.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How Docker sends stdout and stderr over one stream: frames of one byte for the stream, three of nothing, four for the
 * length, then the bytes. A frame longer than the limit comes out in pieces.
 */
final class OutputFrames {
    private static final int STDERR = 2;
    private static final int SYSTEM_ERROR = 3;

    private final InputStream in;
    private final int limit;
    private int stream;
    private long left;

    OutputFrames(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    record Frame(boolean stderr, byte[] bytes) {}

    /** The next frame, empty at the end of the stream. */
    Optional<Frame> next() throws IOException {
        while (left == 0) {
            byte[] header = in.readNBytes(8);
            if (header.length == 0) {
                return Optional.empty();
            }
            if (header.length < 8) {
                throw new EOFException("the stream ended inside a frame's header");
            }
            stream = header[0];
            left = ByteBuffer.wrap(header).getInt(4) & 0xffffffffL;
            if (stream < 0 || stream > SYSTEM_ERROR || header[1] != 0 || header[2] != 0 || header[3] != 0) {
                throw new ProtocolException("not a frame of output");
            }
        }
        int length = (int) Math.min(left, limit);
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the stream ended inside a frame");
        }
        left -= length;
        return Optional.of(new Frame(stream >= STDERR, bytes));
    }
}
