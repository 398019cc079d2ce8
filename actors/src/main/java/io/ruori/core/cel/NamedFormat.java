package io.ruori.core.cel;

import io.ruori.core.structural.Formats;
import io.ruori.kind.Syntax;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A format that rules ask for by name; answers what is wrong with a text. */
record NamedFormat(String name, Function<String, List<String>> check) {
    static final Map<String, NamedFormat> KNOWN = Map.ofEntries(
            format("dns1123Label", Syntax::dnsLabel),
            format("dns1123Subdomain", Syntax::dnsSubdomain),
            format("dns1035Label", Syntax::dns1035Label),
            format("qualifiedName", Syntax::qualifiedName),
            format("dns1123LabelPrefix", text -> Syntax.dnsLabel(withoutDash(text))),
            format("dns1123SubdomainPrefix", text -> Syntax.dnsSubdomain(withoutDash(text))),
            format("dns1035LabelPrefix", text -> Syntax.dns1035Label(withoutDash(text))),
            format("labelValue", Syntax::labelValue),
            format("uri", text -> Url.parse(text) == null ? List.of("invalid URI for request") : List.of()),
            format("uuid", text -> of("uuid", text, "does not match the UUID format")),
            format("byte", text -> of("byte", text, "invalid base64")),
            format("date", text -> of("date", text, "invalid date")),
            format("datetime", text -> of("datetime", text, "invalid datetime")));

    private static Map.Entry<String, NamedFormat> format(String name, Function<String, List<String>> check) {
        return Map.entry(name, new NamedFormat(name, check));
    }

    private static List<String> of(String format, String text, String otherwise) {
        return Formats.fits(format, text) ? List.of() : List.of(otherwise);
    }

    /** A prefix may end with a dash: something follows. */
    private static String withoutDash(String prefix) {
        return prefix.length() > 1 && prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) + "a" : prefix;
    }

    static Optional<NamedFormat> find(String name) {
        return Optional.ofNullable(KNOWN.get(name));
    }

    List<String> wrong(String text) {
        return check.apply(text);
    }
}
