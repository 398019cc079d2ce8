package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a webhook is: at an address, or behind a Service. */
public final class WebhookRules {
    private static final String FORM = "; desired format: https://host[/path]";

    private WebhookRules() {}

    /** A {@code clientConfig} with an address or a Service. */
    public static void client(JsonNode config, String path, FieldErrors errors) {
        boolean byUrl = Json.isPresent(config.get("url"));
        boolean byService = config.path("service").isObject();
        if (byUrl == byService) {
            errors.required(path, "exactly one of url or service is required");
        } else if (byUrl) {
            url(Json.text(config, "url"), path + ".url", errors);
        } else {
            service(config.path("service"), path + ".service", errors);
        }
    }

    private static void url(String text, String path, FieldErrors errors) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            errors.required(path, "url must be a valid URL: " + e.getReason() + FORM);
            return;
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme();
        if (!scheme.equals("https")) {
            errors.invalid(path, scheme, "'https' is the only allowed URL scheme" + FORM);
        }
        if (url.getRawAuthority() == null) {
            errors.invalid(path, "", "host must be specified" + FORM);
        }
        present(url.getRawUserInfo(), "user information is not permitted in the URL", path, errors);
        present(url.getRawFragment(), "fragments are not permitted in the URL", path, errors);
        present(url.getRawQuery(), "query parameters are not permitted in the URL", path, errors);
    }

    private static void present(@Nullable String part, String text, String path, FieldErrors errors) {
        if (part != null && !part.isEmpty()) {
            errors.invalid(path, part, text);
        }
    }

    public static void service(JsonNode service, String path, FieldErrors errors) {
        for (String field : List.of("name", "namespace")) {
            Checks.required(service, field, path, errors);
        }
        long port = Json.number(service, 0, "port");
        List<String> wrong = Syntax.portNumber(port);
        if (!wrong.isEmpty()) {
            errors.invalid(path + ".port", port, "port is not valid: " + String.join(",", wrong));
        }
        path(Json.text(service, "path"), path + ".path", errors);
    }

    private static void path(String value, String path, FieldErrors errors) {
        if (value.isEmpty() || value.equals("/")) {
            return;
        }
        if (value.equals("//")) {
            errors.invalid(path, value, "segment[0] may not be empty");
            return;
        }
        if (!value.startsWith("/")) {
            errors.invalid(path, value, "must start with a '/'");
        }
        String inner = value.substring(1, value.endsWith("/") ? value.length() - 1 : value.length());
        String[] steps = inner.split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            if (steps[i].isEmpty()) {
                errors.invalid(path, value, "segment[" + i + "] may not be empty");
                continue;
            }
            for (String text : Syntax.dnsSubdomain(steps[i])) {
                errors.invalid(path, value, "segment[" + i + "]: " + text);
            }
        }
    }
}
