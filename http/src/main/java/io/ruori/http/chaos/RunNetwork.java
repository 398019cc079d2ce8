package io.ruori.http.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The network of one run: a namespace for each master, one for the database, and one in the middle with the bridge between
 * them, where clients and nodes are. Nothing of it touches the machine's own network. Cuts are packet filters in a master's
 * namespace, so what is sent is lost without a word, as when a cable is pulled.
 */
public final class RunNetwork {
    private static final String PREFIX = "ruori-chaos-";
    private static final String TABLE = "ruori_chaos";
    private static final String SUBNET = "10.213.7.";
    static final String HUB_ADDRESS = SUBNET + "1";
    static final String DATABASE_ADDRESS = SUBNET + "5";

    private final String id;
    private final int masters;

    private RunNetwork(String id, int masters) {
        this.id = id;
        this.masters = masters;
    }

    /** Of a run that the process {@code pid} is responsible for. */
    public static RunNetwork of(long pid, int masters) {
        return new RunNetwork(PREFIX + pid, masters);
    }

    /** Removes what runs have left whose processes were killed before they could. */
    public static void removeLeftovers() throws IOException, InterruptedException {
        Set<String> gone = new TreeSet<>();
        for (String namespace : existing(PREFIX)) {
            String run = namespace.substring(0, namespace.lastIndexOf('-'));
            if (ProcessHandle.of(Long.parseLong(run.substring(PREFIX.length()))).isEmpty()) {
                gone.add(run);
            }
        }
        for (String run : gone) {
            new RunNetwork(run, 0).remove();
        }
    }

    public String hub() {
        return id + "-hub";
    }

    String database() {
        return id + "-db";
    }

    String master(int number) {
        return id + "-m" + number;
    }

    static String masterAddress(int number) {
        return SUBNET + (10 + number);
    }

    public void make() throws IOException, InterruptedException {
        add(hub());
        ip(hub(), "link add br0 type bridge");
        ip(hub(), "addr add " + HUB_ADDRESS + "/24 dev br0");
        ip(hub(), "link set br0 up");
        join(database(), "db", DATABASE_ADDRESS);
        for (int number = 1; number <= masters; number++) {
            join(master(number), "m" + number, masterAddress(number));
        }
    }

    private void join(String namespace, String port, String address) throws IOException, InterruptedException {
        add(namespace);
        ip(hub(), "link add " + port + " type veth peer name eth0 netns " + namespace);
        ip(hub(), "link set " + port + " master br0 up");
        ip(namespace, "addr add " + address + "/24 dev eth0");
        ip(namespace, "link set eth0 up");
    }

    private static void add(String namespace) throws IOException, InterruptedException {
        Commands.run("ip", "netns", "add", namespace);
        ip(namespace, "link set lo up");
    }

    private static void ip(String namespace, String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(arguments.split(" ")));
        Commands.run(command, "");
    }

    /** What a command is put behind to run in a namespace. */
    static List<String> in(String namespace) {
        return List.of("ip", "netns", "exec", namespace);
    }

    /** From now on a master hears nothing from some addresses, and what it sends to others is lost. */
    void cut(int master, List<String> from, List<String> to) throws IOException, InterruptedException {
        StringBuilder rules = new StringBuilder("table ip " + TABLE + " {\n");
        chain(rules, "input", "saddr", from);
        chain(rules, "output", "daddr", to);
        nft(master, rules.append("}\n").toString());
    }

    private static void chain(StringBuilder rules, String hook, String field, List<String> addresses) {
        rules.append("  chain ")
                .append(hook)
                .append("s {\n    type filter hook ")
                .append(hook)
                .append(" priority 0;\n");
        for (String address : addresses) {
            rules.append("    ip ").append(field).append(' ').append(address).append(" drop\n");
        }
        rules.append("  }\n");
    }

    void heal(int master) throws IOException, InterruptedException {
        nft(master, "delete table ip " + TABLE + "\n");
    }

    private void nft(int master, String rules) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(in(master(master)));
        command.addAll(List.of("nft", "-f", "-"));
        Commands.run(command, rules);
    }

    /** Kills what runs in it, and removes it. */
    public void remove() throws IOException, InterruptedException {
        List<String> mine = existing(id + "-");
        for (String namespace : mine) {
            for (String pid : Commands.run("ip", "netns", "pids", namespace).split("\\s+")) {
                if (!pid.isEmpty()) {
                    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
        for (String namespace : mine) {
            Commands.run("ip", "netns", "del", namespace);
        }
    }

    private static List<String> existing(String prefix) throws IOException, InterruptedException {
        return Commands.run("ip", "netns", "list")
                .lines()
                .map(line -> line.split(" ")[0])
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
