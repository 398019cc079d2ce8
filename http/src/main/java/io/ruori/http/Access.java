package io.ruori.http;

import io.ruori.access.AccessRules;
import io.ruori.access.BootstrapPolicy;
import io.ruori.api.ApiStatus;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.User;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Ask;
import io.ruori.core.access.Authorizer;
import io.ruori.core.access.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** What a request asks for in the terms of authorizers, and the refusal of what nobody allowed. */
final class Access {
    private static final KindName NAMESPACES = KindName.core("namespaces");
    private static final String NAME_SELECTOR = "metadata.name=";

    private final AccessRules rules;
    private final Authorizer authorizer = new Authorizer(BootstrapPolicy.nodeRules());

    Access(AccessRules rules) {
        this.rules = rules;
    }

    Verdict decide(Ask ask) {
        return authorizer.decide(ask, rules.current(), rules.view());
    }

    AccessIndex.Held held(User user, String namespace) {
        return rules.current().held(user, namespace);
    }

    /** Refused with 403, worded as upstream words it. */
    void require(Ask ask) {
        Verdict verdict = decide(ask);
        if (!verdict.allowed()) {
            String why = ask.words() + (verdict.reason().isEmpty() ? "" : ": " + verdict.reason());
            throw new Refusal(ApiStatus.forbidden(ask.group(), ask.resource(), ask.name(), why));
        }
    }

    /** Whether there is such an object already; an apply of one that is not there makes it. */
    boolean exists(Ask ask) {
        KindName kind = new KindName(ask.group(), ask.resource());
        String namespace = kind.equals(NAMESPACES) ? "" : ask.namespace();
        return rules.view().get(new ObjectKey(kind, namespace, ask.name())) != null;
    }

    static Ask ask(User user, HttpRequest request, ApiPath path, Map<String, List<String>> query) {
        return switch (path) {
            case ApiPath.Other other ->
                Ask.ofPath(user, request.method().value().toLowerCase(Locale.ROOT), other.path());
            case ApiPath.Resource resource -> ask(user, request, resource, query);
        };
    }

    private static Ask ask(User user, HttpRequest request, ApiPath.Resource path, Map<String, List<String>> query) {
        String selector = query.getOrDefault("fieldSelector", List.of("")).getFirst();
        String verb = verb(request, path, query);
        boolean isCollection = path.name().isEmpty();
        return new Ask(
                user,
                verb,
                path.group(),
                path.version(),
                path.resource(),
                path.subresource(),
                path.resource().equals("namespaces") && path.group().isEmpty() ? path.name() : path.namespace(),
                isCollection && !verb.equals("create") ? selectedName(selector) : path.name(),
                selector,
                "");
    }

    private static String verb(HttpRequest request, ApiPath.Resource path, Map<String, List<String>> query) {
        return switch (request.method().value()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> path.name().isEmpty() ? "deletecollection" : "delete";
            default -> reading(path, query);
        };
    }

    private static String reading(ApiPath.Resource path, Map<String, List<String>> query) {
        if (watches(path, query) && path.subresource().isEmpty()) {
            return "watch";
        }
        return path.name().isEmpty() ? "list" : "get";
    }

    /** Any value but these two means a watch, as upstream reads it, and so does none. */
    static boolean watches(ApiPath.Resource path, Map<String, List<String>> query) {
        List<String> watch = query.get("watch");
        return path.legacyWatch()
                || (watch != null
                        && !watch.getFirst().equalsIgnoreCase("false")
                        && !watch.getFirst().equals("0"));
    }

    /** A list of one name is a question about that name, so that rules with names can allow it. */
    private static String selectedName(String selector) {
        for (String term : selector.split(",")) {
            if (term.startsWith(NAME_SELECTOR)) {
                return term.substring(NAME_SELECTOR.length()).replaceFirst("^=", "");
            }
        }
        return "";
    }
}
