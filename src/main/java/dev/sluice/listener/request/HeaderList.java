package dev.sluice.listener.request;

import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/** A header that is a list: its members may come in one line or in several, which mean the same. */
public final class HeaderList {

    static final CharSequence EXPECT = HttpHeaders.createOptimized("Expect");

    private HeaderList() {}

    /** Its members in their order, without the blanks around them; none where the header is absent. */
    public static List<String> of(ClientRequest request, CharSequence name) {
        if (request.getHeader(name) == null) {
            return List.of();
        }
        List<String> members = new ArrayList<>();
        for (String line : request.headers().getAll(name)) {
            for (String member : line.split(",", -1)) {
                if (!member.isBlank()) {
                    members.add(member.trim());
                }
            }
        }
        return members;
    }

    /** Whether that is among its members, in any case. */
    static boolean has(ClientRequest request, CharSequence name, String member) {
        return request.getHeader(name) != null && of(request, name).stream().anyMatch(member::equalsIgnoreCase);
    }
}
