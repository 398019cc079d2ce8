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
    void writeResolvConf(String sandboxId, SandboxSpec.Dns dns) throws IOException {
        if (dns.nameservers().isEmpty() && dns.searches().isEmpty() && dns.options().isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        dns.nameservers().forEach(server -> text.append("nameserver ").append(server).append('\n'));
        line(text, "search", dns.searches());
        line(text, "options", dns.options());
        Path file = directory(sandboxId).resolve("resolv.conf");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    Optional<Path> resolvConf(String sandboxId) {
        return Optional.of(root.resolve(sandboxId).resolve("resolv.conf")).filter(Files::exists);
    }

    /** An empty file that any user in the container may write. */
    Path newTerminationMessage(String sandboxId, String container, int attempt) throws IOException {
        directory(sandboxId);
        Path file = terminationMessageFile(sandboxId, container, attempt);
        Files.write(file, new byte[0]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
    }

    /** Empty when there is none. Undecodable bytes become replacement characters. */
    String terminationMessage(String sandboxId, String container, int attempt) {
        try (InputStream in = Files.newInputStream(terminationMessageFile(sandboxId, container, attempt))) {
            return new String(in.readNBytes(MAX_MESSAGE), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void removeTerminationMessage(String sandboxId, String container, int attempt) throws IOException {
        Files.deleteIfExists(terminationMessageFile(sandboxId, container, attempt));
    }

    void remove(String sandboxId) throws IOException {
        Path directory = root.resolve(sandboxId);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(directory);
        }
    }

    private static void line(StringBuilder text, String keyword, List<String> words) {
        if (!words.isEmpty()) {
            text.append(keyword).append(' ').append(String.join(" ", words)).append('\n');
        }
    }

    private Path terminationMessageFile(String sandboxId, String container, int attempt) {
        return root.resolve(sandboxId).resolve(container + "_" + attempt + ".termination-message");
    }

    private Path directory(String sandboxId) throws IOException {
        Path directory = root.resolve(sandboxId);
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(root);
            try {
                Files.createDirectory(
                        directory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                // Another container of the same Pod was faster.
            }
        }
        return directory;
    }
}
