package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A column of the Table that {@code kubectl get} shows.
 *
 * @param type {@code string}, {@code integer} or {@code boolean}
 * @param format {@code name} for the name column, else empty
 * @param priority 0 always, 1 with {@code -o wide}
 */
public record Column(String name, String type, String format, String description, int priority, Cell cell) {

    /** Computes a cell; ages are relative to {@code now}. Returns a String, Long, Integer, Boolean, or null for an empty cell. */
    @FunctionalInterface
    public interface Cell {
        @org.jspecify.annotations.Nullable
        Object of(JsonNode object, Instant now);
    }
}
