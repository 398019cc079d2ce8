package io.ruori.runtime.docker;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * One connection to the Engine, for one call. One thread may read while another writes; closing wakes both, which is
 * how a stream is cancelled.
 */
final class EngineConnection implements Closeable {
    private final SocketChannel channel;
    private final InputStream in;

    private EngineConnection(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(new ChannelInput(channel), 32 << 10);
    }

    static EngineConnection open(Path socket) throws IOException {
        try {
            return open(SocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(socket));
        } catch (SocketException e) {
            throw new SocketException(socket + ": " + e.getMessage(), e);
        }
    }

    /** The same two-way stream to a port, for reaching into a Pod. */
    static EngineConnection open(InetSocketAddress port) throws IOException {
        return open(SocketChannel.open(), port);
    }

    private static EngineConnection open(SocketChannel channel, SocketAddress address) throws IOException {
        try {
            channel.connect(address);
            return new EngineConnection(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Everything the Engine sends, buffered. */
    InputStream in() {
        return in;
    }

    HttpHead exchange(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder(256)
                .append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: docker\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        write(ByteBuffer.allocate(start.length + body.length)
                .put(start)
                .put(body)
                .flip());
        return HttpHead.read(in);
    }

    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Tells the other side that nothing more comes from here, while its own output goes on. */
    void endOutput() throws IOException {
        try {
            channel.shutdownOutput();
        } catch (ClosedChannelException e) {
            // Nobody is left to be told.
        }
    }

    @Override
    public void close() {
        abandon();
    }

    /** Wakes whoever reads or writes with an error. */
    void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private static final class ChannelInput extends InputStream {
        private final SocketChannel channel;

        ChannelInput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, from, length));
        }
    }
}
