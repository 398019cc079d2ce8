package io.ruori.persistence.wire;

import io.ruori.core.Deed;
import io.ruori.kind.policy.SpendDisruption;
import io.ruori.kind.quota.Amounts;
import io.ruori.kind.quota.GiveBack;
import io.ruori.kind.quota.KeepPart;
import io.ruori.kind.quota.Recount;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the cluster's own parts do to an object.
 *
 * <pre>
 * deed    = 1 { pod }
 *         | 2 { id of after before basis until }
 *         | 3 { id }
 *         | 4 { hard counted settled }
 * amounts = (name quantity)*
 * </pre>
 */
final class DeedFormat {
    private static final int SPEND_DISRUPTION = 1;
    private static final int KEEP_PART = 2;
    private static final int GIVE_BACK = 3;
    private static final int RECOUNT = 4;

    private DeedFormat() {}

    static void write(WireWriter out, Deed deed) {
        switch (deed) {
            case SpendDisruption spend -> out.number(SPEND_DISRUPTION).record(fields -> fields.text(spend.pod()));
            case KeepPart keep ->
                out.number(KEEP_PART).record(fields -> {
                    fields.text(keep.id());
                    CommonFormat.key(fields, keep.of());
                    fields.tree(keep.after()).tree(keep.before());
                    CommonFormat.revision(fields, keep.basis());
                    CommonFormat.instant(fields, keep.until());
                });
            case GiveBack back -> out.number(GIVE_BACK).record(fields -> fields.text(back.id()));
            case Recount recount ->
                out.number(RECOUNT).record(fields -> {
                    amounts(fields, recount.hard());
                    amounts(fields, recount.counted());
                    fields.texts(new TreeSet<>(recount.settled()));
                });
            // Deeds live beside the kinds they are for, so they cannot be sealed; a test finds all there are.
            default -> throw new IllegalArgumentException("no form for the deed " + deed.getClass());
        }
    }

    static Deed read(WireReader in) {
        int number = in.number();
        return switch (number) {
            case SPEND_DISRUPTION -> in.record(fields -> new SpendDisruption(fields.text()));
            case KEEP_PART ->
                in.record(fields -> new KeepPart(
                        fields.text(),
                        CommonFormat.key(fields),
                        fields.tree(),
                        fields.tree(),
                        CommonFormat.revision(fields),
                        CommonFormat.instant(fields)));
            case GIVE_BACK -> in.record(fields -> new GiveBack(fields.text()));
            case RECOUNT -> in.record(fields -> new Recount(amounts(fields), amounts(fields), settled(fields.texts())));
            default -> throw WireReader.unknown("deed", number);
        };
    }

    private static Set<String> settled(List<String> ids) {
        return Set.copyOf(ids);
    }

    private static void amounts(WireWriter out, Amounts amounts) {
        out.map(amounts.byName(), WireWriter::text, CommonFormat::quantity);
    }

    private static Amounts amounts(WireReader in) {
        return new Amounts(in.map(WireReader::text, CommonFormat::quantity));
    }
}
