package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which object's past is asked for, of which cluster; and the asking: {@code history.ruori.io/v1}. */
final class HistoryOptions {
    private static final String GROUP = "/apis/history.ruori.io/v1/";

    /** The server says so where an object is not in a namespace, and what to ask for instead. */
    private static final String OF_CLUSTER = "clusterhistories";

    @Parameters(
            paramLabel = "KIND/NAME",
            arity = "1..2",
            description = "The object, there still or not: deploy/web, or deploy web.")
    private List<String> object = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Its namespace. Default: that of the context, or default.")
    private String namespace = "";

    @Option(
            names = "--uid",
            paramLabel = "UID",
            description = "Only the one of the objects of this name that had this uid.")
    private String uid = "";

    @Option(names = "--json", description = "Print the server's answer as it is.")
    private boolean json;

    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private KubectlTransport.Options kubectl = new KubectlTransport.Options();

    private String word = "";
    private String name = "";

    /** One request and its answer's text; fails with {@link ApiFailure} or {@link Problem}. */
    interface Transport {
        String get(String path) throws IOException;

        String namespace() throws IOException;
    }

    boolean isJson() {
        return json;
    }

    /**
     * @param part the sub-resource; empty for the history itself
     * @param parameters those with an empty value are left out
     */
    ObjectNode read(String part, Map<String, String> parameters) throws IOException {
        understand();
        Transport transport = kubectl.areGiven() ? new KubectlTransport(kubectl) : ours();
        String in = namespace.isEmpty() ? transport.namespace() : namespace;
        String rest = "/" + encoded(word + ":" + name) + (part.isEmpty() ? "" : "/" + part) + query(parameters);
        try {
            return Json.read(answer(transport, in, rest));
        } catch (ApiFailure failure) {
            throw failure.isNotFound() ? unknown(failure, in) : failure;
        }
    }

    private void understand() {
        String first = object.getFirst();
        int slash = first.indexOf('/');
        word = object.size() == 2 ? first : slash < 0 ? "" : first.substring(0, slash);
        name = object.size() == 2 ? object.get(1) : first.substring(slash + 1);
        if (word.isEmpty() || name.isEmpty() || name.contains("/") || word.contains("/") || word.contains(":")) {
            throw new Problem(
                    ExitCode.USAGE, "\"" + String.join(" ", object) + "\" is not KIND/NAME, as in deploy/web");
        }
    }

    private Transport ours() throws IOException {
        ApiClient client = data.directory().client();
        return new Transport() {
            @Override
            public String get(String path) throws IOException {
                return client.text(path);
            }

            @Override
            public String namespace() {
                return "default";
            }
        };
    }

    private static String answer(Transport transport, String namespace, String rest) throws IOException {
        try {
            return transport.get(GROUP + "namespaces/" + encoded(namespace) + "/histories" + rest);
        } catch (ApiFailure failure) {
            if (Problem.line(failure).contains("ask for " + OF_CLUSTER)) {
                return transport.get(GROUP + OF_CLUSTER + rest);
            }
            throw failure;
        }
    }

    private Problem unknown(ApiFailure failure, String in) {
        String hint = uid.isEmpty()
                ? "; the journal knows none in the namespace " + in + ", name another with -n"
                : "; history without --uid lists those that had the name";
        return Problem.failed(Problem.line(failure) + hint);
    }

    private String query(Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put("uid", uid);
        StringBuilder query = new StringBuilder();
        all.forEach((parameter, value) -> {
            if (!value.isEmpty()) {
                query.append(query.isEmpty() ? "?" : "&")
                        .append(parameter)
                        .append("=")
                        .append(encoded(value));
            }
        });
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** {@code Deployment/web in default}. */
    static String title(JsonNode answer) {
        String in = Json.text(answer, "object", "namespace");
        return Json.text(answer, "object", "kind") + "/" + Json.text(answer, "object", "name")
                + (in.isEmpty() ? "" : " in " + in);
    }
}
