package io.ruori.members;

/**
 * One life of a member, from its start to its end. A slot is given to another session only after the one before has left or
 * was fenced.
 *
 * @param slot the lowest bits of its revisions, 0 to 1023
 * @param id never used again
 * @param address where its actor system is reached
 */
public record Session(int slot, String id, String address) {
    @Override
    public String toString() {
        return slot + "/" + id + " at " + address;
    }
}
