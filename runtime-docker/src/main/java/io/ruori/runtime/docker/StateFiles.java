package io.ruori.runtime.docker;

import io.ruori.node.runtime.SandboxSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that containers see through bind mounts: one directory per sandbox, removed with it. The directories are
 * private; a container reaches only the file that is mounted into it.
 */
final class StateFiles {
    /** Kubernetes' limit for a termination message. */
    private static final int MAX_MESSAGE = 4096;

    private final Path root;

    StateFiles(Path stateDirectory) {
        this.root = stateDirectory.resolve("sandboxes");
    }

    /** Nothing is written when the Pod has no DNS settings of its own. */
    void writeResolvConf(String sandboxId, SandboxSpec.Dns dns) {
        if (dns.nameservers().isEmpty()
                && dns.searches().isEmpty()
                && dns.options().isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        dns.nameservers()
                .forEach(server -> text.append("nameserver ").append(server).append('\n'));
        line(text, "search", dns.searches());
        line(text, "options", dns.options());
        write(sandboxId, "resolv.conf", text.toString(), "rw-r--r--");
    }

    Optional<Path> resolvConf(String sandboxId) {
        return Optional.of(root.resolve(sandboxId).resolve("resolv.conf")).filter(Files::exists);
    }

    /** An empty file that any user in the container may write. */
    Path newTerminationMessage(String sandboxId, String container, int attempt) {
        return write(sandboxId, terminationMessageName(container, attempt), "", "rw-rw-rw-");
    }

    /** Empty when there is none. Undecodable bytes become replacement characters. */
    String terminationMessage(String sandboxId, String container, int attempt) {
        try (InputStream in =
                Files.newInputStream(root.resolve(sandboxId).resolve(terminationMessageName(container, attempt)))) {
            return new String(in.readNBytes(MAX_MESSAGE), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void removeTerminationMessage(String sandboxId, String container, int attempt) {
        delete(root.resolve(sandboxId).resolve(terminationMessageName(container, attempt)));
    }

    void remove(String sandboxId) {
        Path directory = root.resolve(sandboxId);
        try (Stream<Path> files = Files.list(directory)) {
            files.toList().forEach(StateFiles::delete);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        delete(directory);
    }

    private static void line(StringBuilder text, String keyword, List<String> words) {
        if (!words.isEmpty()) {
            text.append(keyword).append(' ').append(String.join(" ", words)).append('\n');
        }
    }

    private static String terminationMessageName(String container, int attempt) {
        return container + "_" + attempt + ".termination-message";
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path write(String sandboxId, String name, String text, String mode) {
        Path directory = root.resolve(sandboxId);
        try {
            Files.createDirectories(root);
            makePrivate(directory);
            Path file = Files.writeString(directory.resolve(name), text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // Made for another container of the same Pod.
        }
    }
}
