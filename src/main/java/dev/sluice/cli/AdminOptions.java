package dev.sluice.cli;

import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every verb that talks to a running node. Mixed in; {@link #client()} talks. */
final class AdminOptions {

    private static final String TOKEN_VARIABLE = "SLUICE_ADMIN_TOKEN";

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec verb;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9090",
            converter = Urls.class,
            description = "the node's admin listener; default ${DEFAULT-VALUE}")
    URI admin = URI.create("http://127.0.0.1:9090");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "its admin.token; better given as " + TOKEN_VARIABLE + ", which other users cannot see")
    @Nullable
    String token;

    /** Reads {@code http://host:port}. */
    static final class Urls implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            URI url = LoadOptions.converted(() -> URI.create(text));
            return LoadOptions.converted(() -> checked(url));
        }

        private static URI checked(URI url) {
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean bare = url.getPath() == null
                    || url.getPath().isEmpty()
                    || url.getPath().equals("/");
            if (!http || url.getHost() == null || !bare || url.getQuery() != null) {
                throw new IllegalArgumentException("'" + url + "' is not a URL such as http://127.0.0.1:9090");
            }
            return url;
        }
    }

    AdminClient client() {
        String given = token == null
                ? Sluice.of(Objects.requireNonNull(verb, "mixed in by picocli"))
                        .environment()
                        .get(TOKEN_VARIABLE)
                : token;
        return new AdminClient(admin, given == null || given.isBlank() ? null : given);
    }
}
