package io.ruori.kind;

import io.ruori.api.FieldErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The syntactic rules of names, labels, keys and ports: each answers what is wrong, worded as Kubernetes words it. */
public final class Syntax {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String ENV_NAME = "[-._a-zA-Z][-._a-zA-Z0-9]*";
    private static final String CONFIG_KEY = "[-._a-zA-Z0-9]+";
    private static final String HTTP_HEADER = "[-A-Za-z0-9]+";
    private static final String PERCENT = "[0-9]+%";
    private static final String WILDCARD = "\\*\\." + SUBDOMAIN;
    private static final String HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

    private static final String DNS_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern DNS_1035_RE = Pattern.compile(DNS_1035);
    private static final Pattern LABEL_RE = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_RE = Pattern.compile(SUBDOMAIN);
    private static final Pattern QUALIFIED_RE = Pattern.compile(QUALIFIED);
    private static final Pattern CONFIG_KEY_RE = Pattern.compile(CONFIG_KEY);
    private static final Pattern HTTP_HEADER_RE = Pattern.compile(HTTP_HEADER);
    private static final Pattern PERCENT_RE = Pattern.compile(PERCENT);
    private static final Pattern WILDCARD_RE = Pattern.compile(WILDCARD);
    private static final Pattern HTTP_PATH_RE = Pattern.compile(HTTP_PATH);
    private static final Pattern PORT_CHARS_RE = Pattern.compile("[-a-z0-9]+");
    private static final Pattern HAS_LETTER_RE = Pattern.compile(".*[a-z].*");

    private static final int LABEL_LENGTH = 63;
    private static final int SUBDOMAIN_LENGTH = 253;
    private static final int LONGEST_CHECKED = 1024;

    private Syntax() {}

