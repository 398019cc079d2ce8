package io.ruori.http;

import io.ruori.config.MasterSettings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where others find a server that listens on an address. One that listens on all of this machine's is found, as upstream has it,
 * at the one that the way to everywhere else leaves from.
 */
public final class AdvertisedAddress {
    /** Of a network that is for documentation: nobody is there, and nothing is sent. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private AdvertisedAddress() {}

    /** Where others find a master: what it is told to say, or what follows from where it listens. */
    static String of(MasterSettings settings) {
        return settings.advertiseAddress().isEmpty() ? of(settings.address()) : settings.advertiseAddress();
    }

    /**
     * @param listens an address or a name
     * @return an address as text; {@code listens} itself where none can be told
     */
    public static String of(String listens) {
        try {
            InetAddress address = InetAddress.getByName(listens);
            return (address.isAnyLocalAddress() ? outward() : address).getHostAddress();
        } catch (IOException unknown) {
            return listens;
        }
    }

    private static InetAddress outward() throws IOException {
        return towards(ELSEWHERE);
    }

    /** This machine's address on the way to another. Nothing is sent. */
    public static InetAddress towards(InetSocketAddress other) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(other);
            return socket.getLocalAddress();
        }
    }
}
