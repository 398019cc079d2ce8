package io.ruori.schema;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** The schemas of Kubernetes 1.36's kinds and of the types they are made of. */
public final class BuiltInSchemas {
    /** Where the build puts the structure of the definitions. */
    public static final String RESOURCE = "io/ruori/schema/structure.gz";

    private BuiltInSchemas() {}

    /** Reads them; once per server is enough, since the result never changes. */
    public static SchemaTable load() {
        try (InputStream in = BuiltInSchemas.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("this build lacks its schemas (" + RESOURCE + ")");
            }
            return SchemaTable.read(new BufferedInputStream(new GZIPInputStream(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
