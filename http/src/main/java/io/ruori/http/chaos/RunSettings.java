package io.ruori.http.chaos;

import java.nio.file.Path;
import java.util.List;

/**
 * @param seed of the faults and of what clients choose
 * @param rate writes a second that clients ask for, all together
 * @param keys how many objects they write to
 * @param masterSettings of the masters, as key=value
 * @param launcher the program that starts masters
 * @param data where processes keep their data
 */
public record RunSettings(
        int masters,
        int faults,
        long seed,
        int rate,
        int keys,
        List<String> masterSettings,
        Path launcher,
        Path data,
        Path report) {}
