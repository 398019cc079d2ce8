package io.ruori.persistence.format;

import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Owner;
import io.ruori.api.RequestId;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an event and of a state, schemas 1 and 2.
 *
 * <pre>
 * event  = schema type object origin request notes json
 * state  = schema kind ( revision | object json )
 * object = group resource namespace name revision uid labels owners deletedAt fields
 * origin = user uid groups manager source why cause
 * request = began salt                     in schema 2; events of no request are written in schema 1
 * note   = warning reason message group resource namespace name uid fieldPath component
 * </pre>
 *
 * The object's header is written out beside its JSON, so that reading copies one array and parses nothing. The numbers of types
 * are part of the format. Maps are written in key order, so equal events have equal bytes. A new schema gets a new number and
 * its own reading method; old ones are read for ever.
 */
public final class ObjectEventFormat {
    public static final int SCHEMA = 1;

    /** Of events that know the request they came of. */
    private static final int WITH_REQUEST = 2;

    private static final int CREATED = 1;
    private static final int UPDATED = 2;
    private static final int DELETED = 3;

    private static final int ABSENT = 1;
    private static final int LIVE = 2;
    private static final int TERMINATING = 3;

    private static final int CONTROLLER = 1;
    private static final int BLOCKS_DELETION = 2;

    /** A header's usual size; more only costs a copy. */
    private static final int HEADER_SIZE = 1024;

    private ObjectEventFormat() {}

    public static byte[] write(ObjectEvent event) {
        ByteWriter out = new ByteWriter(expectedSize(event));
        write(event, out);
        return out.toByteArray();
    }

    public static int expectedSize(ObjectEvent event) {
        return event.object().json().length + HEADER_SIZE;
    }

    public static void write(ObjectEvent event, ByteWriter out) {
        RequestId request = event.origin().request();
        out.u8(request.isNone() ? SCHEMA : WITH_REQUEST).u8(type(event));
        object(event.object(), out);
        origin(event.origin(), out);
        if (!request.isNone()) {
            out.i64(request.began().value()).i64(request.salt());
        }
        notes(event.notes(), out);
        out.block(event.object().json());
    }

    /** Reads an event. Fails with {@link MalformedRecord}. */
    public static ObjectEvent read(byte[] bytes) {
        return read(new ByteReader(bytes));
    }

    public static ObjectEvent read(ByteReader in) {
        int schema = in.u8();
        if (schema != WITH_REQUEST) {
            checkSchema(schema);
        }
        int type = in.u8();
        Header header = header(in);
        Origin origin = origin(in);
        if (schema == WITH_REQUEST) {
            origin = origin.of(new RequestId(new Revision(in.i64()), in.i64()));
        }
        List<Note> notes = notes(in);
        StoredObject object = header.object(in.block());
        in.end();
        return switch (type) {
            case CREATED -> new ObjectEvent.Created(object, origin, notes);
            case UPDATED -> new ObjectEvent.Updated(object, origin, notes);
            case DELETED -> new ObjectEvent.Deleted(object, origin, notes);
            default -> throw new MalformedRecord("no event has the number " + type);
        };
    }

    public static byte[] writeState(ObjectState state) {
        return switch (state) {
            case ObjectState.Absent absent ->
                new ByteWriter(Long.BYTES + 2)
                        .u8(SCHEMA)
                        .u8(ABSENT)
                        .i64(absent.revision().value())
                        .toByteArray();
            case ObjectState.Live live -> state(LIVE, live.object());
            case ObjectState.Terminating terminating -> state(TERMINATING, terminating.object());
        };
    }

    private static byte[] state(int kind, StoredObject object) {
        ByteWriter out = new ByteWriter(object.json().length + HEADER_SIZE);
        out.u8(SCHEMA).u8(kind);
        object(object, out);
        return out.block(object.json()).toByteArray();
    }

    /** Reads a state. Fails with {@link MalformedRecord}. */
    public static ObjectState readState(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        checkSchema(in.u8());
        int kind = in.u8();
        ObjectState state = switch (kind) {
            case ABSENT -> new ObjectState.Absent(new Revision(in.i64()));
            case LIVE -> new ObjectState.Live(header(in).object(in.block()));
            case TERMINATING -> new ObjectState.Terminating(header(in).object(in.block()));
            default -> throw new MalformedRecord("no state has the number " + kind);
        };
        in.end();
        return state;
    }

    /** An object alone: {@code schema object json}. */
    public static void writeObject(StoredObject object, ByteWriter out) {
        out.u8(SCHEMA);
        object(object, out);
        out.block(object.json());
    }

    /** Reads an object. Fails with {@link MalformedRecord}. */
    public static StoredObject readObject(ByteReader in) {
        checkSchema(in.u8());
        return header(in).object(in.block());
    }

