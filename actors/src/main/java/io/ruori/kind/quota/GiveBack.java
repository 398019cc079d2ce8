package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.core.Deed;
import io.ruori.kind.Subresource.Folded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Gives back what was kept for a write that was refused after all. */
public record GiveBack(String id) implements Deed {
    @Override
    public Folded on(ObjectNode live, Instant now) {
        Quota quota = Quota.of(live);
        List<Promise> left = new ArrayList<>();
        Amounts used = quota.used();
        for (Promise promise : quota.promises()) {
            if (promise.id().equals(id)) {
                used = used.less(promise.amounts());
            } else {
                left.add(promise);
            }
        }
        if (left.size() < quota.promises().size()) {
            Json.child(live, "status").set("used", used.json());
            Promise.write(left, live);
        }
        return new Folded.Into(live);
    }
}
