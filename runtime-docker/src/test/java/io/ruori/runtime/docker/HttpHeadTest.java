package io.ruori.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer ends where its head says, whatever the pieces it arrives in. */
class HttpHeadTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void chunkedBodyIsPutTogether(int piece) throws IOException {
        InputStream in = pieces(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTRANSFER-Encoding: chunked\r\n\r\n"
                        + "5\r\nhello\r\n1;note=x\r\n \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nleft over",
                piece);
        HttpHead head = HttpHead.read(in);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers()).containsEntry("content-type", "application/json");
        assertThat(text(head.body(in))).isEqualTo("hello 0123456789");
        assertThat(text(in)).isEqualTo("left over");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 1000})
    void bodyOfKnownLengthEndsThere(int piece) throws IOException {
        InputStream in = pieces("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhelloleft over", piece);
        HttpHead head = HttpHead.read(in);

        assertThat(head.status()).isEqualTo(404);
        assertThat(text(head.body(in))).isEqualTo("hello");
        assertThat(text(in)).isEqualTo("left over");
    }

    @Test
    void bodyWithoutLengthGoesOnToTheEnd() throws IOException {
        InputStream in = pieces("HTTP/1.1 200\r\n\r\nall of it", 100);

        assertThat(text(HttpHead.read(in).body(in))).isEqualTo("all of it");
    }

    @Test
    void someAnswersHaveNoBody() throws IOException {
        InputStream in = pieces("HTTP/1.1 204 No Content\r\n\r\nnext", 100);

        assertThat(text(HttpHead.read(in).body(in))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nHalf-a-hea",
                ""
            })
    void whatIsCutOffIsNotAnAnswer(String answer) {
        assertThatThrownBy(() -> readAll(answer)).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
            })
    void nonsenseIsRefused(String answer) {
        assertThatThrownBy(() -> readAll(answer)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void headOfAnySizeIsRefused() {
        assertThatThrownBy(() -> readAll("HTTP/1.1 200 " + "x".repeat(100_000))).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> readAll("HTTP/1.1 200 OK\r\n" + endlessHeaders() + "\r\n"))
                .isInstanceOf(ProtocolException.class);
    }

    private static String endlessHeaders() {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            headers.append("X-").append(i).append(": 1\r\n");
        }
        return headers.toString();
    }

    private static String readAll(String answer) throws IOException {
        InputStream in = pieces(answer, 1000);
        return text(HttpHead.read(in).body(in));
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** As a socket would: never more than so many bytes at once. */
    static InputStream pieces(String text, int atMost) {
        return pieces(text.getBytes(StandardCharsets.ISO_8859_1), atMost);
    }

    static InputStream pieces(byte[] all, int atMost) {
        return new ByteArrayInputStream(all) {
            @Override
            public synchronized int read(byte[] bytes, int from, int length) {
                return super.read(bytes, from, Math.min(length, atMost));
            }
        };
    }
}
