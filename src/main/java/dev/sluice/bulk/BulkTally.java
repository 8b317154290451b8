package dev.sluice.bulk;

/** From the statuses of the lines to that of the whole response. */
public final class BulkTally {

    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;
    private static final int MULTI_STATUS = 207;
    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;

    private int committed;
    private int queued;
    private int unavailable;
    private int others;

    /** One more line. */
    public void count(int status) {
        switch (status) {
            case CREATED -> committed++;
            case ACCEPTED -> queued++;
            case UNAVAILABLE -> unavailable++;
            default -> others++;
        }
    }

    /** Lines counted. */
    public int lines() {
        return committed + queued + unavailable + others;
    }

    /** Lines of 503. */
    public int unavailable() {
        return unavailable;
    }

    /** Whether a line may be sent again later. */
    public boolean invitesRetry() {
        return unavailable > 0;
    }

    /** 201 all committed, 202 all acknowledged, 207 some; none: 503 if any line is, else 400. */
    public int status() {
        if (committed + queued == 0) {
            return unavailable > 0 ? UNAVAILABLE : BAD_REQUEST;
        }
        if (unavailable + others > 0) {
            return MULTI_STATUS;
        }
        return queued > 0 ? ACCEPTED : CREATED;
    }
}
