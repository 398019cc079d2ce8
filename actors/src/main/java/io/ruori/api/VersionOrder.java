package io.ruori.api;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order in which a group's versions are preferred: stable ones first, then beta, then alpha, newer before older; names of
 * another form come last, by their letters.
 */
public final class VersionOrder {
    private static final Pattern VERSION = Pattern.compile("v([1-9][0-9]{0,8})(?:(alpha|beta)([1-9][0-9]{0,8}))?");

    public static final Comparator<String> PREFERRED_FIRST = VersionOrder::compare;

    private VersionOrder() {}

    private static int compare(String a, String b) {
        Matcher left = VERSION.matcher(a);
        Matcher right = VERSION.matcher(b);
        boolean leftFits = left.matches();
        boolean rightFits = right.matches();
        if (!leftFits || !rightFits) {
            return leftFits ? -1 : rightFits ? 1 : a.compareTo(b);
        }
        int byStage = Integer.compare(stage(right), stage(left));
        int byMajor = Integer.compare(number(right, 1), number(left, 1));
        return byStage != 0 ? byStage : byMajor != 0 ? byMajor : Integer.compare(number(right, 3), number(left, 3));
    }

    private static int stage(Matcher version) {
        String stage = version.group(2);
        return stage == null ? 2 : stage.equals("beta") ? 1 : 0;
    }

    private static int number(Matcher version, int group) {
        String digits = version.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
