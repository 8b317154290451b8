package dev.sluice.budget;

/** What memory of the budget is taken for. Each part has a bound inside the budget; the bounds are not added up. */
public enum Part {

    /** Orders that came one by one, from the whole body to the answer: they may take all there is. */
    LONE(1, 1),

    /** Bodies of such orders that have begun and are not whole. */
    INCOMING(1, 4),

    /** Bulk requests, from the first byte to the last line that the client has taken. */
    BULK(1, 2),

    /** Commits that extensions have yet to take. */
    EXTENSIONS(1, 8);

    private final int share;
    private final int shares;

    Part(int share, int shares) {
        this.share = share;
        this.shares = shares;
    }

    /** The bound of this part in a budget of that size. */
    public long bytesMax(long budgetBytes) {
        return budgetBytes / shares * share;
    }

    /** The smallest budget in which that many bytes fit into this part. */
    public long budgetFor(long bytes) {
        return (bytes + share - 1) / share * shares;
    }
}
