package io.ruori.schema.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of facts, read from its text form; the file's head explains the form. */
record Facts(List<Definition> definitions) {

    /**
     * A definition.
     *
     * @param groupVersion of the kinds in its package; empty for packages without kinds
     * @param facts by name; a fact without a value maps to the empty text
     */
    record Definition(
            String packageName,
            String groupVersion,
            String simpleName,
            Map<String, String> facts,
            Map<String, Map<String, String>> fields) {
        String name() {
            return packageName + "." + simpleName;
        }

        boolean has(String fact) {
            return facts.containsKey(fact);
        }

        @Nullable
        String fact(String name) {
            return facts.get(name);
        }

        Map<String, String> field(String jsonName) {
            return fields.getOrDefault(jsonName, Map.of());
        }
    }

    static Facts parse(List<String> lines) {
        List<Definition> definitions = new ArrayList<>();
        String packageName = "";
        String groupVersion = "";
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split(" +");
            if (line.startsWith("package ")) {
                packageName = words[1];
                groupVersion = words.length > 2 ? words[2] : "";
            } else if (line.startsWith(" ")) {
                definitions.getLast().fields().put(words[0], facts(words));
            } else {
                definitions.add(
                        new Definition(packageName, groupVersion, words[0], facts(words), new LinkedHashMap<>()));
            }
        }
        return new Facts(definitions);
    }

    private static Map<String, String> facts(String[] words) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            facts.put(pair[0], pair.length > 1 ? pair[1] : "");
        }
        return facts;
    }
}
