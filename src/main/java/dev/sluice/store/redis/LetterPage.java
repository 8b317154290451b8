package dev.sluice.store.redis;

import dev.sluice.store.DeadLetters;
import dev.sluice.store.DeadLetters.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A page of dead letters that is being read, a few at a time, until it has enough letters or bytes. */
final class LetterPage {

    /** Letters read at once: beyond the page's bytes so many are held for a moment. */
    private static final int READ_MAX = 16;

    private final List<String> ids;
    private final int max;
    private final int bytesMax;
    private final List<DeadLetter> letters = new ArrayList<>();
    private int done;
    private long bytes;

    /** @param ids in order; one more than {@code max} shows that there is another page */
    LetterPage(List<String> ids, int max, int bytesMax) {
        this.ids = ids;
        this.max = max;
        this.bytesMax = bytesMax;
    }

    /** The ids to read next; none where the page is whole. */
    List<String> nextIds() {
        int end = Math.min(Math.min(ids.size(), max), done + READ_MAX);
        return bytes >= bytesMax ? List.of() : ids.subList(done, end);
    }

    /** What was read for {@link #nextIds()}, in their order; letters that are gone meanwhile are not in it. */
    void add(List<DeadLetter> read) {
        int end = done + nextIds().size();
        for (DeadLetter letter : read) {
            letters.add(letter);
            bytes += letter.order().weightBytes();
            if (bytes >= bytesMax) {
                done = ids.indexOf(letter.id().toString()) + 1;
                return;
            }
        }
        done = end;
    }

    DeadLetters.Page page() {
        return new DeadLetters.Page(letters, done < ids.size() ? UUID.fromString(ids.get(done - 1)) : null);
    }
}
