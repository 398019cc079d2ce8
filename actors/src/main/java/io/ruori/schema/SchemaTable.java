package io.ruori.schema;

import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Any;
import io.ruori.core.schema.Schema.Field;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.ListType;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of schemas, with a compact binary form: a table of all texts, the definitions, and the kinds. The form is read
 * only by the build that wrote it, so it carries no version.
 */
public final class SchemaTable implements Schemas {
    private static final int ANY = 0;
    private static final int SCALAR = 1;
    private static final int REF = 2;
    private static final int MAP = 3;
    private static final int LIST = 4;
    private static final int STRUCT = 5;

    private static final int REQUIRED = 1;
    private static final int MERGE = 2;
    private static final int RETAIN_KEYS = 4;
    private static final int HAS_MERGE_KEY = 8;

    private final Map<String, Schema> definitions;
    private final Map<String, String> kinds;

    /**
     * @param kinds {@link #kindKey} to the name of a definition
     */
    public SchemaTable(Map<String, Schema> definitions, Map<String, String> kinds) {
        this.definitions = definitions;
        this.kinds = kinds;
    }

    public static String kindKey(String group, String version, String kind) {
        return group + "/" + version + "/" + kind;
    }

    @Override
    public Schema named(String name) {
        Schema found = definitions.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no definition " + name);
        }
        return found;
    }

    @Override
    public Schema resolve(Schema schema) {
        Schema found = schema;
        while (found instanceof Ref ref) {
            found = named(ref.name());
        }
        return found;
    }

    @Override
    public Optional<Struct> ofKind(String group, String version, String kind) {
        String name = kinds.get(kindKey(group, version, kind));
        return name != null && named(name) instanceof Struct struct ? Optional.of(struct) : Optional.empty();
    }

    public Map<String, Schema> definitions() {
        return Collections.unmodifiableMap(definitions);
    }

    public void write(OutputStream out) throws IOException {
        Map<String, Integer> texts = new LinkedHashMap<>();
        new Writer(null, texts).table(this);
        DataOutputStream data = new DataOutputStream(out);
        data.writeShort(texts.size());
        for (String text : texts.keySet()) {
            data.writeUTF(text);
        }
        new Writer(data, texts).table(this);
        data.flush();
    }

    public static SchemaTable read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        String[] texts = new String[data.readUnsignedShort()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = data.readUTF();
        }
        return new Reader(data, texts).table();
    }

    /** Writes once to learn the texts, once for good. */
    @SuppressWarnings("EnumOrdinal") // stable for as long as the form is: one build
    private record Writer(@Nullable DataOutputStream out, Map<String, Integer> texts) {
        void table(SchemaTable table) throws IOException {
            number(table.definitions.size());
            for (Map.Entry<String, Schema> e : table.definitions.entrySet()) {
                text(e.getKey());
                schema(e.getValue());
            }
            number(table.kinds.size());
            for (Map.Entry<String, String> e : table.kinds.entrySet()) {
                text(e.getKey());
                text(e.getValue());
            }
        }

        private void schema(Schema schema) throws IOException {
            switch (schema) {
                case Any() -> flags(ANY);
                case Scalar(Schema.Type type) -> {
                    flags(SCALAR);
                    flags(type.ordinal());
                }
                case Ref(String name) -> {
                    flags(REF);
                    text(name);
                }
                case MapOf(Schema values, boolean atomic) -> {
                    flags(MAP);
                    flags(atomic ? 1 : 0);
                    schema(values);
                }
                case ListOf(Schema items, ListType type, List<String> keys) -> {
                    flags(LIST);
                    flags(type.ordinal());
                    flags(keys.size());
                    for (String key : keys) {
                        text(key);
                    }
                    schema(items);
                }
                case Struct(String name, Map<String, Field> fields, boolean atomic, boolean open) -> {
                    flags(STRUCT);
                    text(name);
                    flags(atomic ? 1 : 0);
                    number(fields.size());
                    for (Map.Entry<String, Field> e : fields.entrySet()) {
                        text(e.getKey());
                        field(e.getValue());
                    }
                }
            }
        }

        private void field(Field field) throws IOException {
            boolean hasKey = !field.patchMergeKey().isEmpty();
            flags((field.required() ? REQUIRED : 0)
                    | (field.patchMerge() ? MERGE : 0)
                    | (field.patchRetainKeys() ? RETAIN_KEYS : 0)
                    | (hasKey ? HAS_MERGE_KEY : 0));
            if (hasKey) {
                text(field.patchMergeKey());
            }
            schema(field.type());
        }

        private void text(String text) throws IOException {
            Integer index = texts.putIfAbsent(text, texts.size());
            number(index == null ? texts.size() - 1 : index);
        }

        private void number(int number) throws IOException {
            if (out != null) {
                out.writeShort(number);
            }
        }

        private void flags(int flags) throws IOException {
            if (out != null) {
                out.writeByte(flags);
            }
        }
    }

    private record Reader(DataInputStream in, String[] texts) {
        private static final Schema.Type[] TYPES = Schema.Type.values();
        private static final ListType[] LIST_TYPES = ListType.values();

        SchemaTable table() throws IOException {
            int size = in.readUnsignedShort();
            Map<String, Schema> definitions = HashMap.newHashMap(size);
            for (int i = 0; i < size; i++) {
                definitions.put(text(), schema());
            }
            int kindCount = in.readUnsignedShort();
            Map<String, String> kinds = HashMap.newHashMap(kindCount);
            for (int i = 0; i < kindCount; i++) {
                kinds.put(text(), text());
            }
            return new SchemaTable(definitions, kinds);
        }

        private Schema schema() throws IOException {
            int tag = in.readUnsignedByte();
            return switch (tag) {
                case ANY -> new Any();
                case SCALAR -> new Scalar(TYPES[in.readUnsignedByte()]);
                case REF -> new Ref(text());
                case MAP -> map(in.readBoolean());
                case LIST -> list(LIST_TYPES[in.readUnsignedByte()]);
                case STRUCT -> struct();
                default -> throw new IOException("no such schema tag: " + tag);
            };
        }

        private MapOf map(boolean atomic) throws IOException {
            return new MapOf(schema(), atomic);
        }

        private ListOf list(ListType type) throws IOException {
            int size = in.readUnsignedByte();
            List<String> keys = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                keys.add(text());
            }
            return new ListOf(schema(), type, List.copyOf(keys));
        }

        private Struct struct() throws IOException {
            String name = text();
            boolean atomic = in.readBoolean();
            int size = in.readUnsignedShort();
            Map<String, Field> fields = LinkedHashMap.newLinkedHashMap(size);
            for (int i = 0; i < size; i++) {
                fields.put(text(), field());
            }
            return new Struct(name, Collections.unmodifiableMap(fields), atomic);
        }

        private Field field() throws IOException {
            int flags = in.readUnsignedByte();
            String key = (flags & HAS_MERGE_KEY) == 0 ? "" : text();
            return new Field(schema(), (flags & REQUIRED) != 0, key, (flags & MERGE) != 0, (flags & RETAIN_KEYS) != 0);
        }

        private String text() throws IOException {
            return texts[in.readUnsignedShort()];
        }
    }
}
