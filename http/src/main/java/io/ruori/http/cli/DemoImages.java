package io.ruori.http.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;

/** The images of the demonstration, made by the Docker runtime from this machine's busybox. */
final class DemoImages {
    /** By name: runtimes are on the class path only when running. */
    private static final String MAKER = "io.ruori.runtime.docker.BusyboxImages";

    private DemoImages() {}

    static String web(String version) {
        return "ruori/web:" + version;
    }

    /** Making images that are there changes nothing. */
    static void make(Path socket, List<String> versions) throws IOException {
        try {
            Class<?> maker = Class.forName(MAKER);
            Object images = maker.getMethod("onThisMachine").invoke(null);
            maker.getMethod("load", Path.class, List.class).invoke(images, socket, versions);
        } catch (InvocationTargetException e) {
            throw new IOException("cannot make the images: " + Problem.line(e.getTargetException()), e);
        } catch (ReflectiveOperationException e) {
            throw new IOException("this build cannot make images", e);
        }
    }
}
