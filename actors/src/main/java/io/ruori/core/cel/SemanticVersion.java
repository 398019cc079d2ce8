package io.ruori.core.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version by the rules of Semantic Versioning 2.0.0.
 *
 * @param before the identifiers of a version before the release proper; empty for a release
 * @param build told after a plus; of no consequence for the order
 */
record SemanticVersion(long major, long minor, long patch, List<String> before, String build)
        implements Comparable<SemanticVersion> {
    private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
    private static final String IDENTIFIER = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + IDENTIFIER
            + "(?:\\." + IDENTIFIER + ")*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");

    /** Null for what is none. */
    static @Nullable SemanticVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String before = matcher.group(4);
        String build = matcher.group(5);
        return new SemanticVersion(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                before == null ? List.of() : List.of(before.split("\\.")),
                build == null ? "" : build);
    }

    /** @param normalize take {@code v1.2} for {@code 1.2.0}, and {@code 01} for {@code 1} */
    static @Nullable SemanticVersion parse(String text, boolean normalize) {
        return parse(normalize ? normalized(text) : text);
    }

    private static String normalized(String text) {
        String[] parts = (text.startsWith("v") ? text.substring(1) : text).split("\\.", 3);
        for (int i = 0; i < parts.length; i++) {
            String bare = parts[i].replaceFirst("^0+", "");
            boolean isNumber = !bare.isEmpty() && Character.isDigit(bare.charAt(0));
            parts[i] = parts[i].length() < 2 || isNumber ? (isNumber ? bare : parts[i]) : "0" + bare;
        }
        if (parts.length == 3) {
            return String.join(".", parts);
        }
        boolean hasMore = parts[parts.length - 1].indexOf('+') >= 0 || parts[parts.length - 1].indexOf('-') >= 0;
        return hasMore ? text : String.join(".", parts) + ".0".repeat(3 - parts.length);
    }

    @Override
    public int compareTo(SemanticVersion other) {
        int order = Long.compare(major, other.major);
        order = order != 0 ? order : Long.compare(minor, other.minor);
        order = order != 0 ? order : Long.compare(patch, other.patch);
        if (order != 0 || before.isEmpty() || other.before.isEmpty()) {
            return order != 0 ? order : Boolean.compare(before.isEmpty(), other.before.isEmpty());
        }
        for (int i = 0; i < Math.min(before.size(), other.before.size()); i++) {
            order = compare(before.get(i), other.before.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(before.size(), other.before.size());
    }

    /** Numbers by size and before everything else, the rest by its letters. */
    private static int compare(String left, String right) {
        boolean isNumber = left.chars().allMatch(Character::isDigit);
        boolean isOtherNumber = right.chars().allMatch(Character::isDigit);
        if (isNumber && isOtherNumber) {
            return new BigInteger(left).compareTo(new BigInteger(right));
        }
        return isNumber == isOtherNumber
                ? Integer.signum(left.compareTo(right))
                : Boolean.compare(isOtherNumber, isNumber);
    }
}
