package io.ruori.members;

/** This member counts no longer: others have fenced it. It must neither write nor answer, and ends. */
public final class SessionEnded extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SessionEnded(Session session) {
        super("the session " + session + " was fenced");
    }
}
