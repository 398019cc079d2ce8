package io.ruori.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The status line and headers of an answer. Header names are in lower case. */
record HttpHead(int status, Map<String, String> headers) {
    private static final int MAX_LINE = 16 << 10;
    private static final int MAX_HEADERS = 200;

    /** Reads up to and including the empty line. */
    static HttpHead read(InputStream in) throws IOException {
        String[] start = line(in).split(" ", 3);
        if (start.length < 2 || !start[0].startsWith("HTTP/1.")) {
            throw new ProtocolException("not an HTTP/1 answer: " + String.join(" ", start));
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() >= MAX_HEADERS) {
                throw new ProtocolException("bad HTTP header: " + line);
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new HttpHead(number(start[1], 10), Map.copyOf(headers));
    }

    /** The body, ending where this head says it ends. */
    InputStream body(InputStream in) throws IOException {
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return new ChunkedBody(in);
        }
        String length = headers.get("content-length");
        return length == null ? in : new FixedBody(in, number(length, 10));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended inside an HTTP head");
            }
            if (bytes.size() >= MAX_LINE) {
                throw new ProtocolException("HTTP line longer than " + MAX_LINE + " bytes");
            }
            bytes.write(next);
        }
        String line = bytes.toString(StandardCharsets.ISO_8859_1);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private static int number(String digits, int radix) throws ProtocolException {
        try {
            return Integer.parseUnsignedInt(digits.strip(), radix);
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a number in an HTTP answer: " + digits);
        }
    }

    /** A body whose length was announced. */
    private static class FixedBody extends InputStream {
        private final InputStream in;
        private int left;

        FixedBody(InputStream in, int length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int got = in.read(bytes, from, Math.min(length, left));
            if (got < 0) {
                throw new EOFException("the connection ended " + left + " bytes before the end of the body");
            }
            left -= got;
            return got;
        }

        @Override
        public int available() throws IOException {
            return Math.min(left, in.available());
        }
    }

    /** A body in chunks, each with its length in front. */
    private static final class ChunkedBody extends InputStream {
        private final InputStream in;
        private FixedBody chunk;
        private boolean first = true;
        private boolean ended;

        ChunkedBody(InputStream in) {
            this.in = in;
            this.chunk = new FixedBody(in, 0);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (chunk.left == 0 && !ended) {
                nextChunk();
            }
            return ended ? -1 : chunk.read(bytes, from, length);
        }

        @Override
        public int available() throws IOException {
            return chunk.available();
        }

        private void nextChunk() throws IOException {
            if (!first) {
                line(in);
            }
            first = false;
            int length = number(line(in).split(";", 2)[0], 16);
            chunk = new FixedBody(in, length);
            if (length == 0) {
                ended = true;
                while (!line(in).isEmpty()) {
                    // Trailers mean nothing to us.
                }
            }
        }
    }
}
