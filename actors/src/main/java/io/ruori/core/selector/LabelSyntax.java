package io.ruori.core.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of label keys and values, worded as upstream words them in selectors. */
final class LabelSyntax {
    private static final int MAX_LENGTH = 63;
    private static final int MAX_PREFIX = 253;
    private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + NAME + ")?";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final Pattern NAMES = Pattern.compile(NAME);
    private static final Pattern SUBDOMAINS = Pattern.compile(SUBDOMAIN);
    private static final String NAME_RULE =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                    + " character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '"
                    + NAME + "')";
    private static final String PREFIX_RULE = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
        + " characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
        + " used for validation is '" + SUBDOMAIN + "')";
    private static final String VALUE_RULE =
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex"
                + " used for validation is '" + VALUE + "')";

    private LabelSyntax() {}

    /** The path is empty here, which upstream shows as {@code <nil>}. */
    static void checkKey(String key) {
        refuse("<nil>", key, wrongWithKey(key));
    }

    static void checkValue(String path, String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > MAX_LENGTH) {
            wrong.add("must be no more than " + MAX_LENGTH + " bytes");
        }
        if (!value.isEmpty() && !matches(NAMES, value)) {
            wrong.add(VALUE_RULE);
        }
        refuse(path, value, wrong);
    }

    private static void refuse(String path, String value, List<String> wrong) {
        if (!wrong.isEmpty()) {
            throw new BadSelector(path + ": Invalid value: \"" + value + "\": " + String.join("; ", wrong));
        }
    }

    private static List<String> wrongWithKey(String key) {
        int slash = key.indexOf('/');
        if (slash >= 0 && key.indexOf('/', slash + 1) >= 0) {
            return List.of("a qualified name " + NAME_RULE
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> wrong = new ArrayList<>();
        if (slash >= 0) {
            checkPrefix(key.substring(0, slash), wrong);
        }
        String name = key.substring(slash + 1);
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        } else if (name.length() > MAX_LENGTH) {
            wrong.add("name part must be no more than " + MAX_LENGTH + " bytes");
        }
        if (!matches(NAMES, name)) {
            wrong.add("name part " + NAME_RULE);
        }
        return wrong;
    }

    private static void checkPrefix(String prefix, List<String> wrong) {
        if (prefix.isEmpty()) {
            wrong.add("prefix part must be non-empty");
            return;
        }
        if (prefix.length() > MAX_PREFIX) {
            wrong.add("prefix part must be no more than " + MAX_PREFIX + " bytes");
        }
        if (!matches(SUBDOMAINS, prefix)) {
            wrong.add("prefix part " + PREFIX_RULE);
        }
    }

    /** The pattern recurses per character, so what is far too long is not even tried. */
    private static boolean matches(Pattern pattern, String text) {
        return text.length() <= 4 * MAX_PREFIX && pattern.matcher(text).matches();
    }
}
