package io.ruori.http.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/clients.md} names tests as its proof: they exist. */
final class ClientsPageTest {
    private static final Pattern TOLD_BY = Pattern.compile("`([A-Z]\\w+Test)\\.(\\w+)`");
    private static final List<String> PACKAGES = List.of("io.ruori.http.e2e.", "io.ruori.http.clients.");

    @Test
    void everyTestThatThePageNamesExists() throws IOException {
        String page = Files.readString(repository().resolve("docs/clients.md"));
        List<MatchResult> named = TOLD_BY.matcher(page).results().toList();
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(named)
                .allSatisfy(
                        one -> assertThat(methods(one.group(1))).as(one.group()).contains(one.group(2)));
    }

    private static List<String> methods(String name) {
        for (String home : PACKAGES) {
            try {
                return Arrays.stream(Class.forName(home + name).getDeclaredMethods())
                        .map(Method::getName)
                        .toList();
            } catch (ClassNotFoundException e) {
                // Perhaps in the other.
                assert e.getMessage() != null;
            }
        }
        return List.of();
    }

    private static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("ruori")) ? here : here.getParent();
    }
}
