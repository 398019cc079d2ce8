package io.ruori.persistence.wire;

import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.core.Write;
import io.ruori.core.Write.FieldValidation;
import io.ruori.core.Write.PatchType;
import io.ruori.core.Write.Precondition;
import io.ruori.persistence.format.MalformedRecord;

/**
 * What is to be done to an object.
 *
 * <pre>
 * write        = 1 { body validation apiVersion }
 *              | 2 { body subresource validation apiVersion }
 *              | 3 { type patch subresource force precondition validation apiVersion }
 *              | 4 { graceSeconds propagation precondition }
 *              | 5 { deed precondition }
 *              | 6 { write basis until grant }
 * precondition = { flags [ uid ] [ revision ] }
 * </pre>
 */
final class WriteFormat {
    private static final int CREATE = 1;
    private static final int REPLACE = 2;
    private static final int PATCH = 3;
    private static final int DELETE = 4;
    private static final int OWN = 5;
    private static final int PROMISED = 6;

    private static final int HAS_UID = 1;
    private static final int HAS_REVISION = 2;

    /** A promise is for a client's write, or (with a quota) for one that carries another. */
    private static final int MAX_PROMISES = 8;

    private WriteFormat() {}

    static void write(WireWriter out, Write write) {
        switch (write) {
            case Write.Create create ->
                out.number(CREATE)
                        .record(fields -> fields.tree(create.body())
                                .number(number(create.validation()))
                                .text(create.apiVersion()));
            case Write.Replace replace ->
                out.number(REPLACE)
                        .record(fields -> fields.tree(replace.body())
                                .text(replace.subresource())
                                .number(number(replace.validation()))
                                .text(replace.apiVersion()));
            case Write.Patch patch -> out.number(PATCH).record(fields -> patch(fields, patch));
            case Write.Delete delete ->
                out.number(DELETE).record(fields -> {
                    fields.i64(delete.graceSeconds()).text(delete.propagation());
                    precondition(fields, delete.precondition());
                });
            case Write.Own own ->
                out.number(OWN).record(fields -> {
                    DeedFormat.write(fields, own.deed());
                    precondition(fields, own.precondition());
                });
            case Write.Promised promised ->
                out.number(PROMISED).record(fields -> {
                    write(fields, promised.write());
                    CommonFormat.revision(fields, promised.basis());
                    CommonFormat.instant(fields, promised.until());
                    CommonFormat.grant(fields, promised.grant());
                });
        }
    }

    private static void patch(WireWriter fields, Write.Patch patch) {
        fields.number(number(patch.type()))
                .tree(patch.patch())
                .text(patch.subresource())
                .flag(patch.force());
        precondition(fields, patch.precondition());
        fields.number(number(patch.validation())).text(patch.apiVersion());
    }

    static Write read(WireReader in) {
        return read(in, 0);
    }

    private static Write read(WireReader in, int promises) {
        int number = in.number();
        return switch (number) {
            case CREATE -> in.record(fields -> new Write.Create(fields.object(), validation(fields), fields.text()));
            case REPLACE ->
                in.record(
                        fields -> new Write.Replace(fields.object(), fields.text(), validation(fields), fields.text()));
            case PATCH ->
                in.record(fields -> new Write.Patch(
                        fields.oneOf(PatchType.values(), WriteFormat::number),
                        fields.tree(),
                        fields.text(),
                        fields.flag(),
                        precondition(fields),
                        validation(fields),
                        fields.text()));
            case DELETE -> in.record(fields -> new Write.Delete(fields.i64(), fields.text(), precondition(fields)));
            case OWN -> in.record(fields -> new Write.Own(DeedFormat.read(fields), precondition(fields)));
            case PROMISED -> in.record(fields -> promised(fields, promises + 1));
            default -> throw WireReader.unknown("write", number);
        };
    }

    private static Write promised(WireReader fields, int promises) {
        if (promises > MAX_PROMISES) {
            throw new MalformedRecord("more than " + MAX_PROMISES + " promises for one write");
        }
        return new Write.Promised(
                read(fields, promises),
                CommonFormat.revision(fields),
                CommonFormat.instant(fields),
                CommonFormat.grant(fields));
    }

    private static void precondition(WireWriter out, Precondition precondition) {
        Uid uid = precondition.uid();
        Revision revision = precondition.revision();
        out.record(fields -> {
            fields.number((uid == null ? 0 : HAS_UID) | (revision == null ? 0 : HAS_REVISION));
            if (uid != null) {
                fields.text(uid.value());
            }
            if (revision != null) {
                CommonFormat.revision(fields, revision);
            }
        });
    }

    private static Precondition precondition(WireReader in) {
        return in.record(fields -> {
            int flags = fields.number();
            Uid uid = (flags & HAS_UID) == 0 ? null : new Uid(fields.text());
            return new Precondition(uid, (flags & HAS_REVISION) == 0 ? null : CommonFormat.revision(fields));
        });
    }

    private static FieldValidation validation(WireReader in) {
        return in.oneOf(FieldValidation.values(), WriteFormat::number);
    }

    private static int number(FieldValidation validation) {
        return switch (validation) {
            case IGNORE -> 1;
            case WARN -> 2;
            case STRICT -> 3;
        };
    }

    private static int number(PatchType type) {
        return switch (type) {
            case JSON -> 1;
            case MERGE -> 2;
            case STRATEGIC -> 3;
            case APPLY -> 4;
        };
    }
}
