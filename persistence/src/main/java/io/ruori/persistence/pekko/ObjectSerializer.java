package io.ruori.persistence.pekko;

import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.persistence.format.ObjectEventFormat;
import java.io.NotSerializableException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Events and states between members, in the journal's own format. */
public final class ObjectSerializer extends SerializerWithStringManifest {
    /** Part of the format, like the manifests: never changes. */
    public static final int IDENTIFIER = 740_128;

    private static final String EVENT = "object-event";
    private static final String STATE = "object-state";

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return switch (message) {
            case ObjectEvent event -> EVENT;
            case ObjectState state -> STATE;
            default -> throw new IllegalArgumentException("not an event or a state: " + message.getClass());
        };
    }

    @Override
    public byte[] toBinary(Object message) {
        return switch (message) {
            case ObjectEvent event -> ObjectEventFormat.write(event);
            case ObjectState state -> ObjectEventFormat.writeState(state);
            default -> throw new IllegalArgumentException("not an event or a state: " + message.getClass());
        };
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        return switch (manifest) {
            case EVENT -> ObjectEventFormat.read(bytes);
            case STATE -> ObjectEventFormat.readState(bytes);
            default -> throw new NotSerializableException("unknown manifest: " + manifest);
        };
    }
}
