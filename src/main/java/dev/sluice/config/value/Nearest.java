package dev.sluice.config.value;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The name that was probably meant: fewest single-character edits, neighbours swapped counting as one. */
public final class Nearest {

    private Nearest() {}

    /** The nearest of the names, unless even that one differs in more than a third of its characters. */
    public static Optional<String> to(String wrong, Collection<String> names) {
        Optional<String> suffix =
                names.stream().filter(name -> sameLastWord(wrong, name)).findFirst();
        return suffix.isPresent() ? suffix : byEdits(wrong, names);
    }

    /** {@code batchMax} without its section is {@code writer.batchMax}. */
    private static boolean sameLastWord(String wrong, String name) {
        return wrong.indexOf('.') < 0 && name.endsWith("." + wrong);
    }

    private static Optional<String> byEdits(String wrong, Collection<String> names) {
        String lower = wrong.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(name -> edits(lower, name) <= Math.max(2, name.length() / 3))
                .min(Comparator.comparingInt(name -> edits(lower, name)));
    }

    private static int edits(String lower, String name) {
        return distance(lower, name.toLowerCase(Locale.ROOT));
    }

    /** Optimal string alignment distance. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : cheapest(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int cheapest(int[][] d, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
