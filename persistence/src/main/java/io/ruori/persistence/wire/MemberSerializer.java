package io.ruori.persistence.wire;

import java.io.NotSerializableException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Messages between members. Their manifests are names and versions ({@code execute.1}); see {@link MessageType}. */
public final class MemberSerializer extends SerializerWithStringManifest {
    /** Part of the format, like the manifests: never changes. */
    public static final int IDENTIFIER = 740_129;

    private final MessageTypes types;

    public MemberSerializer(ExtendedActorSystem system) {
        types = new MessageTypes(new RefsOf(system));
    }

    /** Looked up for each, since serializers are made before the typed system is. */
    private record RefsOf(ExtendedActorSystem system) implements EntityFormat.Refs {
        @Override
        public String write(ActorRef<?> ref) {
            return resolver().toSerializationFormat(ref);
        }

        @Override
        public <T> ActorRef<T> read(String text) {
            return resolver().resolveActorRef(text);
        }

        private ActorRefResolver resolver() {
            return ActorRefResolver.get(Adapter.toTyped(system));
        }
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return types.of(message).manifest();
    }

    @Override
    public byte[] toBinary(Object message) {
        return types.write(message);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        return types.read(bytes, manifest);
    }
}
