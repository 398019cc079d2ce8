package io.ruori.http.codec;

import java.util.Comparator;

/**
 * The order of keys in YAML: digits count as numbers, so {@code item2} stands before {@code item10}, and signs stand
 * before letters.
 */
final class NaturalOrder implements Comparator<String> {
    static final NaturalOrder INSTANCE = new NaturalOrder();

    private NaturalOrder() {}

    @Override
    public int compare(String left, String right) {
        int[] a = left.codePoints().toArray();
        int[] b = right.codePoints().toArray();
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            if (a[i] != b[i]) {
                return atDifference(a, b, i);
            }
        }
        return Integer.compare(a.length, b.length);
    }

    private static int atDifference(int[] a, int[] b, int at) {
        boolean isLetterA = Character.isLetter(a[at]);
        boolean isLetterB = Character.isLetter(b[at]);
        if (isLetterA && isLetterB) {
            return Integer.compare(a[at], b[at]);
        }
        if (isLetterA || isLetterB) {
            return isLetterA ? 1 : -1;
        }
        // Digits before this place make a zero here significant: 101 and 110 differ from 01 and 10.
        long start = (a[at] == '0' || b[at] == '0') && hasNumberBefore(a, at) ? 1 : 0;
        int endA = digitsEnd(a, at);
        int endB = digitsEnd(b, at);
        int byNumber = Long.compare(number(a, at, endA, start), number(b, at, endB, start));
        if (byNumber != 0) {
            return byNumber;
        }
        return endA != endB ? Integer.compare(endA, endB) : Integer.compare(a[at], b[at]);
    }

    private static boolean hasNumberBefore(int[] text, int at) {
        for (int i = at - 1; i >= 0 && Character.isDigit(text[i]); i--) {
            if (text[i] != '0') {
                return true;
            }
        }
        return false;
    }

    private static int digitsEnd(int[] text, int from) {
        int end = from;
        while (end < text.length && Character.isDigit(text[end])) {
            end++;
        }
        return end;
    }

    private static long number(int[] text, int from, int to, long start) {
        long value = start;
        for (int i = from; i < to; i++) {
            value = value * 10 + text[i] - '0';
        }
        return value;
    }
}