    public static List<String> dnsLabel(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > LABEL_LENGTH) {
            wrong.add(tooLong(LABEL_LENGTH));
        }
        if (!matches(LABEL_RE, value)) {
            wrong.add(
                    matches(SUBDOMAIN_RE, value)
                            ? "must not contain dots"
                            : pattern(
                                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                                            + " '-', and must start and end with an alphanumeric character",
                                    LABEL,
                                    "my-name",
                                    "123-abc"));
        }
        return wrong;
    }

    /** As {@link #dnsLabel}, but beginning with a letter: names of versions and of kinds in small letters. */
    public static List<String> dns1035Label(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > LABEL_LENGTH) {
            wrong.add(tooLong(LABEL_LENGTH));
        }
        if (!matches(DNS_1035_RE, value)) {
            wrong.add(pattern(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
                            + " alphabetic character, and end with an alphanumeric character",
                    DNS_1035,
                    "my-name",
                    "abc-123"));
        }
        return wrong;
    }

    public static List<String> dnsSubdomain(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > SUBDOMAIN_LENGTH) {
            wrong.add(tooLong(SUBDOMAIN_LENGTH));
        }
        if (!matches(SUBDOMAIN_RE, value)) {
            wrong.add(pattern(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
                            + " and must start and end with an alphanumeric character",
                    SUBDOMAIN,
                    "example.com"));
        }
        return wrong;
    }

    /** {@code *.} and a subdomain: hosts of an Ingress. */
    public static List<String> wildcardSubdomain(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > SUBDOMAIN_LENGTH) {
            wrong.add(tooLong(SUBDOMAIN_LENGTH));
        }
        if (!matches(WILDCARD_RE, value)) {
            wrong.add(pattern(
                    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must"
                            + " consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric"
                            + " character",
                    WILDCARD,
                    "*.example.com"));
        }
        return wrong;
    }

    /** A domain, a slash and a path, such as {@code acme.io/foo}. */
    public static void domainPrefixedPath(String value, String path, FieldErrors errors) {
        int slash = value.indexOf('/');
        if (slash <= 0 || slash == value.length() - 1) {
            errors.invalid(path, value, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        String host = value.substring(0, slash);
        dnsSubdomain(host).forEach(text -> errors.invalid(path, host, text));
        String rest = value.substring(slash + 1);
        if (!matches(HTTP_PATH_RE, rest)) {
            errors.invalid(path, rest, "Invalid path (regex used for validation is '" + HTTP_PATH + "')");
        }
    }

    /** A domain of two labels at least; a dot may end it. */
    public static void domain(String value, String path, FieldErrors errors) {
        if (value.isEmpty()) {
            errors.required(path, "");
            return;
        }
        String name = value.endsWith(".") ? value.substring(0, value.length() - 1) : value;
        List<String> wrong = dnsSubdomain(name);
        if (!wrong.isEmpty()) {
            errors.invalid(path, name, String.join(",", wrong));
            return;
        }
        if (name.indexOf('.') < 0) {
            errors.invalid(path, name, "should be a domain with at least two segments separated by dots");
            return;
        }
        for (String label : name.split("\\.", -1)) {
            List<String> bad = dnsLabel(label);
            if (!bad.isEmpty()) {
                errors.invalid(path, label, String.join(",", bad));
                return;
            }
        }
    }

    /** A segment of a path: RBAC names and the like. */
    public static List<String> pathSegment(String value) {
        if (value.equals(".") || value.equals("..")) {
            return List.of("may not be '" + value + "'");
        }
        List<String> wrong = new ArrayList<>();
        for (String character : List.of("/", "%")) {
            if (value.contains(character)) {
                wrong.add("may not contain '" + character + "'");
            }
        }
        return wrong;
    }

    /** The key of a label or annotation, a finalizer, a taint: an optional DNS prefix, a slash and a name. */
    public static List<String> qualifiedName(String value) {
        List<String> wrong = new ArrayList<>();
        String[] parts = value.split("/", -1);
        String nameRule = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                + " alphanumeric character";
        if (parts.length > 2) {
            wrong.add("a valid label key " + pattern(nameRule, QUALIFIED, "MyName", "my.name", "123-abc")
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return wrong;
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                wrong.add("prefix part must be non-empty");
            } else {
                dnsSubdomain(parts[0]).forEach(text -> wrong.add("prefix part " + text));
            }
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        } else if (name.length() > LABEL_LENGTH) {
            wrong.add("name part must be no more than " + LABEL_LENGTH + " bytes");
        }
        if (!matches(QUALIFIED_RE, name)) {
            wrong.add("name part " + pattern(nameRule, QUALIFIED, "MyName", "my.name", "123-abc"));
        }
        return wrong;
    }

    public static List<String> labelValue(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > LABEL_LENGTH) {
            wrong.add("must be no more than " + LABEL_LENGTH + " bytes");
        }
        if (!value.isEmpty() && !matches(QUALIFIED_RE, value)) {
            wrong.add(pattern(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and"
                            + " must start and end with an alphanumeric character",
                    "(" + QUALIFIED + ")?",
                    "MyValue",
                    "my_value",
                    "12345"));
        }
        return wrong;
    }

    /** Printable ASCII without {@code =}: what environment variables may be called since v1.34. */
    public static List<String> envName(String value) {
        if (value.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '=')) {
            return List.of();
        }
        return List.of(
                "a valid environment variable name must consist only of printable ASCII characters other than '='");
    }

    public static List<String> strictEnvName(String value) {
        List<String> wrong = new ArrayList<>();
        if (!value.matches(ENV_NAME)) {
            wrong.add(pattern(
                    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or"
                            + " '.', and must not start with a digit",
                    ENV_NAME,
                    "my.env-name",
                    "MY_ENV.NAME",
                    "MyEnvName1"));
        }
        wrong.addAll(noDots(value));
        return wrong;
    }

    public static List<String> configKey(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > SUBDOMAIN_LENGTH) {
            wrong.add(tooLong(SUBDOMAIN_LENGTH));
        }
        if (!matches(CONFIG_KEY_RE, value)) {
            wrong.add(pattern(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                    CONFIG_KEY,
                    "key.name",
                    "KEY_NAME",
                    "key-name"));
        }
        wrong.addAll(noDots(value));
        return wrong;
    }

    private static List<String> noDots(String value) {
        if (value.equals(".") || value.equals("..")) {
            return List.of("must not be '" + value + "'");
        }
        return value.startsWith("..") ? List.of("must not start with '..'") : List.of();
    }

    public static List<String> httpHeader(String value) {
        return matches(HTTP_HEADER_RE, value)
                ? List.of()
                : List.of(pattern(
                        "a valid HTTP header must consist of alphanumeric characters or '-'",
                        HTTP_HEADER,
                        "X-Header-Name"));
    }

    public static boolean isPercent(String value) {
        return matches(PERCENT_RE, value);
    }

    public static List<String> percent(String value) {
        return isPercent(value)
                ? List.of()
                : List.of(pattern(
                        "a valid percent string must be a numeric string followed by an ending '%'",
                        PERCENT, "1%", "93%"));
    }

    public static List<String> portNumber(long port) {
        return port >= 1 && port <= 65535 ? List.of() : List.of("must be between 1 and 65535, inclusive");
    }

    public static List<String> portName(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > 15) {
            wrong.add(tooLong(15));
        }
        if (!matches(PORT_CHARS_RE, value)) {
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (!matches(HAS_LETTER_RE, value)) {
            wrong.add("must contain at least one letter (a-z)");
        }
        if (value.contains("--")) {
            wrong.add("must not contain consecutive hyphens");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            wrong.add("must not begin or end with a hyphen");
        }
        return wrong;
    }

    public static List<String> userId(long id) {
        return id >= 0 && id <= Integer.MAX_VALUE
                ? List.of()
                : List.of("must be between 0 and " + Integer.MAX_VALUE + ", inclusive");
    }

    private static boolean matches(Pattern pattern, String value) {
        // Nothing valid is this long, and nested groups would cost a stack frame per repetition.
        return value.length() <= LONGEST_CHECKED && pattern.matcher(value).matches();
    }

    private static String tooLong(int length) {
        return "must be no more than " + length + " characters";
    }

    private static String pattern(String rule, String regex, String... examples) {
        StringBuilder text = new StringBuilder(rule).append(" (e.g. ");
        for (int i = 0; i < examples.length; i++) {
            text.append(i == 0 ? "" : " or ").append('\'').append(examples[i]).append("', ");
        }
        return text + "regex used for validation is '" + regex + "')";
    }
}
