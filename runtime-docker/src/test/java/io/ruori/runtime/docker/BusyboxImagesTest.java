package io.ruori.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The archives and programs that images are made of. */
class BusyboxImagesTest {

    @Test
    void anArchiveHasTheShapeTarExpects() {
        byte[] tar = new Tar()
                .directory("etc", 0755)
                .file("etc/hello", 0644, "hello")
                .link("hi", "etc/hello")
                .bytes();

        assertThat(tar).hasSize(512 * (1 + 2 + 1 + 2));
        assertThat(field(tar, 512, 100)).isEqualTo("etc/hello");
        assertThat(field(tar, 512 + 100, 8)).isEqualTo("0000644");
        assertThat(field(tar, 512 + 124, 12)).isEqualTo("00000000005");
        assertThat(field(tar, 1024, 10)).isEqualTo("hello");
        assertThat(field(tar, 1536 + 157, 100)).isEqualTo("etc/hello");
        int sum = 8 * ' ';
        for (int i = 512; i < 1024; i++) {
            sum += i >= 512 + 148 && i < 512 + 156 ? 0 : tar[i];
        }
        assertThat(Integer.parseInt(field(tar, 512 + 148, 7), 8)).isEqualTo(sum);
        assertThatThrownBy(() -> new Tar().file("x".repeat(101), 0644, "")).hasMessageContaining("too long");
    }

    @Test
    void onlyAProgramWithoutInterpreterIsStatic() {
        assertThat(BusyboxImages.isStatic(elf(1, 2, 4))).isTrue();
        assertThat(BusyboxImages.isStatic(elf(1, 3, 2))).isFalse();
        assertThat(BusyboxImages.isStatic("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    private static byte[] elf(int... segmentTypes) {
        ByteBuffer elf = ByteBuffer.allocate(64 + 56 * segmentTypes.length).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1});
        elf.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) segmentTypes.length);
        for (int i = 0; i < segmentTypes.length; i++) {
            elf.putInt(64 + 56 * i, segmentTypes[i]);
        }
        return elf.array();
    }

    private static String field(byte[] tar, int at, int width) {
        String text = new String(tar, at, width, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
