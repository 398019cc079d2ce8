package io.ruori.http.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Command-line options that become settings; settings given as {@code -D} through {@code RUORI_JAVA_FLAGS} come first. */
final class ServerOptions {
    private final Map<String, String> settings = new LinkedHashMap<>();

    ServerOptions set(String key, Object value) {
        settings.put(key, value.toString());
        return this;
    }

    /** A list, as the loader wants lists that come from system properties. */
    ServerOptions set(String key, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            settings.put(key + "." + i, values.get(i));
        }
        return this;
    }

    /** System properties, since settings refer to each other and only the loader resolves that. */
    Config load() {
        settings.forEach((key, value) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
            }
        });
        ConfigFactory.invalidateCaches();
        return ConfigFactory.load();
    }
}
