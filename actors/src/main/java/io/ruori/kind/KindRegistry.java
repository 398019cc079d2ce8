package io.ruori.kind;

import io.ruori.api.KindName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds this server knows. Immutable; a change of the set makes a new one. */
public final class KindRegistry {
    private final Map<KindName, Kind> byName = new LinkedHashMap<>();
    private final Map<String, Kind> byApiVersionAndKind = new LinkedHashMap<>();

    public KindRegistry(Collection<Kind> kinds) {
        for (Kind kind : kinds) {
            byName.put(kind.name(), kind);
            byApiVersionAndKind.put(kind.apiVersion() + "/" + kind.kind(), kind);
        }
    }

    public Collection<Kind> all() {
        return byName.values();
    }

    public @Nullable Kind find(KindName name) {
        return byName.get(name);
    }

    /** The descriptor of a kind that must be known: of an object that is stored already. */
    public Kind get(KindName name) {
        Kind found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no such kind: " + name);
        }
        return found;
    }

    public Optional<Kind> find(String apiVersion, String kind) {
        return Optional.ofNullable(byApiVersionAndKind.get(apiVersion + "/" + kind));
    }
}
