package dev.sluice.listener;

/** Why a connection was refused, or ended in the middle, though its client did nothing that HTTP forbids. */
public enum Cut {
    IDLE_GAVE_WAY("all connections are in use: the one that was idle longest gave way to a new one"),
    NO_CONNECTION_FREE("all connections are in use and owe answers: new ones are closed"),
    TOO_MANY_FROM_ADDRESS("one address has as many connections as it may have: its new ones are closed"),
    RESET_IN_ANSWER("a client reset its connection, or its stream, before it had its answer"),
    ANSWER_UNREAD("a client took nothing of its answer for the length of the HTTP deadline: its connection was cut, of"
            + " HTTP/2 its stream"),
    TOO_MUCH_UNREAD("answers that are not read take too much memory: the slowest reader was cut"),
    STREAM_REFUSED("a client has as many HTTP/2 streams as one connection may have: its new ones are refused"),
    HTTP2_BROKEN("a client broke HTTP/2, or passed one of its limits: its connection was ended");

    private final String said;

    Cut(String said) {
        this.said = said;
    }

    /** For people. */
    String said() {
        return said;
    }
}
