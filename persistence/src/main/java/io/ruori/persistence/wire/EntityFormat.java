package io.ruori.persistence.wire;

import io.ruori.api.ApiStatus;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.entity.Outcome;
import io.ruori.entity.ResourceEntity.Execute;
import io.ruori.entity.ResourceEntity.Reserve;
import io.ruori.entity.ResourceEntity.Reserved;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What objects are told and what they answer.
 *
 * <pre>
 * execute = write origin notes facts dryRun replyTo
 * wake    =
 * call    =
 * reserve = podKey uid seen replyTo
 * granted = seconds nanos
 * not-granted = why
 * stored  = object created warnings written
 * gone    = object
 * refused = { code reason message group kind name uid cause* retryAfterSeconds continueToken }
 * cause   = { reason message field }
 * </pre>
 */
final class EntityFormat {
    private final Refs refs;

    /** How actors are named from afar. */
    interface Refs {
        String write(ActorRef<?> ref);

        <T> ActorRef<T> read(String text);
    }

    EntityFormat(Refs refs) {
        this.refs = refs;
    }

    void execute(WireWriter out, Execute execute) {
        WriteFormat.write(out, execute.write());
        CommonFormat.origin(out, execute.origin());
        out.list(execute.notes(), CommonFormat::note);
        FactsFormat.write(out, execute.facts());
        out.flag(execute.dryRun()).text(refs.write(execute.replyTo()));
    }

    Execute execute(WireReader in) {
        return new Execute(
                WriteFormat.read(in),
                CommonFormat.origin(in),
                in.list(CommonFormat::note),
                FactsFormat.read(in),
                in.flag(),
                refs.<Outcome>read(in.text()));
    }

    void reserve(WireWriter out, Reserve reserve) {
        CommonFormat.key(out, reserve.pod());
        out.text(reserve.uid().value());
        CommonFormat.revision(out, reserve.seen());
        out.text(refs.write(reserve.replyTo()));
    }

    Reserve reserve(WireReader in) {
        return new Reserve(
                CommonFormat.key(in), new Uid(in.text()), CommonFormat.revision(in), refs.<Reserved>read(in.text()));
    }

    static void granted(WireWriter out, Reserved.Granted granted) {
        CommonFormat.instant(out, granted.until());
    }

    static Reserved.Granted granted(WireReader in) {
        return new Reserved.Granted(CommonFormat.instant(in));
    }

    static void notGranted(WireWriter out, Reserved.NotGranted not) {
        out.text(not.why());
    }

    static Reserved.NotGranted notGranted(WireReader in) {
        return new Reserved.NotGranted(in.text());
    }

    static void stored(WireWriter out, Outcome.Stored stored) {
        CommonFormat.object(out, stored.object());
        out.flag(stored.created()).texts(stored.warnings()).flag(stored.written());
    }

    static Outcome.Stored stored(WireReader in) {
        StoredObject object = CommonFormat.object(in);
        boolean created = in.flag();
        List<String> warnings = in.texts();
        return new Outcome.Stored(object, created, in.flag(), warnings);
    }

    /** Version 1 did not say whether anything was written, and nobody waited for that. */
    static Outcome.Stored stored1(WireReader in) {
        return new Outcome.Stored(CommonFormat.object(in), in.flag(), true, in.texts());
    }

    static void gone(WireWriter out, Outcome.Gone gone) {
        CommonFormat.object(out, gone.last());
    }

    static Outcome.Gone gone(WireReader in) {
        return new Outcome.Gone(CommonFormat.object(in));
    }

    static void refused(WireWriter out, Outcome.Refused refused) {
        ApiStatus status = refused.status();
        out.record(fields -> fields.i32(status.code())
                .text(status.reason())
                .text(status.message())
                .text(status.group())
                .text(status.kind())
                .text(status.name())
                .text(status.uid())
                .list(status.causes(), EntityFormat::cause)
                .i32(status.retryAfterSeconds())
                .text(status.continueToken()));
    }

    static Outcome.Refused refused(WireReader in) {
        return new Outcome.Refused(in.record(fields -> new ApiStatus(
                fields.i32(),
                fields.text(),
                fields.text(),
                fields.text(),
                fields.text(),
                fields.text(),
                fields.text(),
                fields.list(EntityFormat::cause),
                fields.i32(),
                fields.text())));
    }

    private static void cause(WireWriter out, ApiStatus.Cause cause) {
        out.record(fields -> fields.text(cause.reason()).text(cause.message()).text(cause.field()));
    }

    private static ApiStatus.Cause cause(WireReader in) {
        return in.record(fields -> new ApiStatus.Cause(fields.text(), fields.text(), fields.text()));
    }
}
