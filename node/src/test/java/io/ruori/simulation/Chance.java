package io.ruori.simulation;

import java.lang.reflect.Field;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes the chance that libraries take from their thread follow a seed: back-offs of supervisors, for one. Needs {@code
 * --add-opens java.base/java.lang=ALL-UNNAMED}, since the JDK has no door for it.
 */
final class Chance {
    private static final Field SEED = seed();

    private Chance() {}

    static void follow(long seed) {
        // The first use by a thread sets its seed.
        ThreadLocalRandom.current();
        try {
            SEED.setLong(Thread.currentThread(), seed * 0x9E3779B97F4A7C15L);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Field seed() {
        try {
            Field field = Thread.class.getDeclaredField("threadLocalRandomSeed");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
