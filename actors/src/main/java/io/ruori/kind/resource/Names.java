package io.ruori.kind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import io.ruori.kind.Syntax;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Names of drivers, pools, devices and their attributes, and lists of limited length. */
final class Names {
    private static final int DRIVER_LENGTH = 63;
    private static final int POOL_LENGTH = 253;
    private static final int IDENTIFIER_LENGTH = 32;
    private static final String IDENTIFIER = "[A-Za-z_][A-Za-z0-9_]*";

    private Names() {}

    static KindBuilder kind(String kind, String plural) {
        return Kind.of("resource.k8s.io", "v1", kind, plural, "io.k8s.api.resource.v1." + kind);
    }

    static void driver(String name, String path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path, "");
            return;
        }
        if (name.length() > DRIVER_LENGTH) {
            errors.tooLong(path, DRIVER_LENGTH);
        }
        Checks.each(Syntax.dnsSubdomain(name.toLowerCase(Locale.ROOT)), path, name, errors);
    }

    static void pool(String name, String path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path, "");
            return;
        }
        if (name.length() > POOL_LENGTH) {
            errors.tooLong(path, POOL_LENGTH);
        }
        for (String part : name.split("/", -1)) {
            Checks.each(Syntax.dnsSubdomain(part), path, part, errors);
        }
    }

    static void label(JsonNode parent, String field, String path, FieldErrors errors) {
        String name = Json.text(parent, field);
        Checks.each(Syntax.dnsLabel(name), path + "." + field, name, errors);
    }

    /** An identifier, maybe in a domain. */
    static void qualified(String name, String path, FieldErrors errors) {
        int slash = name.indexOf('/');
        if (name.isEmpty()) {
            errors.required(path, "name required");
        } else if (slash < 0) {
            identifier(name, path, errors);
        } else {
            part(name.substring(0, slash), "the domain must not be empty", path, Names::driver, errors);
            part(name.substring(slash + 1), "the name must not be empty", path, Names::identifier, errors);
        }
    }

    static void fullyQualified(String name, String path, FieldErrors errors) {
        qualified(name, path, errors);
        if (!name.isEmpty() && name.indexOf('/') < 0) {
            errors.invalid(path, name, "must include a domain");
        }
    }

    /** Checks one part of a name. */
    private interface Check {
        void of(String part, String path, FieldErrors errors);
    }

    private static void part(String part, String whenEmpty, String path, Check check, FieldErrors errors) {
        if (part.isEmpty()) {
            errors.invalid(path, "", whenEmpty);
        } else {
            check.of(part, path, errors);
        }
    }

    private static void identifier(String name, String path, FieldErrors errors) {
        if (name.length() > IDENTIFIER_LENGTH) {
            errors.tooLong(path, IDENTIFIER_LENGTH);
        }
        if (!name.matches(IDENTIFIER)) {
            errors.invalid(
                    path,
                    name,
                    "a valid C identifier must start with alphabetic character or '_', followed by a string of"
                            + " alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used"
                            + " for validation is '" + IDENTIFIER + "')");
        }
    }

    static void list(
            JsonNode parent,
            String list,
            int most,
            String path,
            BiConsumer<JsonNode, String> check,
            FieldErrors errors) {
        int size = parent.path(list).size();
        if (size > most) {
            errors.tooMany(path + "." + list, size, most);
        }
        Checks.eachOf(parent, list, path, check);
    }

    /** As {@link #list}, of elements that differ by a key. */
    static void set(
            JsonNode parent,
            String list,
            int most,
            String path,
            Function<JsonNode, String> key,
            BiConsumer<JsonNode, String> check,
            FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        list(
                parent,
                list,
                most,
                path,
                (element, at) -> {
                    check.accept(element, at);
                    if (!seen.add(key.apply(element))) {
                        errors.duplicate(at, key.apply(element));
                    }
                },
                errors);
    }

    /** Says which of several fields are set where exactly one must be. */
    static void exactlyOne(List<String> set, String path, String none, String many, FieldErrors errors) {
        if (set.isEmpty()) {
            errors.required(path, none);
        } else if (set.size() > 1) {
            errors.invalid(path, "{" + String.join(", ", set) + "}", many);
        }
    }
}
