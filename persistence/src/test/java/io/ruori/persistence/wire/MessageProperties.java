package io.ruori.persistence.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.entity.Outcome;
import io.ruori.entity.ResourceEntity;
import io.ruori.members.MemberMessage;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Whatever a member says, another hears exactly that, or that it cannot be heard. */
class MessageProperties {
    private static final MessageTypes TYPES = new MessageTypes(WireSamples.REFS);
    private static final List<Class<?>> MESSAGES =
            List.of(ResourceEntity.Execute.class, Outcome.class, MemberMessage.class);

    private static Object message(long seed) {
        return new Generated(seed).any(MESSAGES.get((int) Math.floorMod(seed, (long) MESSAGES.size())));
    }

    @Property(tries = 600)
    void messagesComeBackAsTheyWere(@ForAll long seed) throws NotSerializableException {
        Object message = message(seed);
        byte[] bytes = TYPES.write(message);
        Object read = TYPES.read(bytes, TYPES.of(message).manifest());
        assertThat(Described.text(read)).isEqualTo(Described.text(message));
        assertThat(TYPES.write(read)).isEqualTo(bytes);
    }

    /** A newer member's records are longer, and so are its messages. */
    @Property(tries = 300)
    void whatANewerMemberAddsIsPassedOver(@ForAll long seed, @ForAll @Size(min = 1, max = 40) byte[] added)
            throws NotSerializableException {
        Object message = message(seed);
        byte[] bytes = TYPES.write(message, new WireWriter(64, added));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + added.length);
        Object read = TYPES.read(longer, TYPES.of(message).manifest());
        assertThat(Described.text(read)).isEqualTo(Described.text(message));
    }

    @Property(tries = 2000)
    void brokenBytesAreAMessageOrRefused(@ForAll long seed) {
        Object message = message(seed);
        byte[] bytes = TYPES.write(message);
        Random random = new Random(seed);
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) (random.nextInt(3) == 0 ? 0xff : random.nextInt());
        }
        readOrRefuse(bytes, TYPES.of(message).manifest());
    }

    @Property(tries = 1000)
    void anyBytesAreAMessageOrRefused(@ForAll @Size(max = 300) byte[] bytes) {
        for (Object message : WireSamples.all().values()) {
            readOrRefuse(bytes, TYPES.of(message).manifest());
        }
    }

    private static void readOrRefuse(byte[] bytes, String manifest) {
        try {
            assertThat(TYPES.read(bytes, manifest)).isNotNull();
        } catch (NotSerializableException refused) {
            assertThat(refused).hasMessageStartingWith(manifest);
        }
    }
}
