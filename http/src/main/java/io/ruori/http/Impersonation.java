package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.api.User;
import io.ruori.core.access.Ask;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Acting as somebody else by {@code Impersonate-…} headers, each of which needs the right to {@code impersonate} what it
 * names. From then on the request is the other's, and the right to make it is asked of them.
 */
final class Impersonation {
    private static final String PREFIX = "impersonate-";
    private static final String EXTRA = PREFIX + "extra-";
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String ACCOUNT = "system:serviceaccount:";

    private final Access access;

    Impersonation(Access access) {
        this.access = access;
    }

    User of(HttpRequest request, User user) {
        Wanted wanted = null;
        for (HttpHeader header : request.getHeaders()) {
            if (header.lowercaseName().startsWith(PREFIX)) {
                wanted = wanted == null ? new Wanted() : wanted;
                wanted.add(header);
            }
        }
        return wanted == null ? user : become(user, wanted);
    }

    /** What the headers say. */
    private static final class Wanted {
        private String user = "";
        private String uid = "";
        private final List<String> groups = new ArrayList<>();
        private final Map<String, List<String>> extra = new LinkedHashMap<>();

        void add(HttpHeader header) {
            String name = header.lowercaseName();
            switch (name) {
                case PREFIX + "user" -> user = header.value();
                case PREFIX + "uid" -> uid = header.value();
                case PREFIX + "group" -> groups.add(header.value());
                default -> {
                    if (name.startsWith(EXTRA)) {
                        String key = URLDecoder.decode(
                                name.substring(EXTRA.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
                        extra.computeIfAbsent(key.toLowerCase(Locale.ROOT), k -> new ArrayList<>())
                                .add(header.value());
                    }
                }
            }
        }

        boolean isOnlyUser() {
            return uid.isEmpty() && groups.isEmpty() && extra.isEmpty();
        }

        @Override
        public String toString() {
            return "[groups " + groups + ", uid \"" + uid + "\", extra " + extra + "]";
        }
    }

    private User become(User user, Wanted wanted) {
        if (wanted.user.isEmpty()) {
            if (wanted.isOnlyUser()) {
                return user;
            }
            throw new Refusal(ApiStatus.badRequest("requested " + wanted + " without impersonating a user"));
        }
        asks(user, wanted).forEach(access::require);
        List<String> groups = new ArrayList<>(wanted.groups);
        if (groups.isEmpty() && isAccount(wanted.user)) {
            groups.add("system:serviceaccounts");
            groups.add("system:serviceaccounts:" + wanted.user.split(":")[2]);
        }
        String status = wanted.user.equals(Authentication.ANONYMOUS)
                ? Authentication.UNAUTHENTICATED
                : Authentication.AUTHENTICATED;
        if (!groups.contains(status) && !groups.contains(Authentication.UNAUTHENTICATED)) {
            groups.add(status);
        }
        return new User(wanted.user, wanted.uid, List.copyOf(groups), wanted.extra);
    }

    private static List<Ask> asks(User user, Wanted wanted) {
        List<Ask> asks = new ArrayList<>();
        if (isAccount(wanted.user)) {
            String[] parts = wanted.user.split(":");
            asks.add(Ask.of(user, "impersonate", "", "serviceaccounts", parts[2], parts[3]));
        } else {
            asks.add(Ask.of(user, "impersonate", "", "users", "", wanted.user));
        }
        wanted.groups.forEach(group -> asks.add(Ask.of(user, "impersonate", "", "groups", "", group)));
        wanted.extra.forEach((key, values) ->
                values.forEach(value -> asks.add(Ask.of(user, "impersonate", AUTHENTICATION, "userextras", "", value)
                        .withSubresource(key))));
        if (!wanted.uid.isEmpty()) {
            asks.add(Ask.of(user, "impersonate", AUTHENTICATION, "uids", "", wanted.uid));
        }
        return asks;
    }

    private static boolean isAccount(String name) {
        String[] parts = name.split(":", -1);
        return name.startsWith(ACCOUNT) && parts.length == 4 && !parts[2].isEmpty() && !parts[3].isEmpty();
    }
}
