package io.ruori.core.structural;

import com.google.re2j.Pattern;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The formats of texts that validation knows; others are accepted, with a warning where the schema is written. */
public final class Formats {
    private static final Pattern UUID =
            ignoringCase("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern UUID3 =
            ignoringCase("[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern UUID4 =
            ignoringCase("[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}");
    private static final Pattern UUID5 =
            ignoringCase("[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}");
    private static final Pattern HOSTNAME =
            Pattern.compile("^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}]"
                    + "(([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$");
    private static final Pattern EMAIL = Pattern.compile("^[^\\s@<>]+@[^\\s@<>]+$");
    private static final Pattern MAC = ignoringCase(
            "([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{2}[:-]){7}[0-9a-f]{2}|([0-9a-f]{4}\\.){2,3}[0-9a-f]{4}");
    private static final Pattern URI = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*:[^\\s]+|/[^\\s]*)$");
    private static final Pattern IPV4 = Pattern.compile("^((25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])(\\.|$)){4}$");
    private static final Pattern HEX_COLOUR = ignoringCase("#?([0-9a-f]{3}|[0-9a-f]{6})");
    private static final Pattern RGB_COLOUR = Pattern.compile(
            "^rgb\\(\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*,\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*,"
                    + "\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*\\)$");
    private static final Pattern DURATION = Pattern.compile(
            "^[-+]?(\\d+(\\.\\d*)?|\\.\\d+)\\s*[a-zµμ]+(\\s*(\\d+(\\.\\d*)?|\\.\\d+)\\s*[a-zµμ]+)*$|^0$");
    private static final Pattern SSN = Pattern.compile("^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$");

    private static final Map<String, Predicate<String>> KNOWN = Map.ofEntries(
            Map.entry("byte", Formats::isBase64),
            Map.entry("cidr", Formats::isCidr),
            Map.entry("date", Formats::isDate),
            Map.entry("date-time", Formats::isDateTime),
            Map.entry("datetime", Formats::isDateTime),
            Map.entry("duration", DURATION::matches),
            Map.entry("email", EMAIL::matches),
            Map.entry("hexcolor", HEX_COLOUR::matches),
            Map.entry("hostname", text -> text.length() <= 255 && HOSTNAME.matches(text)),
            Map.entry("ipv4", IPV4::matches),
            Map.entry("ipv6", Formats::isIpv6),
            Map.entry("mac", MAC::matches),
            Map.entry("password", text -> true),
            Map.entry("rgbcolor", RGB_COLOUR::matches),
            Map.entry("ssn", SSN::matches),
            Map.entry("uri", URI::matches),
            Map.entry("uuid", UUID::matches),
            Map.entry("uuid3", UUID3::matches),
            Map.entry("uuid4", UUID4::matches),
            Map.entry("uuid5", UUID5::matches));

    /** Known, but of no consequence here. */
    private static final Set<String> UNCHECKED = Set.of(
            "int32",
            "int64",
            "float",
            "double",
            "bsonobjectid",
            "creditcard",
            "isbn",
            "isbn10",
            "isbn13",
            "k8s-short-name",
            "k8s-long-name");

    private Formats() {}

    public static boolean isKnown(String format) {
        return KNOWN.containsKey(format) || UNCHECKED.contains(format);
    }

    public static boolean fits(String format, String text) {
        Predicate<String> check = KNOWN.get(format);
        return check == null || check.test(text);
    }

    private static Pattern ignoringCase(String whole) {
        return Pattern.compile("^(?:" + whole + ")$", Pattern.CASE_INSENSITIVE);
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return text.length() % 4 == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        try {
            OffsetDateTime.parse(text.toUpperCase(java.util.Locale.ROOT));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return false;
        }
        String address = text.substring(0, slash);
        String bits = text.substring(slash + 1);
        boolean four = IPV4.matches(address);
        return (four || isIpv6(address))
                && !bits.isEmpty()
                && bits.length() <= 3
                && bits.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(bits) <= (four ? 32 : 128);
    }

    public static boolean isIpv4(String text) {
        return IPV4.matches(text);
    }

    /** Groups of hexadecimal digits, one run of zeros left out, and perhaps an IPv4 address at the end. */
    public static boolean isIpv6(String text) {
        String left = text;
        int last = text.lastIndexOf(':');
        if (last < 0) {
            return false;
        }
        if (text.indexOf('.') >= 0) {
            if (!IPV4.matches(text.substring(last + 1))) {
                return false;
            }
            left = text.substring(0, last + 1) + "0:0";
        }
        int gap = left.indexOf("::");
        if (gap < 0) {
            return groups(left) == 8;
        }
        int before = gap == 0 ? 0 : groups(left.substring(0, gap));
        int after = gap + 2 == left.length() ? 0 : groups(left.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    private static int groups(String text) {
        String[] groups = text.split(":", -1);
        for (String group : groups) {
            if (group.isEmpty() || group.length() > 4 || !group.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
                return -1;
            }
        }
        return groups.length;
    }
}
