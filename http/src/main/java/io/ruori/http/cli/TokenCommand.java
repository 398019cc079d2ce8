package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.join.TokenSeal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tokens that let new masters in. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and deletes the tokens with which new masters join.",
        subcommands = {TokenCommand.Create.class, TokenCommand.Show.class, TokenCommand.Delete.class})
final class TokenCommand implements Runnable {
    private static final String SECRETS = "/api/v1/namespaces/" + TokenSeal.NAMESPACE + "/secrets";
    private static final String PREFIX = "master-token-";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** Makes one, and prints the command that uses it. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {
                "Prints the command with which a new master joins, run on its own machine.",
                "Whoever has the token gets the cluster's authority and its keys until it ends: treat it as a password."
            })
    static final class Create implements Callable<Integer> {
        private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,6})([smh])");

        @Mixin
        private DataOption data = new DataOption();

        @Option(names = "--master", required = true, description = "For masters; there are no tokens for others yet.")
        private boolean master;

        @Option(
                names = "--ttl",
                paramLabel = "TIME",
                description = "How long it is good, as 30m or 2h; 24h at most. Default: ${DEFAULT-VALUE}",
                defaultValue = "1h")
        private String life = "1h";

        @Override
        public Integer call() throws IOException {
            if (!master) {
                throw new Problem(ExitCode.USAGE, "--master: there are no tokens for others");
            }
            ObjectNode made = data.directory()
                    .client()
                    .create(
                            "/ruori/join/v1/tokens",
                            Json.object().put("ttlSeconds", seconds(life).toSeconds()));
            String address = Json.text(made, "address");
            System.out.println("./ruori master --join " + address + " --token " + Json.text(made, "token")
                    + " --ca-hash " + Json.text(made, "authority"));
            System.err.println("good until " + Json.text(made, "expiration")
                    + "; it opens the cluster's keys, so show it to nobody else");
            if (MasterJoin.isLoopback(MasterJoin.host(address))) {
                System.err.println("this master is at " + address
                        + ", which only masters of this machine can reach; for others start it with --address IP");
            }
            return ExitCode.OK;
        }

        private static Duration seconds(String text) {
            Matcher time = TIME.matcher(text);
            if (!time.matches()) {
                throw new Problem(ExitCode.USAGE, "--ttl " + text + " is no time; write it as 30m or 2h");
            }
            long amount = Long.parseLong(time.group(1));
            return switch (time.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
    }

    /** Never shows the tokens themselves: nobody can, after they were made. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists tokens by their ids.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private DataOption data = new DataOption();

        @Override
        public Integer call() throws IOException {
            System.out.printf(Locale.ROOT, "%-8s %-24s %s%n", "ID", "UNTIL", "FOR");
            Instant now = Instant.now();
            for (JsonNode secret : data.directory().client().list(SECRETS)) {
                String name = Json.text(secret, "metadata", "name");
                if (Json.text(secret, "type").equals(TokenSeal.TYPE) && name.startsWith(PREFIX)) {
                    Instant end = TokenSeal.end(secret);
                    System.out.printf(
                            Locale.ROOT,
                            "%-8s %-24s %s%n",
                            name.substring(PREFIX.length()),
                            end + (now.isBefore(end) ? "" : " (ended)"),
                            "masters");
                }
            }
            return ExitCode.OK;
        }
    }

    /** By its id, or by the whole token. */
    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Makes a token useless at once.")
    static final class Delete implements Callable<Integer> {
        @Mixin
        private DataOption data = new DataOption();

        @Parameters(paramLabel = "ID", description = "The first six characters of the token, or all of it.")
        private String id = "";

        @Override
        public Integer call() throws IOException {
            String known = id.split("\\.", 2)[0];
            if (!known.matches("[a-z0-9]{6}")) {
                throw new Problem(ExitCode.USAGE, "a token's id has six characters; see ./ruori token list");
            }
            data.directory().client().delete(SECRETS + "/" + PREFIX + known);
            System.out.println("token " + known + " deleted");
            return ExitCode.OK;
        }
    }
}
