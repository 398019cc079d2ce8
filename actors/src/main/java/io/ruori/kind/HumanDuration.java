package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Durations as {@code kubectl get} shows them: two units at most, coarser as they grow. */
public final class HumanDuration {
    public static final String UNKNOWN = "<unknown>";

    private HumanDuration() {}

    /** The age of a time field, or {@code <unknown>} where it is unset. */
    public static String since(JsonNode time, Instant now) {
        Instant then = instant(time);
        return then == null ? UNKNOWN : of(Duration.between(then, now));
    }

    public static String age(JsonNode object, Instant now) {
        return since(Json.at(object, "metadata", "creationTimestamp"), now);
    }

    /** An RFC 3339 time, or null where there is none. */
    public static @Nullable Instant instant(JsonNode time) {
        if (!time.isTextual() || time.textValue().isEmpty()) {
            return null;
        }
        String text = time.textValue();
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    public static String of(Duration duration) {
        // Truncated towards zero, as upstream does; up to two seconds of clock difference are let pass.
        long seconds = duration.toMillis() / 1000;
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return two(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        long days = hours / 24;
        if (days < 8) {
            return two(days, "d", hours % 24, "h");
        }
        if (days < 365 * 2) {
            return days + "d";
        }
        return days < 365 * 8 ? two(days / 365, "y", days % 365, "d") : days / 365 + "y";
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : small + smallUnit);
    }
}
