package io.ruori.http;

import io.ruori.api.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fixed bearer tokens from a file of lines {@code token,user,uid,"group1,group2"}, as upstream's {@code --token-auth-file}. It
 * is read once, at start. Tokens are kept as digests, so that finding one takes the same time whatever it shares with others.
 */
final class TokenFile {
    static final TokenFile NONE = new TokenFile();
    private static final int LEAST_COLUMNS = 3;

    private final Map<String, User> users = new HashMap<>();

    private TokenFile() {}

    static TokenFile read(Path file) throws IOException {
        TokenFile tokens = new TokenFile();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                tokens.add(columns(line), file + ", line " + number);
            }
        }
        return tokens;
    }

    private void add(List<String> columns, String where) throws IOException {
        if (columns.size() < LEAST_COLUMNS) {
            throw new IOException(where + ": needs at least token, user and uid");
        }
        if (columns.getFirst().isEmpty()) {
            throw new IOException(where + ": has an empty token");
        }
        List<String> groups = new ArrayList<>();
        if (columns.size() > LEAST_COLUMNS) {
            for (String group : columns.get(LEAST_COLUMNS).split(",")) {
                if (!group.isBlank()) {
                    groups.add(group.strip());
                }
            }
        }
        groups.add(Authentication.AUTHENTICATED);
        users.put(digest(columns.getFirst()), new User(columns.get(1), columns.get(2), List.copyOf(groups)));
    }

    /** The columns of a line; a quoted one may hold commas, and a quote twice. */
    private static List<String> columns(String line) {
        List<String> columns = new ArrayList<>();
        StringBuilder column = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                column.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                columns.add(column.toString().strip());
                column.setLength(0);
            } else {
                column.append(c);
            }
        }
        columns.add(column.toString().strip());
        return columns;
    }

    Optional<User> find(String token) {
        return users.isEmpty() ? Optional.empty() : Optional.ofNullable(users.get(digest(token)));
    }

    private static String digest(String token) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
