package io.ruori.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A tar archive (ustar) in memory, the same bytes for the same contents: no times, everything owned by root. */
final class Tar {
    private static final int BLOCK = 512;
    private static final int MAX_NAME = 100;
    private static final char FILE = '0';
    private static final char LINK = '2';
    private static final char DIRECTORY = '5';

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Tar file(String name, int mode, byte[] contents) {
        header(name, mode, contents.length, FILE, "");
        out.writeBytes(contents);
        pad(contents.length);
        return this;
    }

    Tar file(String name, int mode, String contents) {
        return file(name, mode, contents.getBytes(StandardCharsets.UTF_8));
    }

    Tar directory(String name, int mode) {
        header(name + "/", mode, 0, DIRECTORY, "");
        return this;
    }

    Tar link(String name, String target) {
        header(name, 0777, 0, LINK, target);
        return this;
    }

    /** Nothing may be added afterwards. */
    byte[] bytes() {
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    private void header(String name, int mode, int size, char type, String target) {
        byte[] block = new byte[BLOCK];
        text(block, 0, name);
        octal(block, 100, 8, mode);
        octal(block, 108, 8, 0);
        octal(block, 116, 8, 0);
        octal(block, 124, 12, size);
        octal(block, 136, 12, 0);
        block[156] = (byte) type;
        text(block, 157, target);
        text(block, 257, "ustar");
        text(block, 263, "00");
        // The sum is taken with its own field full of spaces.
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte each : block) {
            sum += each & 0xff;
        }
        octal(block, 148, 7, sum);
        block[154] = 0;
        out.writeBytes(block);
    }

    private void pad(int size) {
        out.writeBytes(new byte[(BLOCK - size % BLOCK) % BLOCK]);
    }

    private static void text(byte[] block, int at, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_NAME) {
            throw new IllegalArgumentException("name too long for this archive: " + value);
        }
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static void octal(byte[] block, int at, int width, int value) {
        String digits = Integer.toOctalString(value);
        text(block, at, "0".repeat(width - 1 - digits.length()) + digits);
    }
}
