package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import io.ruori.kind.IpAddress;
import io.ruori.kind.IpRange;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A range of IPv4 addresses for Services. Neither the network's own address nor the one for broadcasts is given out.
 *
 * @param text as its ServiceCIDR has it
 */
public record ServiceRange(String text, Band addresses) {

    static ServiceRange of(IpRange range) {
        long network = number(range.first());
        long size = 1L << (32 - range.prefix());
        return new ServiceRange(range.toString(), Band.of(network + 1, network + size - 2, size, 16, 256));
    }

    /** Those of all ServiceCIDRs that are ready and stay, in order of their names. */
    public static List<ServiceRange> ready(View view) {
        List<ServiceRange> ranges = new ArrayList<>();
        for (StoredObject cidr : view.list(ServiceCidrKind.NAME)) {
            JsonNode tree = cidr.tree();
            if (!cidr.isTerminating() && isReady(tree)) {
                for (JsonNode range : Json.at(tree, "spec", "cidrs")) {
                    IpRange.parse(range.asText())
                            .filter(parsed -> parsed.first().isV4())
                            .ifPresent(parsed -> ranges.add(of(parsed)));
                }
            }
        }
        return ranges;
    }

    /** Who says nothing is ready: upstream's own rule, for the time before anybody has looked at a new range. */
    private static boolean isReady(JsonNode cidr) {
        for (JsonNode condition : Json.at(cidr, "status", "conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status").equals("True");
            }
        }
        return true;
    }

    public boolean contains(IpAddress address) {
        return address.isV4() && addresses.contains(number(address));
    }

    /** All addresses, in the order in which to try them. */
    public Stream<IpAddress> from(long seed) {
        return addresses.from(seed).mapToObj(ServiceRange::address);
    }

    private static long number(IpAddress address) {
        long number = 0;
        for (byte part : address.bytes()) {
            number = number << 8 | (part & 0xff);
        }
        return number;
    }

    private static IpAddress address(long number) {
        return new IpAddress(
                new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number},
                false,
                false);
    }
}
