package io.ruori.http.contract;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One thing that every kind can do, or every kind of some sort.
 *
 * @param applies which kinds it is about
 */
record Proof(String verb, Predicate<KindCase> applies, Consumer<KindCase> shown) {

    static Proof of(String verb, Consumer<KindCase> shown) {
        return new Proof(verb, kind -> kind.can("create") && kind.can("get"), shown);
    }

    Proof where(Predicate<KindCase> narrower) {
        return new Proof(verb, applies.and(narrower), shown);
    }

    static Proof ofAny(String verb, Consumer<KindCase> shown) {
        return new Proof(verb, kind -> true, shown);
    }
}
