package io.ruori.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.Uid;
import io.ruori.node.core.ConfigProblem;
import io.ruori.node.core.ContainerTemplate;
import io.ruori.node.core.EnvResolver;
import io.ruori.node.core.VolumePlan.Content;
import io.ruori.node.core.VolumePlan.Volume;
import io.ruori.node.runtime.ContainerSpec.Mount;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pod volumes on this node's disk, one directory a Pod. Files made from API objects are swapped as a whole: a new directory
 * is written, then the link {@code ..data} is moved onto it, so a reader sees all old or all new. Everything here blocks.
 */
final class VolumeStore {
    private static final String DATA = "..data";

    private final Path root;

    VolumeStore(Path directory) {
        this.root = directory.resolve("pods");
    }

    /** Makes or refreshes all volumes. Safe to repeat. */
    void write(Uid pod, Map<String, Volume> plan) throws ConfigProblem {
        for (Map.Entry<String, Volume> entry : plan.entrySet()) {
            try {
                switch (entry.getValue()) {
                    case Volume.Empty empty -> makeDirectory(path(pod, entry.getKey()), 0777);
                    case Volume.Host host -> checkHost(host);
                    case Volume.Files files -> swap(path(pod, entry.getKey()), files.files());
                }
            } catch (IOException e) {
                throw new ConfigProblem("MountVolume.SetUp failed for volume \"" + entry.getKey() + "\" : " + e);
            }
        }
    }

    /** Where a container sees which volume. */
    List<Mount> mounts(Uid pod, Map<String, Volume> plan, ContainerTemplate container, Map<String, String> env)
            throws ConfigProblem {
        List<Mount> mounts = new ArrayList<>();
        for (JsonNode mount : container.tree().path("volumeMounts")) {
            Volume volume = plan.get(Json.text(mount, "name"));
            if (volume == null) {
                throw new ConfigProblem("volume \"" + Json.text(mount, "name") + "\" is not defined");
            }
            Path source =
                    volume instanceof Volume.Host host ? Path.of(host.path()) : path(pod, Json.text(mount, "name"));
            String subPath = Json.text(mount, "subPath");
            String expression = Json.text(mount, "subPathExpr");
            if (!expression.isEmpty()) {
                subPath =
                        EnvResolver.expandAll(Json.array().add(expression), env).get(0);
            }
            boolean readOnly = mount.path("readOnly").asBoolean(false) || volume instanceof Volume.Files;
            mounts.add(new Mount(within(source, subPath).toString(), Json.text(mount, "mountPath"), readOnly));
        }
        return mounts;
    }

    /** Removes all of a Pod's files. */
    void remove(Uid pod) throws IOException {
        deleteTree(root.resolve(pod.value()));
    }

    private Path path(Uid pod, String volume) {
        return root.resolve(pod.value()).resolve("volumes").resolve(volume);
    }

    private static Path within(Path volume, String subPath) throws ConfigProblem {
        if (subPath.isEmpty()) {
            return volume;
        }
        Path target = volume.resolve(subPath).normalize();
        try {
            if (!target.startsWith(volume)) {
                throw new ConfigProblem("subPath must not leave the volume");
            }
            if (!Files.exists(target)) {
                Files.createDirectories(target);
            }
            // The link inside must not lead out of the volume either.
            Path real = target.toRealPath();
            if (!real.startsWith(volume.toRealPath())) {
                throw new ConfigProblem("subPath must not leave the volume");
            }
            return real;
        } catch (IOException e) {
            throw new ConfigProblem("failed to prepare subPath for volumeMount: " + e.getMessage());
        }
    }

    private static void checkHost(Volume.Host host) throws IOException, ConfigProblem {
        Path path = Path.of(host.path());
        switch (host.type()) {
            case "DirectoryOrCreate" -> makeDirectory(path, 0755);
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                }
            }
            case "Directory" -> require(Files.isDirectory(path), path + " is not a directory");
            case "File" -> require(Files.isRegularFile(path), path + " is not a file");
            // Without a type nothing is checked; Docker would make a missing directory, the kubelet leaves it to the
            // runtime.
            default -> {}
        }
    }

    private static void require(boolean holds, String otherwise) throws ConfigProblem {
        if (!holds) {
            throw new ConfigProblem("hostPath type check failed: " + otherwise);
        }
    }

    private static void swap(Path directory, Map<String, Content> files) throws IOException {
        makeDirectory(directory, 0755);
        Path link = directory.resolve(DATA);
        Path old = Files.isSymbolicLink(link) ? directory.resolve(Files.readSymbolicLink(link)) : null;
        if (old != null && holds(old, files)) {
            return;
        }
        Path fresh = Files.createTempDirectory(directory, "..data_");
        setMode(fresh, 0755);
        for (Map.Entry<String, Content> file : files.entrySet()) {
            Path path = fresh.resolve(file.getKey()).normalize();
            if (!path.startsWith(fresh)) {
                throw new IOException("path must not leave the volume: " + file.getKey());
            }
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().bytes());
            setMode(path, file.getValue().mode());
        }
        Path next = directory.resolve("..data_next");
        Files.deleteIfExists(next);
        Files.createSymbolicLink(next, fresh.getFileName());
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
        linkNames(directory, files.keySet());
        if (old != null) {
            deleteTree(old);
        }
    }

    /** The names a container sees are links through {@code ..data}. */
    private static void linkNames(Path directory, Set<String> paths) throws IOException {
        Set<String> names = new HashSet<>();
        paths.forEach(path -> names.add(path.split("/", 2)[0]));
        for (String name : names) {
            Path link = directory.resolve(name);
            if (!Files.isSymbolicLink(link)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (var present = Files.list(directory)) {
            for (Path path : present.toList()) {
                String name = path.getFileName().toString();
                if (!name.startsWith("..") && !names.contains(name)) {
                    Files.delete(path);
                }
            }
        }
    }

    private static boolean holds(Path directory, Map<String, Content> files) throws IOException {
        try (var walk = Files.walk(directory)) {
            if (walk.filter(Files::isRegularFile).count() != files.size()) {
                return false;
            }
        }
        for (Map.Entry<String, Content> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            if (!Files.isRegularFile(path)
                    || !Arrays.equals(Files.readAllBytes(path), file.getValue().bytes())) {
                return false;
            }
        }
        return true;
    }

    private static void makeDirectory(Path path, int mode) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
            setMode(path, mode);
        }
    }

    private static void setMode(Path path, int mode) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values(); // owner, group, others; read, write, execute
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                permissions.add(all[bit]);
            }
        }
        Files.setPosixFilePermissions(path, permissions);
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
