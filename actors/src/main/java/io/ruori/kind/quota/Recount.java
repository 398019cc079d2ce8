package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.core.Deed;
import io.ruori.kind.Subresource.Folded;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Sets what is used to what a view showed, and to what is promised to writes that the view did not show. Right whatever
 * promises were made since, for the writes they were made to came after that view.
 *
 * @param hard what the spec allowed when it was counted; a quota that allows something else by now is to be counted again
 * @param counted how much of each there was
 * @param settled the promises that have been counted, or that nothing will come of
 */
public record Recount(Amounts hard, Amounts counted, Set<String> settled) implements Deed {
    @Override
    public Folded on(ObjectNode live, Instant now) {
        Quota quota = Quota.of(live);
        if (!quota.hard().equals(hard)) {
            return new Folded.Into(live);
        }
        List<Promise> open = quota.promises().stream()
                .filter(promise -> !settled.contains(promise.id()))
                .toList();
        Amounts used = counted;
        for (Promise promise : open) {
            used = used.plus(promise.amounts());
        }
        ObjectNode status = Json.child(live, "status");
        status.set("hard", hard.json());
        status.set("used", used.only(hard.byName().keySet()).json());
        Promise.write(open, live);
        return new Folded.Into(live);
    }
}
