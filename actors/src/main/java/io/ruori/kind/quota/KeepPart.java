package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.Deed;
import io.ruori.kind.PodKind;
import io.ruori.kind.Subresource.Folded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps a part of a quota for a write that is about to be done, or refuses the write. Raises what is used at once: the quota's
 * entity takes one after the other, so that together they never get more than there is.
 *
 * @param of the object to be written
 * @param after as it will be
 * @param before as it is; a missing node where it does not exist
 * @param basis the revision of {@code before}
 * @param until when the write will not be done any more
 */
public record KeepPart(String id, ObjectKey of, JsonNode after, JsonNode before, Revision basis, Instant until)
        implements Deed {

    @Override
    public Folded on(ObjectNode live, Instant now) {
        Quota quota = Quota.of(live);
        if (!quota.isAbout(of.kind()) || !quota.covers(after)) {
            return new Folded.Into(live);
        }
        String unsaid = of.kind().equals(PodKind.NAME) ? quota.unsaid(after) : "";
        if (!unsaid.isEmpty()) {
            return refused("failed quota: " + quota.name() + ": " + unsaid);
        }
        Amounts wanted = raise(now).only(quota.counted().byName().keySet());
        Set<String> unknown = new TreeSet<>(wanted.byName().keySet());
        unknown.removeAll(quota.used().byName().keySet());
        if (!unknown.isEmpty()) {
            return refused("status unknown for quota: " + quota.name() + ", resources: " + String.join(",", unknown));
        }
        Amounts used = quota.used().plus(wanted);
        Set<String> exceeded = used.only(wanted.byName().keySet())
                .moreThan(quota.counted())
                .byName()
                .keySet();
        if (!exceeded.isEmpty()) {
            return refused("exceeded quota: " + quota.name() + ", requested: " + wanted.only(exceeded) + ", used: "
                    + quota.used().only(exceeded) + ", limited: "
                    + quota.counted().only(exceeded));
        }
        if (!wanted.isEmpty()) {
            Json.child(live, "status").set("used", used.json());
            List<Promise> promises = new ArrayList<>(quota.promises());
            promises.add(new Promise(id, of, basis, until, wanted));
            Promise.write(promises, live);
        }
        return new Folded.Into(live);
    }

    /** By how much the object would use more than it does. */
    public Amounts raise(Instant now) {
        Amounts used = before.isMissingNode() ? Amounts.NONE : Usage.of(of.kind(), before, now);
        return Usage.of(of.kind(), after, now).moreThan(used);
    }

    private Folded refused(String why) {
        return new Folded.Refused(ApiStatus.forbidden(of, why));
    }
}