    private static int type(ObjectEvent event) {
        return switch (event) {
            case ObjectEvent.Created created -> CREATED;
            case ObjectEvent.Updated updated -> UPDATED;
            case ObjectEvent.Deleted deleted -> DELETED;
        };
    }

    private static void checkSchema(int schema) {
        if (schema != SCHEMA) {
            throw new MalformedRecord("schema " + schema + " is not known to this version");
        }
    }

    private static void object(StoredObject object, ByteWriter out) {
        key(object.key(), out);
        out.i64(object.revision().value()).text(object.uid().value());
        map(object.labels(), out);
        out.count(object.owners().size());
        for (Owner owner : object.owners()) {
            out.text(owner.apiVersion())
                    .text(owner.kind())
                    .text(owner.name())
                    .text(owner.uid().value())
                    .u8((owner.controller() ? CONTROLLER : 0) | (owner.blockDeletion() ? BLOCKS_DELETION : 0));
        }
        Instant deletedAt = object.deletedAt();
        if (deletedAt == null) {
            out.u8(0);
        } else {
            out.u8(1).i64(deletedAt.getEpochSecond()).i32(deletedAt.getNano());
        }
        map(object.fields(), out);
    }

    private static Header header(ByteReader in) {
        return new Header(
                key(in),
                new Revision(in.i64()),
                new Uid(in.text()),
                map(in),
                owners(in),
                in.u8() == 0 ? null : Instant.ofEpochSecond(in.i64(), in.i32()),
                map(in));
    }

    private static List<Owner> owners(ByteReader in) {
        int count = in.count();
        if (count == 0) {
            return List.of();
        }
        List<Owner> owners = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String apiVersion = in.text();
            String kind = in.text();
            String name = in.text();
            Uid uid = new Uid(in.text());
            int flags = in.u8();
            owners.add(
                    new Owner(apiVersion, kind, name, uid, (flags & CONTROLLER) != 0, (flags & BLOCKS_DELETION) != 0));
        }
        return List.copyOf(owners);
    }

    private static void origin(Origin origin, ByteWriter out) {
        User user = origin.user();
        out.text(user.name()).text(user.uid()).count(user.groups().size());
        for (String group : user.groups()) {
            out.text(group);
        }
        out.text(origin.manager())
                .text(origin.source())
                .text(origin.why())
                .i64(origin.cause().value());
    }

    private static Origin origin(ByteReader in) {
        String name = in.text();
        String uid = in.text();
        int count = in.count();
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            groups.add(in.text());
        }
        User user = new User(name, uid, List.copyOf(groups));
        return new Origin(user, in.text(), in.text(), in.text(), new Revision(in.i64()));
    }

    private static void notes(List<Note> notes, ByteWriter out) {
        out.count(notes.size());
        for (Note note : notes) {
            out.u8(note.warning() ? 1 : 0).text(note.reason()).text(note.message());
            key(note.regarding(), out);
            out.text(note.regardingUid().value()).text(note.fieldPath()).text(note.component());
        }
    }

    private static List<Note> notes(ByteReader in) {
        int count = in.count();
        if (count == 0) {
            return List.of();
        }
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            notes.add(new Note(in.u8() != 0, in.text(), in.text(), key(in), new Uid(in.text()), in.text(), in.text()));
        }
        return List.copyOf(notes);
    }

    private static void key(ObjectKey key, ByteWriter out) {
        out.text(key.kind().group())
                .text(key.kind().resource())
                .text(key.namespace())
                .text(key.name());
    }

    private static ObjectKey key(ByteReader in) {
        return new ObjectKey(new KindName(in.text(), in.text()), in.text(), in.text());
    }

    private static void map(Map<String, String> map, ByteWriter out) {
        out.count(map.size());
        Map<String, String> sorted = map.size() > 1 ? new TreeMap<>(map) : map;
        sorted.forEach((key, value) -> out.text(key).text(value));
    }

    private static Map<String, String> map(ByteReader in) {
        int count = in.count();
        if (count == 0) {
            return Map.of();
        }
        if (count == 1) {
            return Map.of(in.text(), in.text());
        }
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < count; i++) {
            map.put(in.text(), in.text());
        }
        return Map.copyOf(map);
    }

    private record Header(
            ObjectKey key,
            Revision revision,
            Uid uid,
            Map<String, String> labels,
            List<Owner> owners,
            @Nullable Instant deletedAt,
            Map<String, String> fields) {

        StoredObject object(byte[] json) {
            return new StoredObject(key, uid, revision, labels, owners, deletedAt, fields, json, null);
        }
    }
}
