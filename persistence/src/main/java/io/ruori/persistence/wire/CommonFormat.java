package io.ruori.persistence.wire;

import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Quantity;
import io.ruori.api.RequestId;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.admission.Grant;
import io.ruori.persistence.format.MalformedRecord;
import io.ruori.persistence.format.ObjectEventFormat;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * What several messages are made of.
 *
 * <pre>
 * user     = { name uid groups extra }
 * origin   = { user manager source why cause (began salt)? }
 * note     = { warning reason message regarding uid fieldPath component }
 * grant    = { clusterIp nodePorts healthPort }
 * quantity = { scale unscaled format }
 * key      = group resource namespace name
 * </pre>
 *
 * Braces are records.
 */
final class CommonFormat {
    /** More digits than any sum of amounts has. */
    private static final int MAX_DIGITS = 4_000;

    private CommonFormat() {}

    static void key(WireWriter out, ObjectKey key) {
        out.text(key.kind().group())
                .text(key.kind().resource())
                .text(key.namespace())
                .text(key.name());
    }

    static ObjectKey key(WireReader in) {
        return new ObjectKey(new KindName(in.text(), in.text()), in.text(), in.text());
    }

    static void revision(WireWriter out, Revision revision) {
        out.i64(revision.value());
    }

    static Revision revision(WireReader in) {
        return new Revision(in.i64());
    }

    static void instant(WireWriter out, Instant instant) {
        out.i64(instant.getEpochSecond()).i32(instant.getNano());
    }

    static Instant instant(WireReader in) {
        return Instant.ofEpochSecond(in.i64(), in.i32());
    }

    /** In the journal's format: one copy of its JSON, no parsing. */
    static void object(WireWriter out, StoredObject object) {
        out.foreign(bytes -> ObjectEventFormat.writeObject(object, bytes));
    }

    static StoredObject object(WireReader in) {
        return in.foreign(ObjectEventFormat::readObject);
    }

    static void user(WireWriter out, User user) {
        out.record(fields -> fields.text(user.name())
                .text(user.uid())
                .texts(user.groups())
                .map(user.extra(), WireWriter::text, WireWriter::texts));
    }

    static User user(WireReader in) {
        return in.record(fields -> new User(
                fields.text(),
                fields.text(),
                fields.texts(),
                Map.copyOf(fields.map(WireReader::text, WireReader::texts))));
    }

    static void origin(WireWriter out, Origin origin) {
        out.record(fields -> {
            user(fields, origin.user());
            fields.text(origin.manager()).text(origin.source()).text(origin.why());
            revision(fields, origin.cause());
            if (!origin.request().isNone()) {
                revision(fields, origin.request().began());
                fields.i64(origin.request().salt());
            }
        });
    }

    static Origin origin(WireReader in) {
        return in.record(fields -> new Origin(
                user(fields),
                fields.text(),
                fields.text(),
                fields.text(),
                revision(fields),
                fields.hasMore() ? new RequestId(revision(fields), fields.i64()) : RequestId.NONE));
    }

    static void note(WireWriter out, Note note) {
        out.record(fields -> {
            fields.flag(note.warning()).text(note.reason()).text(note.message());
            key(fields, note.regarding());
            fields.text(note.regardingUid().value()).text(note.fieldPath()).text(note.component());
        });
    }

    static Note note(WireReader in) {
        return in.record(fields -> new Note(
                fields.flag(),
                fields.text(),
                fields.text(),
                key(fields),
                new Uid(fields.text()),
                fields.text(),
                fields.text()));
    }

    static void grant(WireWriter out, Grant grant) {
        out.record(fields -> fields.text(grant.clusterIp())
                .map(grant.nodePorts(), WireWriter::i32, WireWriter::i64)
                .i64(grant.healthPort()));
    }

    static Grant grant(WireReader in) {
        return in.record(fields ->
                new Grant(fields.text(), Map.copyOf(fields.map(WireReader::i32, WireReader::i64)), fields.i64()));
    }

    static void quantity(WireWriter out, Quantity quantity) {
        out.record(fields -> fields.foreign(bytes -> TreeFormat.decimal(quantity.amount(), bytes))
                .number(number(quantity.format())));
    }

    static Quantity quantity(WireReader in) {
        return in.record(fields -> Quantity.of(
                amount(fields.foreign(TreeFormat::decimal)),
                fields.oneOf(Quantity.Format.values(), CommonFormat::number)));
    }

    /** What costs much to compute with is no amount of ours. */
    private static BigDecimal amount(BigDecimal decimal) {
        if (decimal.precision() > MAX_DIGITS || Math.abs((long) decimal.scale()) > MAX_DIGITS) {
            throw new MalformedRecord("an amount of more than " + MAX_DIGITS + " digits");
        }
        return decimal;
    }

    private static int number(Quantity.Format format) {
        return switch (format) {
            case DECIMAL_SI -> 1;
            case DECIMAL_EXPONENT -> 2;
            case BINARY_SI -> 3;
        };
    }
}
