package io.ruori.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Both streams come out as they went in, however the bytes are cut on the way. */
class OutputFramesTest {

    @Property(tries = 200)
    void everyByteComesOutOnItsOwnStream(
            @ForAll @Size(max = 20) List<byte @Size(max = 300) []> writes,
            @ForAll @IntRange(min = 1, max = 400) int piece,
            @ForAll @IntRange(min = 1, max = 400) int limit)
            throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        ByteArrayOutputStream[] sent = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
        for (int i = 0; i < writes.size(); i++) {
            wire.writeBytes(frame(1 + i % 2, writes.get(i)));
            sent[i % 2].writeBytes(writes.get(i));
        }
        OutputFrames frames = new OutputFrames(HttpHeadTest.pieces(wire.toByteArray(), piece), limit);
        ByteArrayOutputStream[] got = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
        for (Optional<OutputFrames.Frame> next = frames.next(); next.isPresent(); next = frames.next()) {
            OutputFrames.Frame frame = next.get();
            assertThat(frame.bytes()).hasSizeBetween(1, limit);
            got[frame.stderr() ? 1 : 0].writeBytes(frame.bytes());
        }
        assertThat(got[0].toByteArray()).isEqualTo(sent[0].toByteArray());
        assertThat(got[1].toByteArray()).isEqualTo(sent[1].toByteArray());
    }

    @Example
    void aCutFrameIsAnError() {
        byte[] whole = frame(1, "hello".getBytes(StandardCharsets.UTF_8));
        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> all(part)).isInstanceOf(EOFException.class);
        }
    }

    @Example
    void plainTextIsNotTakenForFrames() {
        assertThatThrownBy(() -> all("just some text".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ProtocolException.class);
    }

    static byte[] frame(int stream, byte[] bytes) {
        return ByteBuffer.allocate(8 + bytes.length)
                .put((byte) stream)
                .put(new byte[3])
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static List<OutputFrames.Frame> all(byte[] wire) throws IOException {
        OutputFrames frames = new OutputFrames(new ByteArrayInputStream(wire), 1000);
        List<OutputFrames.Frame> found = new ArrayList<>();
        for (Optional<OutputFrames.Frame> next = frames.next(); next.isPresent(); next = frames.next()) {
            found.add(next.get());
        }
        return found;
    }
}
