package io.ruori.node.core;

import java.time.Duration;
import java.util.Locale;

/** Durations as Kubernetes' messages write them: {@code 10s}, {@code 1m20s}, {@code 5m0s}, {@code 350ms}. */
public final class GoDuration {
    private GoDuration() {}

    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + "ms";
        }
        long minutes = millis / 60_000;
        long rest = millis % 60_000;
        String seconds = rest % 1000 == 0
                ? Long.toString(rest / 1000)
                : String.format(Locale.ROOT, "%.3f", rest / 1000.0).replaceAll("0+$", "");
        if (minutes == 0) {
            return seconds + "s";
        }
        return minutes < 60 ? minutes + "m" + seconds + "s" : minutes / 60 + "h" + minutes % 60 + "m" + seconds + "s";
    }
}
